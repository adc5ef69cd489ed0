"""The slice view in a cell of a notebook."""

from __future__ import annotations

import base64
import builtins
import math
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, SupportsIndex
from urllib.parse import quote, urlencode

from jupyterlab_savu.client.connection import USER_REDIRECT, SavuError, lab_address
from jupyterlab_savu.client.linking import Link
from jupyterlab_savu.client.looking import Look
from jupyterlab_savu.client.places import Place
from jupyterlab_savu.client.png import to_png
from jupyterlab_savu.client.selecting import Cut, Selection, take

if TYPE_CHECKING:
    import numpy as np

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
    show the notebook without jupyterlab-savu; the data stay where they are. While the view is
    open, this tells where the user is (from the next cell on), and what is set here is shown.
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
        self._look = Look(None if volume is None else volume.dataset, at)
        self._link = Link(self)
        self.place = place
        #: In pixels; None leaves it to the browser.
        self.height = height

    @property
    def dataset(self) -> str | None:
        """The path in the file; None for a file without volumes."""
        return self._look.dataset

    @property
    def volume(self) -> Volume:
        """The dataset.

        Raises:
            SavuError: the file has no volumes.
        """
        dataset = self._look.dataset
        if dataset is None:
            raise SavuError(f"{self.place} has no volumes to look at.", reason="invalid")
        if self._volume is None or self._volume.dataset != dataset:
            self._volume = self._savu.volume(self.place, dataset)
        return self._volume

    @property
    def plane(self) -> str | None:
        """The slice, for example ``:,45,:``; to be set as in ``volume[...]``."""
        return self._look.plane

    @plane.setter
    def plane(self, plane: Selection) -> None:
        self._go(self.volume.plane(plane))

    @property
    def axis(self) -> int | None:
        """The axis that is stepped along; to be set by its number or name."""
        at = self._look.at
        return None if at is None else self.volume.walk(at)

    @axis.setter
    def axis(self, axis: int | str) -> None:
        self._go(self.volume.plane(None, axis))

    @property
    def slice(self) -> int | None:
        """The index along `axis`; counted from the end where a negative one is set."""
        at, axis = self._look.at, self.axis
        return None if at is None or axis is None else at[axis]

    @slice.setter  # noqa: A003 - the word of the field
    def slice(self, index: SupportsIndex) -> None:
        at, axis = self._look.at, self.axis
        if at is None or axis is None:
            raise SavuError(f"{self.dataset} is one picture; it has no slices to choose from.")
        (taken,) = take((index,), (self.volume.shape[axis],))
        if isinstance(taken, range):
            raise IndexError(f"{index!r} is not the number of a slice")
        self._go((*at[:axis], taken, *at[axis + 1 :]))

    @property
    def contrast(self) -> tuple[float, float] | None:
        """The values that are drawn darkest and brightest; None until a browser has told them.

        Set to None, each slice has a contrast of its own.
        """
        return self._look.contrast

    @contrast.setter
    def contrast(self, contrast: tuple[float, float] | None) -> None:
        if contrast is None:
            self._show(replace(self._look, contrast=None, is_automatic=True))
            return
        low, high = map(float, contrast)
        if not -math.inf < low < high < math.inf:
            raise ValueError(f"{low} to {high} is no contrast: the first has to be the lower one")
        self._show(replace(self._look, contrast=(low, high), is_automatic=False))

    @property
    def region(self) -> tuple[builtins.slice, builtins.slice] | None:
        """The rows and columns that are marked, as an index of the slice; None for none."""
        if self._look.region is None:
            return None
        top, bottom, left, right = self._look.region
        return builtins.slice(top, bottom), builtins.slice(left, right)

    @region.setter
    def region(self, region: tuple[builtins.slice, builtins.slice] | None) -> None:
        if region is None:
            self._show(replace(self._look, region=None))
            return
        rows, columns = take(region, self._shape())
        if not isinstance(rows, range) or not isinstance(columns, range) or not rows or not columns:
            raise IndexError(f"{region!r} is no region: give rows and columns from and to")
        self._show(replace(self._look, region=(rows[0], rows[-1] + 1, columns[0], columns[-1] + 1)))

    def read(self) -> np.ndarray:
        """The values of the slice, rows by columns, with the type in the file.

        Raises:
            SavuError: the file has no volumes, or cannot be read any more.
        """
        at = self._look.at
        volume = self.volume
        values: np.ndarray = volume[
            ... if at is None else tuple(builtins.slice(None) if k is None else k for k in at)
        ]
        return values

    @property
    def link(self) -> str:
        """An address that opens it in JupyterLab, for others as well.

        It begins as the browser in which the view is open reaches the server; before that, as
        this notebook does. On a JupyterHub it opens on the server of whoever follows it.
        """
        address = self._link.address or lab_address(self._savu.connection.url)
        query = {
            "savu-data": self.place.path,
            "savu-root": self.place.root,
            "savu-dataset": self.dataset,
            "savu-plane": self.plane,
        }
        if USER_REDIRECT in address.split("/"):
            # the folders of another user's server may be others
            query["savu-location"] = self._savu.location(self.place)
        known = {name: value for name, value in query.items() if value is not None}
        # JupyterLab takes a + in an address for one
        return f"{address}?{urlencode(known, quote_via=quote)}"

    def tell(self) -> dict[str, Any]:
        """What is shown, as browsers are told."""
        return self._look.to_json()

    def take(self, told: Mapping[str, Any]) -> None:
        """Note what a browser shows.

        Raises:
            ValueError: it does not make sense.
        """
        self._look = Look.from_json(told)

    def __repr__(self) -> str:
        more = "".join(f", {part!r}" for part in (self.dataset, self.plane) if part is not None)
        return f"View({str(self.place)!r}{more})"

    def _repr_mimebundle_(
        self, include: Any = None, exclude: Any = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        told = self.tell()
        stored = {
            "version": VERSION,
            **self.place.to_json(),
            "dataset": self.dataset,
            "plane": self.plane,
            "height": self.height,
            "contrast": None if self._look.is_automatic else told["contrast"],
            "region": told["region"],
            "view": self._link.offer(),
        }
        bundle: dict[str, Any] = {MIME: stored, "text/plain": repr(self)}
        if self._look.at is not None:
            brightness = self._savu.slices.picture(
                self.place, self.volume.dataset, _coarse(self.volume.shape, self._look.at)
            )
            bundle["image/png"] = base64.b64encode(to_png(brightness)).decode("ascii")
        return bundle, {}

    def _go(self, at: tuple[int | None, ...]) -> None:
        # a region of rows and columns means nothing in other ones
        before = self._look.at
        stays = before is not None and _shown(before) == _shown(at)
        self._show(replace(self._look, at=at, region=self._look.region if stays else None))

    def _show(self, look: Look) -> None:
        self._look = look
        self._link.tell()

    def _shape(self) -> tuple[int, int]:
        shape = self.volume.shape
        rows, columns = _shown(self._look.at or (None, None))
        return shape[rows], shape[columns]


def _shown(at: tuple[int | None, ...]) -> list[int]:
    """The two axes that are shown."""
    return [axis for axis, index in enumerate(at) if index is None]


def _coarse(shape: tuple[int, ...], at: tuple[int | None, ...]) -> Cut:
    """The slice, with values left out where it is large."""
    rows, columns = (length for length, k in zip(shape, at, strict=True) if k is None)
    step = -(-max(rows, columns) // _PICTURE)
    return Cut(at, None, (0, rows, 0, columns), step)
