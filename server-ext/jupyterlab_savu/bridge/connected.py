"""A connected Savu: what it says of its plugins, of values, and of lists of other versions."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from jupyterlab_savu.bridge.process import SCRIPT, SavuError, SavuProcess
from jupyterlab_savu.faults import Fault
from savu_core.catalogue import Parameter, PluginFacts, facts_from_json, repaired
from savu_core.checks import Problem
from savu_core.values import parse_dtype

log = logging.getLogger(__name__)

State = Literal["starting", "ready", "failed"]
_FILE_TYPES = ("filepath", "dir")


@dataclass(frozen=True)
class Known:
    """What a Savu says of itself.

    `told` are the facts as it tells them, `plugins` the same as objects, `missing` the reasons
    why the other plugins cannot be imported; all by name. `folder` is that of its package.
    """

    version: str
    python: str
    folder: str
    plugins: Mapping[str, PluginFacts]
    told: Mapping[str, dict[str, Any]]
    missing: Mapping[str, str]


class ConnectedSavu:
    """A Savu in its own interpreter; all methods but `state` may block.

    Args:
        name: what it is called here.
        title: what users read, by default its version.
        command: the command line of its interpreter.
        folder: the folder of its packages, where they are not installed.
        run: the command line that runs lists; by default that of `folder`.
        seconds: the limit of a call.
        seconds_to_start: the limit of the first call, which imports all plugins.
    """

    def __init__(
        self,
        name: str,
        *,
        command: Sequence[str],
        folder: Path | None,
        title: str = "",
        run: Sequence[str] = (),
        seconds: float = 30,
        seconds_to_start: float = 180,
    ) -> None:
        self.name = name
        self._title = title
        self._command = tuple(command)
        self._folder = folder
        self._run = tuple(run)
        self._seconds_to_start = seconds_to_start
        paths = [] if folder is None else [str(folder)]
        self._process = SavuProcess(name, [*command, str(SCRIPT), *paths], seconds=seconds)
        self._lock = threading.Lock()
        self._known: Known | None = None
        self._problem: str | None = None

    @property
    def ready(self) -> bool:
        return self._known is not None

    def state(self) -> dict[str, Any]:
        """The form of the API; does not wait for a Savu that is starting."""
        known = self._known
        state: State = "ready" if known else "failed" if self._problem else "starting"
        return {
            "name": self.name,
            "title": self._title or (f"Savu {known.version}" if known else self.name),
            "state": state,
            "version": known.version if known else None,
            "problem": self._problem,
            "plugins": len(known.plugins) if known else 0,
            "missing": len(known.missing) if known else 0,
        }

    def known(self) -> Known:
        """What it says of itself, asked once.

        Raises:
            Fault: 503 or 504, when it does not start. It is started again the next time.
        """
        with self._lock:
            if self._known is None:
                try:
                    self._known = self._ask()
                except Fault as fault:
                    self._problem = fault.message
                    raise
                self._problem = None
            return self._known

    def command(self) -> tuple[str, ...]:
        """The command line that takes DATA LIST OUT -f NAME."""
        if self._run:
            return self._run
        script = Path(self.known().folder, "tomo_recon.py")
        if self._folder is None:
            return (*self._command, str(script))
        return ("env", f"PYTHONPATH={self._folder}", *self._command, str(script))

    def facts_for(self, names: Sequence[str]) -> dict[str, dict[str, Any] | None]:
        """The facts of these plugins as plain data; None for those that it cannot import."""
        known = self.known()
        return {
            name: known.told.get(name)
            for name in set(names)
            if name in known.told or name in known.missing
        }

    def judge(self, plist: Mapping[str, Any], found: Sequence[Problem]) -> list[Problem]:
        """What this Savu refuses of a list in its API form, beside the problems `found` before.

        Values that are known to be wrong are not shown to it: it evaluates some of them.
        """
        known = self.known()
        wrong = {(problem.plugin, problem.parameter) for problem in found}
        asked = [
            (index, plugin["name"], _values(known, index, plugin, wrong))
            for index, plugin in enumerate(plist["plugins"])
            if plugin["name"] in known.plugins
        ]
        problems = list(_absent(self._called(), known, plist["plugins"]))
        try:
            verdicts = self._process.call(
                "judge",
                plugins=[{"name": name, "parameters": values} for _, name, values in asked],
            )
        except SavuError as error:
            raise self._failed(error) from None
        for (index, name, _), verdict in zip(asked, verdicts, strict=True):
            for parameter, message in verdict.items():
                stops = plist["plugins"][index]["active"] and not _names_files(
                    known.plugins[name].parameter(parameter)
                )
                problems.append(
                    Problem(
                        "error" if stops else "warning",
                        f"{self._called()} refuses this value of {parameter}: {message}",
                        index,
                        parameter,
                    )
                )
        return problems

    def refresh(
        self, plist: Mapping[str, Any], indices: Sequence[int], *, defaults: bool
    ) -> tuple[dict[str, Any], list[str]]:
        """A list in its API form with plugins brought in line with this Savu, and its notices.

        Raises:
            Fault: 422 at the first plugin of which it can make nothing; 503, 504.
        """
        self.known()
        plugins = list(plist["plugins"])
        notices: list[str] = []
        for index in indices:
            plugin = plugins[index]
            values = {key: json.loads(text) for key, text in plugin["parameters"].items()}
            asked = {key: plugin[key] for key in ("name", "id", "active")}
            try:
                told = self._process.call(
                    "refresh",
                    plugin={**asked, "parameters": values},
                    version=plist["version"],
                    defaults=defaults,
                )
            except SavuError as error:
                raise Fault(
                    f"{self._called()} cannot refresh {plugin['position']} {plugin['name']}: "
                    f"{error}. Nothing was changed.",
                    place=f"/list/plugins/{index}",
                ) from None
            plugins[index] = {**plugin, **_refreshed(told["plugin"])}
            if told["notices"]:
                notices.append(f"{plugin['position']} {plugin['name']}: {told['notices']}")
        return {**plist, "plugins": plugins}, notices

    def open(self, path: str, out: str | None = None) -> dict[str, Any]:
        """A list as Savu's own editor opens it, and saves it in `out`.

        Raises:
            SavuError: with its reason why it does not.
            Fault: 503, 504.
        """
        self.known()
        opened: dict[str, Any] = self._process.call("open", path=path, out=out)
        return opened

    def close(self) -> None:
        self._process.close()

    def _ask(self) -> Known:
        try:
            hello = self._process.call("hello")
            told = self._process.call("catalogue", limit=self._seconds_to_start)
        except SavuError as error:
            raise self._failed(error) from None
        facts = {item["name"]: item for item in told["plugins"]}
        return Known(
            version=hello["version"],
            python=hello["python"],
            folder=hello["folder"],
            plugins=_objects(facts),
            told=MappingProxyType(facts),
            missing=MappingProxyType({item["name"]: item["reason"] for item in told["failed"]}),
        )

    def _called(self) -> str:
        return str(self.state()["title"])

    def _failed(self, error: SavuError) -> Fault:
        where = "" if self._folder is None else f" in {self._folder}"
        return Fault(
            f"Savu {self.name!r} ({' '.join(self._command)}) cannot be used{where}: {error}. "
            "The person who set up this server can mend it; without it, choose another Savu.",
            status=503,
            reason="savu",
        )


class ConnectedSavus:
    """The connected Savus by name."""

    def __init__(self, savus: Mapping[str, ConnectedSavu]) -> None:
        self._savus = dict(savus)

    def __iter__(self) -> Iterator[ConnectedSavu]:
        return iter(self._savus.values())

    def __getitem__(self, name: str) -> ConnectedSavu:
        """The Savu `name`.

        Raises:
            Fault: when there is none.
        """
        try:
            return self._savus[name]
        except KeyError:
            known = f"only {', '.join(self._savus)}" if self._savus else "none is connected"
            raise Fault(f"There is no connected Savu {name!r}, {known}.", place="savu") from None

    def start(self) -> None:
        """Start all of them in the background: the first question shall not wait."""
        for savu in self:
            threading.Thread(
                target=self._start, args=(savu,), name=f"savu-{savu.name}", daemon=True
            ).start()

    def close(self) -> None:
        for savu in self:
            savu.close()

    def _start(self, savu: ConnectedSavu) -> None:
        try:
            savu.known()
        except Fault as fault:
            log.warning("jupyterlab_savu: %s", fault.message)


def _objects(told: Mapping[str, dict[str, Any]]) -> Mapping[str, PluginFacts]:
    return MappingProxyType({name: facts_from_json(item, {}) for name, item in told.items()})


def _values(
    known: Known, index: int, plugin: Mapping[str, Any], wrong: set[tuple[int | None, str | None]]
) -> dict[str, Any]:
    """The values of a plugin that Savu may see: those that were found right."""
    facts = known.plugins[plugin["name"]]
    values = {name: json.loads(text) for name, text in plugin["parameters"].items()}
    return {
        name: value
        for name, value in values.items()
        if (index, name) not in wrong
        and (parameter := facts.parameter(name)) is not None
        and parameter.default != value
        and facts.is_of_use(parameter, values)
        and _is_judged(parameter.dtype)
    }


def _is_judged(dtype: str) -> bool:
    """Whether values of this type were checked; those of unknown types may hold no preview."""
    with suppress(ValueError):
        parse_dtype(dtype)
        return True
    return "preview" not in dtype


def _names_files(parameter: Parameter | None) -> bool:
    """Files are looked for where that Savu is, which need not be where the list runs."""
    return parameter is not None and any(name in parameter.dtype for name in _FILE_TYPES)


def _absent(called: str, known: Known, plugins: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    """Plugins that this Savu cannot import."""
    for index, plugin in enumerate(plugins):
        reason = known.missing.get(plugin["name"])
        if reason is not None:
            yield Problem(
                "error" if plugin["active"] else "warning",
                f"{called} cannot import {plugin['name']}: {reason}",
                index,
            )


def _refreshed(told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": told["name"],
        "id": told["id"],
        "parameters": {
            key: json.dumps(repaired(value)) for key, value in told["parameters"].items()
        },
    }
