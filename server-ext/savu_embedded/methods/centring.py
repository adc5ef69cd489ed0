"""Centre of rotation from a scan over half a turn."""

from dataclasses import dataclass

from savu_embedded.arrays import Array, fft, ndimage, xp

# Columns in the binned sinogram of the coarse search, at least.
_COARSE_COLUMNS = 256

# As many angles remain at least where some that were smoothed are left out.
_FEW_ANGLES = 360

# Standard deviation, in angles and columns, of the smoothing against noise in both searches.
_COARSE_SMOOTHING = (3, 1)
_FINE_SMOOTHING = (2, 2)


class CentreError(ValueError):
    """The search area lies outside the detector, or the sinogram is too small."""


@dataclass(frozen=True)
class CentreSearch:
    """Where and how closely to look for the centre; the names are those of Savu's VoCentering.

    `search_area` (columns, relative to `start_pixel`, or the middle when that is None) bounds the
    coarse search at whole columns; `search_radius` around its best and `step` that of the fine
    search. `ratio` is the size of the object relative to the field of view, and `row_drop` the
    number of low angular frequencies left out.
    """

    search_area: tuple[float, float] = (-50, 50)
    start_pixel: float | None = None
    search_radius: float = 6
    step: float = 0.5
    ratio: float = 0.5
    row_drop: int = 20


def find_centre(sinogram: Array, search: CentreSearch) -> float:
    """Return the column of the rotation axis, counted from 0, in steps of `search.step`.

    `sinogram` is (angles, columns) float32, over half a turn, of transmission or its logarithm. A
    sinogram and its mirror image, moved to the right place, make that of a full turn, whose
    two-dimensional transform vanishes outside a double wedge: the best centre has the least there.
    N. T. Vo et al., Reliable method for calculating the center of rotation in parallel-beam
    tomography, Opt. Express 22, 19078 (2014), doi:10.1364/OE.22.019078.
    """
    columns = sinogram.shape[1]
    start = search.start_pixel if search.start_pixel is not None else (columns - 1) // 2
    low = max(start + search.search_area[0], columns * 0.05)
    high = min(start + search.search_area[1], columns * 0.95)
    if low > high:
        raise CentreError(
            f"The search area {list(search.search_area)} around column {start:g} lies outside "
            f"a detector of {columns} columns."
        )
    coarse = _coarse_centre(sinogram, low, high, search)
    # The second time the columns that are used lie around the centre itself, not around a guess.
    fine = _fine_centre(sinogram, coarse, coarse, search)
    return _fine_centre(sinogram, coarse, fine, search)


def outside_wedge(rows: int, columns: int, radius: float, row_drop: int) -> Array:
    """Return where a real FFT of (rows, columns) of a full turn is to vanish, as booleans.

    The shape is (rows, columns // 2 + 1). A point at `radius` columns from the axis reaches
    angular frequencies (per turn) up to 2 pi `radius` times its frequency per column.
    """
    angular = xp.abs(xp.fft.fftfreq(rows, 1 / rows))[:, None]
    radial = xp.fft.rfftfreq(columns)[None, :]
    mask = angular > 2 * xp.pi * radius * radial + 1
    mask &= angular > min(row_drop, rows // 8)
    mask[:, :2] = False
    return mask


def _coarse_centre(sinogram: Array, low: float, high: float, search: CentreSearch) -> float:
    """Return the best centre at whole (binned) columns between `low` and `high`.

    Columns that only one half sees are filled from the other half turned upside down, as in the
    paper, which leaves no edge that would fill the whole transform.
    """
    binning = max(1, sinogram.shape[1] // _COARSE_COLUMNS)
    columns = sinogram.shape[1] // binning
    smooth = ndimage.gaussian_filter(sinogram, _COARSE_SMOOTHING)[:, : columns * binning]
    smooth = _thinned(smooth, _COARSE_SMOOTHING[0])
    half = smooth.reshape(len(smooth), columns, binning).mean(axis=2)
    mirror, fill = half[:, ::-1], half[::-1]
    mask = outside_wedge(2 * len(half), columns, search.ratio * columns, search.row_drop)
    candidates = xp.arange(xp.floor(low / binning), xp.ceil(high / binning) + 1)
    costs = []
    for centre in candidates:
        shift = round(2 * centre - (columns - 1))
        bottom = xp.roll(mirror, shift, axis=1)
        lost = slice(0, shift) if shift >= 0 else slice(shift, None)
        bottom[:, lost] = fill[:, lost]
        turn = fft.rfft2(xp.concatenate((half, bottom)))
        # Filled columns always fit: the cost is that of a column which both halves saw.
        costs.append(xp.abs(turn)[mask].mean() / (columns - abs(shift)))
    best = candidates[int(xp.argmin(costs))]
    return float((best + 0.5) * binning - 0.5)


def _fine_centre(sinogram: Array, coarse: float, guess: float, search: CentreSearch) -> float:
    """Return the best centre within `search_radius` of `coarse`, at multiples of `step`.

    Only the columns that both halves see if the centre is `guess` are used, faded out towards
    their ends; so a fractional move of the mirror image is a phase, and a candidate costs one sum.
    """
    columns = sinogram.shape[1]
    middle = round(2 * guess) / 2
    reach = min(middle, columns - 1 - middle)
    too_few = CentreError(
        f"{len(sinogram)} angles, and the columns that both sides see of column {middle:g}, are "
        "too few to tell the centre."
    )
    if reach < 1:
        raise too_few
    used = slice(int(middle - reach), int(middle + reach) + 1)
    half = _thinned(ndimage.gaussian_filter(sinogram[:, used], _FINE_SMOOTHING), _FINE_SMOOTHING[0])
    half = (half - half.mean()) * _fade(half.shape[1]).astype(xp.float32)
    rows, width = half.shape
    mask = outside_wedge(2 * rows, width, search.ratio * columns, search.row_drop)[:rows]
    if not mask.any():
        raise too_few
    frequency = xp.fft.rfftfreq(width)[mask.any(axis=0)]
    spectrum = fft.rfft(half, axis=1)[:, mask.any(axis=0)]
    top = fft.fft(spectrum, 2 * rows, axis=0)
    # The mirror image behind the half turn has the transform of the half turn, turned around.
    here, there = top[:rows], top[-xp.arange(rows)]
    together = xp.conj(here * there)
    together[1::2] *= -1
    # Each coefficient counts by its modulus and not its square, so that none outweighs the others.
    size = xp.abs(here) + xp.abs(there)
    usable = mask[:, mask.any(axis=0)] & (size > 0)
    product = xp.divide(together, size, out=xp.zeros_like(together), where=usable).sum(axis=0)
    steps = xp.arange(
        xp.ceil((coarse - search.search_radius) / search.step),
        xp.floor((coarse + search.search_radius) / search.step) + 1,
    )
    candidates = steps * search.step
    moved = 2 * (candidates[:, None] - middle) + width - 1
    costs = (xp.exp(-2j * xp.pi * moved * frequency) @ product).real
    return float(candidates[int(xp.argmin(costs))])


def _thinned(smooth: Array, width: int) -> Array:
    """Return every so many of the angles (angles, columns) that were smoothed over `width`."""
    return smooth[::width] if len(smooth) >= width * _FEW_ANGLES else smooth


def _fade(width: int) -> Array:
    """Return a window (width,) that is one but for a smooth end on both sides."""
    end = min(max(2, width // 10), width // 2)
    ramp = xp.sin(0.5 * xp.pi * (xp.arange(end) + 0.5) / end) ** 2
    return xp.concatenate((ramp, xp.ones(width - 2 * end), ramp[::-1]))
