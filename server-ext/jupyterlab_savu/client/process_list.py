"""A process list, to be looked at, edited, saved and run."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping, MutableMapping
from typing import TYPE_CHECKING, Any

from jupyterlab_savu.client.connection import Connection, SavuError
from jupyterlab_savu.client.places import AnyPath, Place
from jupyterlab_savu.client.presentation import Difference, html_of
from savu_core import loops, model, operations, parameters
from savu_core.positions import indices_of
from savu_core.summary import loop_text

if TYPE_CHECKING:
    from jupyterlab_savu.client.api import Savu
    from jupyterlab_savu.client.job import Job


class Plugin(MutableMapping[str, Any]):
    """A plugin of a list: a mapping of its parameters, with a few facts beside them."""

    def __init__(self, plugin: model.Plugin) -> None:
        self._plugin = plugin

    @property
    def name(self) -> str:
        return self._plugin.name

    @property
    def position(self) -> str:
        return self._plugin.position

    @property
    def active(self) -> bool:
        return self._plugin.active

    @active.setter
    def active(self, value: bool) -> None:
        self._plugin.active = bool(value)

    def __getitem__(self, name: str) -> Any:
        self._check(name)
        return self._plugin.parameters[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self._check(name)
        # NumPy's numbers and arrays become JSON's
        self._plugin.parameters[name] = value.tolist() if hasattr(value, "tolist") else value

    def __delitem__(self, name: str) -> None:
        raise TypeError("a plugin keeps all its parameters")

    def __iter__(self) -> Iterator[str]:
        return iter(self._plugin.parameters)

    def __len__(self) -> int:
        return len(self._plugin.parameters)

    def __repr__(self) -> str:
        off = "" if self.active else " (off)"
        return f"{self.position} {self.name}{off} {json.dumps(self._plugin.parameters)}"

    def _check(self, name: str) -> None:
        if name not in self._plugin.parameters:
            near = difflib.get_close_matches(name, self._plugin.parameters, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise KeyError(f"{self.name} has no parameter {name}{hint}")


class ProcessList:
    """A list as it was read or made, with the edits since; `save` writes them.

    The edits are those of Savu's configurator, and each returns the list, so that they can be
    chained. An edit that cannot be done raises an OperationError and changes nothing.
    """

    def __init__(
        self, savu: Savu | None, at: Place | None, plist: model.ProcessList, file_hash: str | None
    ) -> None:
        self._server = savu
        self._list = plist
        self._hash = file_hash
        self._saved = plist.to_json() if at is not None else None
        self.place = at

    @classmethod
    def open(cls, path: AnyPath, savu: Savu | None = None) -> ProcessList:
        """The list in a file, of the server that runs this notebook unless `savu` is another."""
        return (savu or _default()).list(path)

    @classmethod
    def new(cls, *plugins: str, savu: Savu | None = None) -> ProcessList:
        """A list of these plugins with their defaults, which `save` gives a file."""
        made = cls(savu, None, model.ProcessList(), None)
        for name in plugins:
            made.add(name)
        return made

    @property
    def plugins(self) -> list[Plugin]:
        return [Plugin(plugin) for plugin in self._list.plugins]

    @property
    def loops(self) -> list[model.IterateGroup]:
        """Plugins that are repeated, counted from 1."""
        return list(self._list.groups)

    @property
    def edited(self) -> bool:
        """Whether it differs from the file that was read."""
        return self._list.to_json() != self._saved

    def __getitem__(self, key: str | int) -> Plugin:
        """A plugin by position ("2", 2) or by a name that is there once."""
        text = str(key)
        found = [plugin for plugin in self.plugins if text in (plugin.position, plugin.name)]
        if len(found) == 1:
            return found[0]
        names = ", ".join(f"{plugin.position} {plugin.name}" for plugin in self.plugins)
        many = "no" if not found else "more than one"
        raise KeyError(f"there is {many} plugin {text} in: {names}")

    def __len__(self) -> int:
        return len(self._list.plugins)

    def __iter__(self) -> Iterator[Plugin]:
        return iter(self.plugins)

    def add(self, name: str, position: int | str | None = None) -> ProcessList:
        """Put in a new plugin with its defaults; without a position, at the end."""
        return self._edit(operations.add(self._list, name, _text(position)))

    def set(self, address: str, value: Any) -> ProcessList:
        """Set a parameter such as ``3.radius``, ``AstraReconCpu.algorithm`` or
        ``1.preview.dim2.start``.

        A text is read as one that is typed: ``"80:87:1"`` is a tuning.
        """
        value = value.tolist() if hasattr(value, "tolist") else value
        text = value if isinstance(value, str) else repr(value)
        return self._edit(parameters.modify(self._list, self._address(address), text))

    def reset(self, address: str) -> ProcessList:
        """Set a parameter to its default."""
        return self._edit(parameters.reset(self._list, self._address(address)))

    def set_all(self, name: str, value: Any) -> ProcessList:
        """Set a parameter of every plugin that has it."""
        text = value if isinstance(value, str) else repr(value)
        return self._edit(parameters.modify_all(self._list, name, text))

    def switch(self, *positions: int | str, on: bool) -> ProcessList:
        """Switch plugins on or off."""
        return self._edit(operations.switch(self._list, map(str, positions), on))

    def move(self, position: int | str, new: int | str) -> ProcessList:
        """Move a plugin so that its position becomes `new`."""
        return self._edit(operations.move(self._list, str(position), str(new)))

    def remove(self, *positions: int | str) -> ProcessList:
        """Take plugins out; a position may be a range such as ``"2-4"``."""
        return self._edit(operations.remove(self._list, map(str, positions)))

    def duplicate(self, position: int | str, new: int | str | None = None) -> ProcessList:
        """Put in a copy of a plugin, at the end without `new`."""
        return self._edit(operations.duplicate(self._list, str(position), _text(new)))

    def replace(self, position: int | str, name: str) -> ProcessList:
        """Put a new plugin in the place of another."""
        return self._edit(operations.replace(self._list, str(position), name))

    def repeat(self, start: int, end: int, iterations: int) -> ProcessList:
        """Repeat plugins `start` to `end`, or change how often they are repeated."""
        return self._edit(loops.set_loop(self._list, start, end, iterations))

    def unrepeat(self, *numbers: int) -> ProcessList:
        """Take loops away by their number, from 1; without numbers, all."""
        return self._edit(loops.remove_loops(self._list, numbers))

    def refresh(
        self, *positions: int | str, defaults: bool = False, savu: str | None = None
    ) -> list[str]:
        """Bring plugins, without positions all, in line with their definitions.

        Args:
            positions: of the plugins.
            defaults: whether all parameters are set to their defaults.
            savu: a connected Savu whose definitions these are.

        Returns:
            What the connected Savu says about it.
        """
        indices = indices_of(self._list.plugins, map(str, positions)) if positions else None
        body = {"list": self.to_json(), "plugins": indices, "defaults": defaults, "savu": savu}
        told = self._connection.request("POST", "process-lists", "refresh", body=body).json()
        self._list = model.ProcessList.from_json(told["list"])
        notices: list[str] = told["notices"]
        return notices

    def marks(self) -> list[dict[str, Any]]:
        """What is to be filled in before a run: plugin, parameter, default and whether it is
        filled in once for all plugins of the name."""
        marked: list[dict[str, Any]] = self._template([])["marks"]
        return marked

    def fill(self, values: Mapping[str, Any] | None = None) -> ProcessList:
        """Fill in what is marked: the given values, such as ``{"3.centre_of_rotation": 84.5}``,
        and the defaults of the rest.

        Raises:
            SavuError: when a value is not marked, or not right.
        """
        told = self._template(self._filled(values or {}))
        wrong = [mark for mark in told["marks"] if mark["expected"] is not None]
        if wrong:
            first = wrong[0]
            raise SavuError(
                f"{first['value']} is not a value of {first['position']}.{first['parameter']}; "
                f"expected: {first['expected']}",
                reason="invalid",
            )
        return self._edit(model.ProcessList.from_json(told["list"]))

    def save_template(self, path: AnyPath, values: Mapping[str, Any] | None = None) -> None:
        """Write a new ``.savu`` file with values for what is marked.

        Raises:
            SavuError: also when there is a file (reason ``exists``).
        """
        if self.place is None:
            raise SavuError("Save the list first: the .savu file names it.", reason="invalid")
        self._connection.request(
            "POST",
            "templates",
            "content",
            query=self._savu.place(path).to_json(),
            body={
                "place": self.place.to_json(),
                "list": self.to_json(),
                "values": self._filled(values or {}),
            },
        )

    def diff(self, other: ProcessList | AnyPath | None = None) -> Difference:
        """What differs from this list in another one, or in this one since it was read."""
        if other is None:
            before = self._saved or model.ProcessList().to_json()
            return Difference(model.ProcessList.from_json(before), self._list)
        if not isinstance(other, ProcessList):
            other = self._savu.list(other)
        return Difference(self._list, other._list)

    def to_json(self) -> dict[str, Any]:
        """The form of the API."""
        return self._list.to_json()

    def save(self, path: AnyPath | None = None) -> ProcessList:
        """Write the list into its file, or into a new one at `path`.

        Raises:
            SavuError: also when the file has changed since it was read (reason ``changed``), or
                when there is already one at `path` (``exists``).
        """
        content = self.to_json()
        route = ("process-lists", "content")
        if path is not None:
            new = self._savu.place(path)
            answer = self._connection.request("POST", *route, query=new.to_json(), body=content)
            self.place = new
        elif self.place is not None:
            answer = self._connection.request(
                "PUT",
                *route,
                query=self.place.to_json(),
                body=content,
                headers={"If-Match": f'"{self._hash}"'},
            )
        else:
            raise SavuError("The list has no file yet: save it with a path.", reason="no_file")
        self._hash = answer.json()["hash"]
        self._saved = content
        return self

    def check(
        self,
        data: AnyPath | None = None,
        queue: str | None = None,
        savu: str | None = None,
    ) -> list[dict[str, Any]]:
        """What stands in the way of running the list as it is now.

        Args:
            data: the scan that it shall run on.
            queue: the queue whose engine shall run it.
            savu: a connected Savu that gives its verdict, too.
        """
        body = {
            "list": self.to_json(),
            "data": None if data is None else self._savu.place(data).to_json(),
            "queue": queue,
            "savu": savu,
        }
        answer = self._connection.request("POST", "process-lists", "check", body=body)
        problems: list[dict[str, Any]] = answer.json()["problems"]
        return problems

    def submit(
        self,
        data: AnyPath,
        queue: str = "preview",
        *,
        rows: str | None = None,
        key: str | None = None,
    ) -> Job:
        """Run the list as it is now, with its edits (see `Savu.submit`)."""
        return self._savu.submit(self, data, queue, rows=rows, key=key)

    def __repr__(self) -> str:
        lines = [self._title(), *map(repr, self.plugins), *map(loop_text, self.loops)]
        return "\n  ".join(lines)

    def _repr_html_(self) -> str:
        return html_of(self._title(), self._list)

    def _title(self) -> str:
        if self.place is None:
            return "a new list, not saved"
        return f"{self.place}{' (edited)' if self.edited else ''}"

    def _edit(self, edited: model.ProcessList) -> ProcessList:
        self._list = edited
        return self

    def _template(self, values: list[dict[str, Any]]) -> dict[str, Any]:
        body = {"list": self.to_json(), "values": values}
        told: dict[str, Any] = self._connection.request("POST", "templates", body=body).json()
        return told

    def _filled(self, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Values by address in the form of the API."""
        marked = {f"{m['position']}.{m['parameter']}": m["plugin"] for m in self.marks()}
        unknown = sorted(set(values) - set(marked))
        if unknown:
            raise SavuError(
                f"Nothing is marked to be filled in by {', '.join(unknown)}.", reason="invalid"
            )
        return [
            {
                "plugin": marked[address],
                "parameter": address.partition(".")[2],
                "value": json.dumps(value),
            }
            for address, value in values.items()
        ]

    def _address(self, address: str) -> str:
        """The address with a position, where the plugin was named."""
        name, dot, rest = address.partition(".")
        found = [plugin.position for plugin in self._list.plugins if plugin.name == name]
        return f"{found[0]}{dot}{rest}" if len(found) == 1 else address

    @property
    def _savu(self) -> Savu:
        if self._server is None:
            self._server = _default()
        return self._server

    @property
    def _connection(self) -> Connection:
        return self._savu.connection


def decode(savu: Savu, at: Place, told: dict[str, Any]) -> ProcessList:
    """The list that the API told."""
    try:
        return ProcessList(savu, at, model.ProcessList.from_json(told["list"]), told["hash"])
    except model.ProcessListError as error:
        raise SavuError(f"{at}: {error.message}", place=error.place) from None


def _default() -> Savu:
    from jupyterlab_savu.client.api import Savu

    return Savu()


def _text(position: int | str | None) -> str | None:
    return None if position is None else str(position)
