"""Volumes on the server, indexed like arrays of NumPy."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import httpx
import numpy as np
import psutil

from jupyterlab_savu.client.connection import Connection, SavuError
from jupyterlab_savu.client.places import Place
from jupyterlab_savu.client.selecting import Cut, Plan, Selection, take

if TYPE_CHECKING:
    from jupyterlab_savu.client.api import Savu
    from jupyterlab_savu.client.view import View

#: Bytes of slices that are kept, for the server to confirm instead of sending them again.
_KEPT = 64 * 2**20


class SliceReader:
    """Asks the server for slices; what it has sent and still holds is not sent again."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._kept: OrderedDict[str, tuple[str, np.ndarray]] = OrderedDict()

    def values(self, place: Place, dataset: str, cut: Cut) -> np.ndarray:
        """The values of a cut, not to be written to.

        Raises:
            SavuError: with the reason ``too_large``, when they do not fit into an answer.
        """
        query = _query(place, dataset, cut) | {"step": cut.step}
        key = json.dumps(query)
        known = self._kept.pop(key, None)
        answer = self._connection.request(
            "GET",
            "slices",
            "slice",
            query=query,
            headers={} if known is None else {"If-None-Match": known[0]},
        )
        if known is not None and answer.status_code == httpx.codes.NOT_MODIFIED:
            self._keep(key, *known)
            return known[1]
        told = json.loads(answer.headers["Savu-Slice"])
        values = np.frombuffer(answer.content, told["dtype"]).reshape(told["shape"])
        if "ETag" in answer.headers:
            self._keep(key, answer.headers["ETag"], values)
        return values

    def picture(self, place: Place, dataset: str, cut: Cut) -> np.ndarray:
        """A cut as brightness in uint8, between percentiles of it; 0 where there is no number."""
        query = _query(place, dataset, cut) | {"step": cut.step, "bits": 8}
        answer = self._connection.request("GET", "slices", "slice", query=query)
        told = json.loads(answer.headers["Savu-Slice"])
        return np.frombuffer(answer.content, np.uint8).reshape(told["shape"])

    def ask(self, question: str, place: Place, dataset: str, cut: Cut, **more: Any) -> Any:
        query = _query(place, dataset, cut)
        if question == "profile":
            del query["region"]
        return self._connection.get("slices", question, **query, **more)

    def _keep(self, key: str, tag: str, values: np.ndarray) -> None:
        self._kept[key] = (tag, values)
        size = sum(held.nbytes for _, held in self._kept.values())
        while size > _KEPT:
            size -= self._kept.popitem(last=False)[1][1].nbytes


