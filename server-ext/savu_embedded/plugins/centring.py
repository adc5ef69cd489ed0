"""Measuring the centre of rotation before the reconstruction."""

from __future__ import annotations

from collections.abc import Iterator

from savu_core.preview import PreviewError, parse_preview
from savu_embedded.arrays import Array, xp
from savu_embedded.datasets import Dataset
from savu_embedded.errors import RefusedError
from savu_embedded.methods.centring import CentreError, CentreSearch, find_centre
from savu_embedded.methods.overlap import OverlapSearch, find_centre_of_full_turn
from savu_embedded.plugins.base import Plugin


class Centring(Plugin):
    """Measures the centre on the rows of its preview, and spreads it to all rows."""

    makes_dataset = False
    #: For every measured row, the rows that are averaged: (measured rows, 2 * radius + 1).
    averaged: Array

    def check(self) -> Iterator[str]:
        if self.parameters["datasets_to_populate"]:
            yield "datasets_to_populate is not supported: the centre goes to all datasets"

    def measure(self, sinograms: Array) -> float:
        """Return the centre, a column of the loaded data, from (rows, angles, columns)."""
        first = int(self._columns[0])
        sinogram = sinograms.mean(axis=0)[xp.ix_(self._angles, self._columns)]
        try:
            return first + self.centre(sinogram, first)
        except CentreError as error:
            raise RefusedError(f"{self.name}: {error}") from error

    def centre(self, sinogram: Array, first: int) -> float:
        """Return the centre of a sinogram (angles, columns) whose columns begin with `first`.

        Raises:
            CentreError: there is no room for the search.
        """
        raise NotImplementedError

    def setup(self, data: Dataset) -> Dataset:
        try:
            preview = parse_preview(self.parameters["preview"], data.shape)
        except PreviewError as error:
            raise RefusedError(f"{self.name}, preview: {error}") from error
        self._angles, self.rows, self._columns = (xp.unique(part.indices()) for part in preview)
        radius = max(0, self.parameters.get("average_radius", 0))
        self.averaged = xp.clip(
            self.rows[:, None] + xp.arange(-radius, radius + 1), 0, data.shape[1] - 1
        )
        self._n_rows = data.shape[1]
        return data

    def broadcast(self, centres: Array) -> Array:
        """Return the centre of every loaded row from those measured on `self.rows`."""
        method, rows = self.parameters["broadcast_method"], xp.arange(self._n_rows)
        if method == "nearest":
            return centres[xp.abs(rows[:, None] - self.rows).argmin(axis=1)]
        if method == "linear_fit" and len(centres) > 1:
            return xp.polynomial.Polynomial.fit(self.rows, centres, 1)(rows)
        centre = centres.mean() if method in ("mean", "linear_fit") else xp.median(centres)
        return xp.full(self._n_rows, centre)


class VoCentering(Centring):
    """By the double wedge in the Fourier transform of the sinogram of a full turn."""

    def check(self) -> Iterator[str]:
        if self.parameters["step"] <= 0:
            yield "step must be positive"
        if self.parameters["search_radius"] < 0:
            yield "search_radius must not be negative"
        if not self.parameters["ratio"] > 0:
            yield "ratio must be positive"
        area = self.parameters["search_area"]
        if len(area) != 2 or area[0] > area[1]:
            yield "search_area must be two columns, the lower one first"
        yield from super().check()

    def centre(self, sinogram: Array, first: int) -> float:
        p = self.parameters
        start = p["start_pixel"]
        search = CentreSearch(
            search_area=tuple(p["search_area"]),
            start_pixel=None if start in (None, "None") else start - first,
            search_radius=p["search_radius"],
            step=p["step"],
            ratio=p["ratio"],
            row_drop=p["row_drop"],
        )
        return find_centre(sinogram, search)


class Centering360(Centring):
    """By the overlap of the halves of a full turn whose axis is near one side of the detector."""

    def setup(self, data: Dataset) -> Dataset:
        turn = xp.ptp(data.angles)
        if turn < 350:
            raise RefusedError(
                f"{self.name}: a full turn is needed, and the scan covers {turn:g} degrees."
            )
        return super().setup(data)

    def centre(self, sinogram: Array, first: int) -> float:
        p = self.parameters
        search = OverlapSearch(
            win_width=p["win_width"],
            side=None if p["side"] in (None, "None") else p["side"],
            denoise=p["denoise"],
            norm=p["norm"],
            use_overlap=p["use_overlap"],
        )
        return find_centre_of_full_turn(sinogram, search)
