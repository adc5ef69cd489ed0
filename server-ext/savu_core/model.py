"""A process list in memory, and its JSON form for the API.

In JSON every parameter value travels as JSON *text*: a browser's numbers cannot tell ``84.0``
from ``84``, and Savu's parameters can.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

#: The version of Savu whose file layout is written, noted in every new list.
FILE_VERSION = "4.2"

POSITION = re.compile(r"(\d{1,6})([a-z]{0,3})")
_INT32 = 2**31


class ProcessListError(ValueError):
    """A process list is not valid. `place` is a JSON pointer into the list's API form."""

    def __init__(self, message: str, place: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.place = place


@dataclass
class Plugin:
    """One step of a list.

    `position` is the number shown to the user, possibly with a letter ("2a"); `id` is the
    module path; `parameters` keeps the order of the file; `extra` is an opaque tree of all
    else that the file says about the plugin (see :mod:`savu_core.extras`), empty when new.
    """

    position: str
    name: str
    id: str
    active: bool = True
    parameters: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass
class IterateGroup:
    """Plugins `start` to `end` (counted from 1, both included) run `iterations` times."""

    start: int
    end: int
    iterations: int


@dataclass
class ProcessList:
    """Plugins in the order in which they run, loops over them, and all else in the file."""

    plugins: list[Plugin] = field(default_factory=list)
    groups: list[IterateGroup] = field(default_factory=list)
    version: str | None = FILE_VERSION
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def active(self) -> list[Plugin]:
        """The plugins that take part in a run."""
        return [plugin for plugin in self.plugins if plugin.active]

    def to_json(self) -> dict[str, Any]:
        return {
            "version": self.version,
            "plugins": [
                {
                    "position": plugin.position,
                    "name": plugin.name,
                    "id": plugin.id,
                    "active": plugin.active,
                    "parameters": {key: json.dumps(v) for key, v in plugin.parameters.items()},
                    "extra": plugin.extra,
                }
                for plugin in self.plugins
            ],
            "groups": [
                {"start": g.start, "end": g.end, "iterations": g.iterations} for g in self.groups
            ],
            "extra": self.extra,
        }

    @classmethod
    def from_json(cls, obj: Any) -> ProcessList:
        """The list that `obj`, the API form, describes.

        Raises:
            ProcessListError: with the place of the first fault.
        """
        _expect(obj, dict, "a process list", "")
        plugins = _member(obj, "plugins", list, "a list of plugins", "")
        groups = _member(obj, "groups", list, "a list of loops", "", default=[])
        version = obj.get("version")
        if version is not None:
            _text(version, "a version", "/version")
        plist = cls(
            plugins=[_plugin_from_json(item, f"/plugins/{i}") for i, item in enumerate(plugins)],
            groups=[_group_from_json(item, f"/groups/{i}") for i, item in enumerate(groups)],
            version=version,
            extra=_member(obj, "extra", dict, "an object", "", default={}),
        )
        check_positions(plist.plugins)
        renumber_from_one(plist.plugins)
        return plist


def position_key(position: str) -> tuple[int, int, str]:
    """Sort key of a position: 1, 2, 2a, 2b, 10."""
    match = POSITION.fullmatch(position)
    if match is None:
        raise ProcessListError(
            f"{position!r} is not a plugin position: a number, perhaps with a letter, is expected"
        )
    number, letters = match.groups()
    return int(number), len(letters), letters


def check_positions(plugins: list[Plugin]) -> None:
    """Raise ProcessListError unless positions are well formed and rise through the list."""
    before: tuple[int, int, str] | None = None
    for i, plugin in enumerate(plugins):
        place = f"/plugins/{i}/position"
        try:
            key = position_key(plugin.position)
        except ProcessListError as fault:
            raise ProcessListError(fault.message, place) from None
        if before is not None and key <= before:
            raise ProcessListError(
                f"position {plugin.position} cannot come after {plugins[i - 1].position}", place
            )
        before = key


def renumber_from_one(plugins: list[Plugin]) -> None:
    """Shift the positions of a list that old versions numbered from 0; others stay."""
    if not plugins or position_key(plugins[0].position)[0] != 0:
        return
    for plugin in plugins:
        number, _, letters = position_key(plugin.position)
        plugin.position = f"{number + 1}{letters}"


def _expect(value: Any, kind: type, what: str, place: str) -> None:
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise ProcessListError(f"{what} is expected here", place)


def _text(value: Any, what: str, place: str) -> str:
    _expect(value, str, what, place)
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ProcessListError(f"{what} must be Unicode text", place) from None
    if "\0" in value:
        raise ProcessListError(f"{what} cannot hold a NUL character", place)
    return str(value)


_REQUIRED: Any = object()


def _member(
    obj: Any, name: str, kind: type, what: str, place: str, default: Any = _REQUIRED
) -> Any:
    value = obj.get(name, default)
    if value is _REQUIRED:
        raise ProcessListError(f"{name} is missing", place)
    _expect(value, kind, what, f"{place}/{name}")
    return value


def _plugin_from_json(obj: Any, place: str) -> Plugin:
    _expect(obj, dict, "a plugin", place)
    texts = _member(obj, "parameters", dict, "an object of parameters", place)
    name = _text(_member(obj, "name", str, "a name", place), "a name", f"{place}/name")
    if not name:
        raise ProcessListError("a plugin needs a name", f"{place}/name")
    return Plugin(
        position=_member(obj, "position", str, "a position", place),
        name=name,
        id=_text(_member(obj, "id", str, "a module path", place), "a module path", f"{place}/id"),
        active=_member(obj, "active", bool, "true or false", place),
        parameters={
            key: value_from_text(text, f"{place}/parameters/{_pointer(key)}")
            for key, text in texts.items()
        },
        extra=_member(obj, "extra", dict, "an object", place, default={}),
    )


def _group_from_json(obj: Any, place: str) -> IterateGroup:
    _expect(obj, dict, "a loop", place)
    numbers = {}
    for name in ("start", "end", "iterations"):
        numbers[name] = _member(obj, name, int, "a whole number", place)
        if not -_INT32 <= numbers[name] < _INT32:
            raise ProcessListError("this number is too large", f"{place}/{name}")
    return IterateGroup(**numbers)


def value_from_text(text: Any, place: str | None = None) -> Any:
    """A parameter's value from its JSON text; NaN and Infinity are allowed, as Savu writes them.

    Raises:
        ProcessListError: at `place`, when it is not JSON text.
    """
    if not isinstance(text, str):
        raise ProcessListError('a value is given as JSON text, such as "84.0"', place)
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise ProcessListError(f"{text[:80]!r} is not a value in JSON", place) from None


def _pointer(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
