"""Lists with values to be filled in, and their ``.savu`` files; runs in worker processes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jupyterlab_savu.data.lists import faults
from jupyterlab_savu.data.roots import Roots
from jupyterlab_savu.faults import Fault
from savu_core import atomic, judging, templates
from savu_core.catalogue import catalogue
from savu_core.files import FileKind, classify
from savu_core.model import ProcessList, ProcessListError
from savu_core.positions import OperationError

#: As much as is read of a ``.savu`` file.
MAX_BYTES = 2**20


def resolve(
    plist: dict[str, Any],
    text: str | None,
    values: list[dict[str, Any]],
    list_path: str | None,
) -> dict[str, Any]:
    """What is to be filled in, with what, and the list that comes of it.

    Args:
        plist: the list in its API form.
        text: a ``.savu`` file, whose values take the place of the marks' own.
        values: plugin (an index), parameter and value (JSON text); these come before all others.
        list_path: what the ``.savu`` file says of where the list is.
    """
    decoded = _decode(plist)
    given = {(v["plugin"], v["parameter"]): _decoded(v["value"]) for v in values}
    path, stored = _from_yaml(text) if text is not None else (None, {})
    marks, chosen = [], templates.defaults(decoded)
    for mark in templates.unique_marks(decoded):
        plugin = decoded.plugins[mark.plugin]
        place = templates.EVERYWHERE if mark.everywhere else plugin.position
        value = stored.get(place, {}).get(plugin.name, {}).get(mark.parameter, mark.default)
        value = given.get((mark.plugin, mark.parameter), value)
        chosen[place][plugin.name][mark.parameter] = value
        marks.append(
            {
                "plugin": mark.plugin,
                "name": plugin.name,
                "position": plugin.position,
                "parameter": mark.parameter,
                "everywhere": mark.everywhere,
                "default": json.dumps(mark.default),
                "value": json.dumps(value),
                "expected": _expected(plugin.name, mark.parameter, value),
            }
        )
    filled = None
    if all(mark["expected"] is None for mark in marks):
        filled = templates.fill(decoded, chosen).to_json()
    return {
        "marks": marks,
        "unused": _unused(decoded, stored),
        "list": filled,
        "text": templates.to_yaml(chosen, list_path or path or ""),
    }


def create(path: str, list_path: str, plist: dict[str, Any], values: list[dict[str, Any]]) -> None:
    """Write a new ``.savu`` file."""
    text = resolve(plist, None, values, list_path)["text"]
    target = Path(path)

    def refuse() -> None:
        if target.exists():
            raise FileExistsError(target)

    with faults(path, "written"):
        atomic.write(target, text.encode(), refuse)


def list_of(path: str, roots: dict[str, Any]) -> dict[str, Any]:
    """Where the list of a ``.savu`` file is: as the file says, or beside it by that name."""
    target = Path(path)
    try:
        with target.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise Fault(f"{target.name} cannot be read: {error.strerror}.", place="path") from None
    named, _ = _from_yaml(content.decode("utf-8", "replace"))
    if named is None:
        return {"named": None, "list": None}
    known = Roots.from_json(roots)
    for candidate in (target.parent / named, target.parent / Path(named).name):
        try:
            real = candidate.resolve(strict=True)
            if known.holds(real) and classify(real) is FileKind.LIST:
                return {"named": named, "list": known.place_of(real)}
        except (OSError, RuntimeError, ValueError):
            continue
    return {"named": named, "list": None}


def _from_yaml(text: str) -> tuple[str | None, templates.Values]:
    try:
        return templates.from_yaml(text)
    except OperationError as error:
        raise Fault(f"{str(error)[:1].upper()}{str(error)[1:]}.", place="/text") from None


def _unused(plist: ProcessList, stored: templates.Values) -> list[str]:
    """What a ``.savu`` file has values for that the list has no marks for."""
    marked = templates.defaults(plist)
    return [
        f"{place}.{plugin}.{name}"
        for place, plugins in stored.items()
        for plugin, parameters in plugins.items()
        for name in parameters
        if name not in marked.get(place, {}).get(plugin, {})
    ]


def _expected(plugin: str, name: str, value: Any) -> str | None:
    facts = catalogue().get(plugin)
    parameter = facts.parameter(name) if facts else None
    if parameter is None:
        return None
    return judging.expected(parameter, value)


def _decode(plist: dict[str, Any]) -> ProcessList:
    try:
        return ProcessList.from_json(plist)
    except ProcessListError as error:
        raise Fault(f"{error.message}.", place=f"/list{error.place or ''}") from None


def _decoded(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise Fault(f"{text[:80]!r} is not JSON.", place="/values") from None
