"""The comms over which the browsers that show a view and the kernel follow each other.

A browser opens one, with the name that stands in the output of the cell. A kernel that was started
again does not know the name, and closes it: the view goes on without the kernel.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Protocol
from urllib.parse import urlsplit
from uuid import uuid4
from weakref import WeakValueDictionary

#: What browsers ask kernels for.
TARGET = "jupyterlab-savu.view"


class Followed(Protocol):
    """What is shown in browsers."""

    def tell(self) -> dict[str, Any]:
        """What is shown now."""
        ...

    def take(self, told: Mapping[str, Any]) -> None:
        """Note what a browser shows.

        Raises:
            ValueError: it does not make sense.
        """
        ...


class Link:
    """The browsers that show one view, as far as the kernel knows of them."""

    def __init__(self, followed: Followed) -> None:
        #: What browsers call the view.
        self.name = uuid4().hex
        #: Where the browser that came last finds JupyterLab.
        self.address: str | None = None
        self._followed = followed
        self._browsers: list[Any] = []
        _links[self.name] = self

    def offer(self) -> str:
        """The name, under which browsers find the view from now on where this is a kernel."""
        # kernels bring this package along; in a script there is nobody to link with
        with suppress(ImportError):
            from comm import get_comm_manager

            get_comm_manager().register_target(TARGET, _opened)
        return self.name

    def join(self, comm: Any) -> None:
        """Let another browser follow, and be followed."""
        self._browsers.append(comm)
        comm.on_msg(lambda message: self._take(comm, message))
        comm.on_close(lambda _: self._browsers.remove(comm))
        comm.send(self._followed.tell())

    def tell(self, but: Any = None) -> None:
        """Tell all browsers what is shown, but the one that said so."""
        for comm in self._browsers:
            if comm is not but:
                comm.send(self._followed.tell())

    def _take(self, comm: Any, message: Mapping[str, Any]) -> None:
        before = self._followed.tell()
        # another version of the extension may say what this one does not understand
        with suppress(ValueError, TypeError):
            self._followed.take(message["content"]["data"])
        if self._followed.tell() != before:
            self.tell(but=comm)


_links: WeakValueDictionary[str, Link] = WeakValueDictionary()


def _opened(comm: Any, message: Mapping[str, Any]) -> None:
    told = message["content"]["data"]
    link = _links.get(str(told.get("view")))
    if link is None:
        comm.close()
        return
    address = told.get("address")
    if isinstance(address, str) and urlsplit(address).scheme in ("http", "https"):
        link.address = address
    link.join(comm)
