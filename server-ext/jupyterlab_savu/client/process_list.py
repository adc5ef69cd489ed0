"""A process list, to be looked at, edited, saved and run."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, MutableMapping
from typing import TYPE_CHECKING, Any

from jupyterlab_savu.client.connection import SavuError
from jupyterlab_savu.client.places import Place, place
from savu_core import model

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
    """A list as it was read, with the edits since; `save` writes them."""

    def __init__(self, savu: Savu, at: Place, plist: model.ProcessList, file_hash: str) -> None:
        self._savu = savu
        self._list = plist
        self._hash = file_hash
        self._saved = plist.to_json()
        self.place = at

    @property
    def plugins(self) -> list[Plugin]:
        return [Plugin(plugin) for plugin in self._list.plugins]

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

    def to_json(self) -> dict[str, Any]:
        """The form of the API."""
        return self._list.to_json()

    def save(self, path: str | Place | None = None) -> ProcessList:
        """Write the list into its file, or into a new one at `path`.

        Raises:
            SavuError: also when the file has changed since it was read (reason ``changed``), or
                when there is already one at `path` (``exists``).
        """
        content = self.to_json()
        route = ("process-lists", "content")
        connection = self._savu.connection
        if path is None:
            answer = connection.request(
                "PUT",
                *route,
                query=self.place.to_json(),
                body=content,
                headers={"If-Match": f'"{self._hash}"'},
            )
        else:
            new = place(path)
            answer = connection.request("POST", *route, query=new.to_json(), body=content)
            self.place = new
        self._hash = answer.json()["hash"]
        self._saved = content
        return self

    def check(
        self, data: str | Place | None = None, queue: str | None = None
    ) -> list[dict[str, Any]]:
        """What stands in the way of running the list as it is now."""
        body = {
            "list": self.to_json(),
            "data": None if data is None else place(data).to_json(),
            "queue": queue,
        }
        answer = self._savu.connection.request("POST", "process-lists", "check", body=body)
        problems: list[dict[str, Any]] = answer.json()["problems"]
        return problems

    def submit(
        self,
        data: str | Place,
        queue: str = "preview",
        *,
        rows: str | None = None,
        key: str | None = None,
    ) -> Job:
        """Run the list as it is now, saved or not (see `Savu.submit`)."""
        return self._savu.submit(self, data, queue, rows=rows, key=key)

    def __repr__(self) -> str:
        lines = [f"{self.place}{' (edited)' if self.edited else ''}", *map(repr, self.plugins)]
        return "\n  ".join(lines)


def decode(savu: Savu, at: Place, told: dict[str, Any]) -> ProcessList:
    """The list that the API told."""
    try:
        return ProcessList(savu, at, model.ProcessList.from_json(told["list"]), told["hash"])
    except model.ProcessListError as error:
        raise SavuError(f"{at}: {error.message}", place=error.place) from None
