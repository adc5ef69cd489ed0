"""The slice view in a cell of a notebook."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from jupyterlab_savu.client.places import Place
from jupyterlab_savu.client.png import to_png
from jupyterlab_savu.client.selecting import Cut

if TYPE_CHECKING:
    from jupyterlab_savu.client.api import Savu
    from jupyterlab_savu.client.volume import Volume

#: What the extension draws; `VERSION` changes when older ones could not read it.
MIME = "application/vnd.jupyterlab-savu.view+json"
VERSION = 1

#: Pixels of the longer side of the picture that is stored in the notebook, at most.
_PICTURE = 640


class View:
    """A place in a file. As the value of a cell it becomes the slice view of the browser.

    The notebook stores which file, dataset and slice it is, and a small picture for those who
    show the notebook without jupyterlab-savu; the data stay where they are.
    """

    def __init__(
        self,
        savu: Savu,
        place: Place,
        volume: Volume | None = None,
        at: tuple[int | None, ...] | None = None,
        height: int | None = None,
    ) -> None:
        self._savu = savu
        self._volume = volume
        self._at = at
        self.place = place
        self.dataset = None if volume is None else volume.dataset
        #: In pixels; None leaves it to the browser.
        self.height = height

    @property
    def plane(self) -> str | None:
        """The slice, for example ``:,45,:``."""
        if self._at is None:
            return None
        return ",".join(":" if index is None else str(index) for index in self._at)

    @property
    def link(self) -> str:
        """The address of JupyterLab that opens it, as this notebook reaches the server."""
        query = {
            "savu-data": self.place.path,
            "savu-root": self.place.root,
            "savu-dataset": self.dataset,
            "savu-plane": self.plane,
        }
        known = {name: value for name, value in query.items() if value is not None}
        # JupyterLab takes a + in an address for one
        told = urlencode(known, quote_via=quote)
        return f"{self._savu.connection.url}lab?{told}"

    def __repr__(self) -> str:
        more = "".join(f", {part!r}" for part in (self.dataset, self.plane) if part is not None)
        return f"View({str(self.place)!r}{more})"

    def _repr_mimebundle_(
        self, include: Any = None, exclude: Any = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        told = {
            "version": VERSION,
            **self.place.to_json(),
            "dataset": self.dataset,
            "plane": self.plane,
            "height": self.height,
        }
        bundle: dict[str, Any] = {MIME: told, "text/plain": repr(self)}
        if self._volume is not None and self._at is not None:
            brightness = self._savu.slices.picture(
                self.place, self._volume.dataset, _coarse(self._volume.shape, self._at)
            )
            bundle["image/png"] = base64.b64encode(to_png(brightness)).decode("ascii")
        return bundle, {}


def _coarse(shape: tuple[int, ...], at: tuple[int | None, ...]) -> Cut:
    """The slice, with values left out where it is large."""
    rows, columns = (length for length, k in zip(shape, at, strict=True) if k is None)
    step = -(-max(rows, columns) // _PICTURE)
    return Cut(at, None, (0, rows, 0, columns), step)