class Volume:
    """A dataset of numbers in two or more dimensions, of which only what is indexed is read.

    ``volume[..., 12]``, ``volume[10:20, ::2]`` and ``numpy.asarray(volume)`` answer what the same
    index of an array in memory answers, with the type in the file; complex numbers become their
    magnitudes, and truths 0 and 1.
    """

    def __init__(self, savu: Savu, place: Place, told: dict[str, Any]) -> None:
        self._savu = savu
        self._told = told
        self.place = place
        #: The path in the file.
        self.dataset: str = told["path"]
        self.title: str = told["title"]
        #: Of the values, where the file says.
        self.unit: str | None = told["unit"]
        self.shape: tuple[int, ...] = tuple(told["shape"])
        self.dtype: np.dtype[Any] = np.dtype(told["dtype"])
        #: None where the values lie in one run.
        self.chunks: tuple[int, ...] | None = told["chunks"] and tuple(told["chunks"])
        #: Name, unit and values of each axis, as the file tells them.
        self.axes: list[dict[str, Any]] = told["axes"]
        #: The two axes that each named plane shows, the most telling one first.
        self.patterns: dict[str, tuple[int, int]] = {
            pattern["name"]: tuple(pattern["shown"]) for pattern in told["patterns"]
        }

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def size(self) -> int:
        return int(np.prod(self.shape, dtype=object))

    @property
    def nbytes(self) -> int:
        return self.size * self.dtype.itemsize

    def __len__(self) -> int:
        return self.shape[0]

    def __iter__(self) -> Iterator[np.ndarray]:
        """The slices along the first axis, one after the other."""
        return (self[index] for index in range(len(self)))

    def __getitem__(self, selection: Selection) -> Any:
        """The values of a part, as an array of its own.

        Raises:
            IndexError: there is no such part.
            MemoryError: it is larger than the memory that is free here.
        """
        plan = Plan.of(take(selection, self.shape))
        size = int(np.prod(plan.shape, dtype=object)) * self.dtype.itemsize
        if size > psutil.virtual_memory().available:
            raise MemoryError(
                f"This part of {self.dataset} has {size / 2**30:.1f} GiB, which is more than the "
                "memory that is free. Take fewer slices at a time, or every n-th value."
            )
        values = np.empty(plan.shape, self.dtype)
        if size:
            _, rows, columns = plan.steps
            for where, cut in plan.cuts():
                values[where] = self._read(cut)[::rows, ::columns]
        turned = tuple(
            0 if isinstance(part, int) else slice(None, None, -1 if part.step < 0 else 1)
            for part in plan.taken
        )
        return values[turned]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        if copy is False:
            raise ValueError("the values of a volume on the server are always copied")
        return np.asarray(self[...], dtype)

    def statistics(self, selection: Selection, bins: int = 256) -> dict[str, Any]:
        """Figures of one slice, or of a region of it: ``count``, ``not_finite``, ``min``, ``max``,
        ``mean``, ``std``, and ``histogram`` (int64) between ``edges`` (float64)."""
        told: dict[str, Any] = self._savu.slices.ask(
            "statistics", self.place, self.dataset, self._one(selection), bins=bins
        )
        told["histogram"] = np.asarray(told["histogram"], np.int64)
        told["edges"] = np.asarray(told["edges"], np.float64)
        return told

    def profile(
        self, selection: Selection, start: tuple[float, float], stop: tuple[float, float]
    ) -> tuple[np.ndarray, np.ndarray]:
        """Values along a line in a slice, at any angle.

        Args:
            selection: the slice, or a region of it.
            start: row and column in it; whole numbers are centres of pixels.
            stop: likewise.

        Returns:
            Distances from `start` in pixels and interpolated values, both float64, about one a
            pixel; NaN where there is no number.
        """
        cut = self._one(selection)
        top, _, left, _ = cut.region
        line = [start[0] + top, start[1] + left, stop[0] + top, stop[1] + left]
        told = self._savu.slices.ask(
            "profile",
            self.place,
            self.dataset,
            cut,
            line=",".join(repr(float(number)) for number in line),
        )
        return np.asarray(told["distances"], np.float64), np.asarray(told["values"], np.float64)

    def axis(self, name: int | str) -> int:
        """The number of an axis, which may be named or counted from the end.

        Raises:
            SavuError: there is no such axis.
        """
        names = [axis["name"] for axis in self.axes]
        if isinstance(name, str) and name in names:
            return names.index(name)
        if not isinstance(name, str) and -self.ndim <= name < self.ndim:
            return name % self.ndim
        known = ", ".join(f"{number} {name or ''}".strip() for number, name in enumerate(names))
        raise SavuError(f"{name!r} is no axis of {self.dataset}; its axes are: {known}.")

    def plane(
        self,
        slice: Selection | None = None,  # noqa: A002 - the word of the field
        axis: int | str | None = None,
    ) -> tuple[int | None, ...]:
        """An index for each axis, and None for the two that a slice shows.

        Args:
            slice: a number counts along `axis`; otherwise as in ``volume[...]``, with two whole
                axes. The one in the middle by default.
            axis: by default the longest that the most telling plane does not show.

        Raises:
            IndexError: there is no such slice.
            SavuError: there is no such axis, or what is asked for is more or less than a slice.
        """
        number = None if isinstance(slice, (str, tuple)) or slice is None else slice
        if slice is not None and (number is None or not hasattr(number, "__index__")):
            taken = take(slice, self.shape)
            at = [None if isinstance(part, range) else part for part in taken]
            whole = all(
                part == range(length)
                for part, length in zip(taken, self.shape, strict=True)
                if isinstance(part, range)
            )
            if axis is not None or at.count(None) != 2 or not whole:
                raise SavuError(
                    f"{slice!r} is no slice of {self.dataset}: give an index for all but two of "
                    f"its {self.ndim} axes, or a number and the axis that it counts along."
                )
            return tuple(at)
        walk = None if axis is None else self.axis(axis)
        shown = self._shown(walk)
        if walk is None:
            walk = self.walk(tuple(None if axis in shown else 0 for axis in range(self.ndim)))
        where = list(self._told["first"])
        if number is not None:
            if walk is None:
                raise SavuError(f"{self.dataset} is one picture; it has no slices to choose from.")
            where[walk] = take((number,), (self.shape[walk],))[0]
        return tuple(None if axis in shown else index for axis, index in enumerate(where))

    def walk(self, at: tuple[int | None, ...]) -> int | None:
        """The axis that is stepped along from a slice: the longest of those that it does not show,
        one of tried values only where there is no other. None for a picture."""
        others = [axis for axis, index in enumerate(at) if index is not None]

        def rank(axis: int) -> tuple[bool, int]:
            return not (self.axes[axis]["name"] or "").endswith("_params"), self.shape[axis]

        return max(others, key=rank, default=None)

    def view(
        self,
        *,
        slice: Selection | None = None,  # noqa: A002 - the word of the field
        axis: int | str | None = None,
        height: int | None = None,
    ) -> View:
        """The slice view of the browser, in the cell that shows it (see `Savu.view`)."""
        from jupyterlab_savu.client.view import View

        return View(self._savu, self.place, self, self.plane(slice, axis), height)

    def __repr__(self) -> str:
        return (
            f"Volume({str(self.place)!r}, {self.dataset!r}, shape={self.shape}, dtype={self.dtype})"
        )

    def _shown(self, walk: int | None) -> tuple[int, int]:
        """The most telling plane that does not show `walk`: a named one, or the last two axes."""
        for shown in self.patterns.values():
            if walk not in shown:
                return shown
        left = [axis for axis in range(self.ndim) if axis != walk]
        if len(left) < 2:
            raise SavuError(f"{self.dataset} has no slices along axis {walk}: it is one picture.")
        return left[-2], left[-1]

    def _one(self, selection: Selection) -> Cut:
        """The one cut that is selected.

        Raises:
            SavuError: it is more than that.
        """
        plan = Plan.of(take(selection, self.shape))
        steps = {part.step for part in plan.taken if isinstance(part, range)}
        whole = sum(length > 1 for length in plan.shape) <= 2 and steps <= {1}
        cuts = [cut for _, cut in plan.cuts()] if whole and min(plan.shape) else []
        if len(cuts) != 1:
            raise SavuError(
                f"{selection!r} is no slice of {self.dataset}, and no region of one: give an index "
                "for all but two axes."
            )
        return cuts[0]

    def _read(self, cut: Cut) -> np.ndarray:
        """The values of a cut, in parts where it is too large for one answer."""
        try:
            return self._savu.slices.values(self.place, self.dataset, cut)
        except SavuError as error:
            halves = cut.halves() if error.reason == "too_large" else None
            if halves is None:
                raise
        one, other = halves
        along = 0 if one.region[1] == other.region[0] else 1
        return np.concatenate([self._read(one), self._read(other)], axis=along)


def _query(place: Place, dataset: str, cut: Cut) -> dict[str, Any]:
    return {
        "root": place.root,
        "file": place.path,
        "path": dataset,
        "plane": cut.plane,
        "walk": cut.walk,
        "region": ",".join(map(str, cut.region)),
    }
