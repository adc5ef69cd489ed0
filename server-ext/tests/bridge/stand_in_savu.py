"""A stand-in for the interpreter of a real Savu; it is not one.

It speaks the protocol of `savu_side` from the facts that are shipped, so that the bridge and all
that is built on it are tested where there is no Savu. One plugin is told to be missing.
"""

from __future__ import annotations

import json
import os
import sys
import time
from importlib import resources
from pathlib import Path
from typing import Any

from savu_core import operations
from savu_core.catalogue import plugin_kind, shipped
from savu_core.files import read_process_list, write_process_list
from savu_core.model import Plugin, ProcessList
from savu_core.operations import order_fault
from savu_core.values import check_value

MISSING = {"TomopyRecon": "ModuleNotFoundError: No module named 'tomopy'"}


def hello() -> dict[str, Any]:
    return {"version": "4.2", "python": "3.7.16", "folder": "/nowhere/savu"}


def catalogue() -> dict[str, Any]:
    told = json.loads(resources.files("savu_core").joinpath("catalogue.json").read_text("utf-8"))
    plugins = [item for item in told["plugins"] if item["name"] not in MISSING]
    for item in plugins:
        facts = shipped()[item["name"]]
        item["summary"] = f"What {item['name']} is for."
        item["kind"] = plugin_kind(item["name"])
        item["citations"] = [
            {
                "description": f"The method of {facts.name}.",
                "doi": f"https://doi.org/{doi}",
                "bibtex": f"@article{{{facts.name},\n doi = {{{doi}}}\n}}",
                "endnote": f"%0 Journal Article\n%R {doi}",
            }
            for doi in facts.dois
        ]
    failed = [{"name": name, "reason": reason} for name, reason in MISSING.items()]
    return {"plugins": plugins, "failed": failed}


def judge(plugins: list[dict[str, Any]]) -> list[dict[str, str]]:
    verdicts = []
    for plugin in plugins:
        wrong = {}
        for name, value in plugin["parameters"].items():
            parameter = shipped()[plugin["name"]].parameter(name)
            assert parameter is not None
            expected = check_value(parameter.dtype, value, parameter.options)
            # like Savu, it looks for files
            if "filepath" in parameter.dtype and not Path(str(value)).exists():
                expected = "filepath"
            if expected is not None:
                wrong[name] = f"The parameter {name!r} does not match the type: {expected!r}."
        verdicts.append(wrong)
    return verdicts


def refresh(plugin: dict[str, Any], version: str | None, defaults: bool) -> dict[str, Any]:
    plist = ProcessList([Plugin("1", **plugin)], version=version)
    (fresh,) = operations.refresh(plist, defaults=defaults).plugins
    return {"plugin": _shown(fresh), "notices": ""}


def open_list(path: str, out: str | None) -> dict[str, Any]:
    plist = operations.refresh(read_process_list(path)[0])
    if absent := [plugin.name for plugin in plist.plugins if plugin.name in MISSING]:
        raise ImportError(f"Incompatible process list: {absent[0]} is unavailable")
    if out is not None:
        if fault := order_fault(plist):
            raise ValueError(fault)
        write_process_list(out, plist)
    return {
        "plugins": [_shown(plugin) for plugin in plist.plugins],
        "groups": [[group.start, group.end, group.iterations] for group in plist.groups],
        "notices": "",
    }


def slow(wait: float) -> None:
    time.sleep(wait)


def die() -> None:
    print("no more memory", file=sys.stderr, flush=True)
    os._exit(3)


def number() -> int:
    """Tells one process from the next."""
    return os.getpid()


def _shown(plugin: Plugin) -> dict[str, Any]:
    return {
        "position": plugin.position,
        "name": plugin.name,
        "id": plugin.id,
        "active": plugin.active,
        "parameters": plugin.parameters,
    }


CALLS = {"open": open_list}


def main() -> None:
    for line in sys.stdin:
        request = json.loads(line)
        call = CALLS.get(request["call"], globals().get(request["call"]))
        try:
            answer = {"value": call(**request["arguments"])}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps({"id": request["id"], **answer}), flush=True)


if __name__ == "__main__":
    main()
