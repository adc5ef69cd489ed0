"""Filters of single images, float32, (rows, columns)."""

from savu_embedded.arrays import Array, fft, ndimage, xp

_BINS = 256


def otsu_mask(image: Array) -> Array:
    """Return where `image` lies above Otsu's threshold, doi:10.1109/TSMC.1979.4310076.

    Values that are not finite have no part in finding it; nothing lies above if all are alike.
    """
    finite = image[xp.isfinite(image)].astype(xp.float64)
    if not finite.size or finite.min() == finite.max():
        return xp.zeros(image.shape, bool)
    counts, edges = xp.histogram(finite, _BINS)
    levels = (edges[:-1] + edges[1:]) / 2
    below = xp.cumsum(counts)[:-1]
    above = counts.sum() - below
    total = xp.cumsum(counts * levels)
    with xp.errstate(divide="ignore", invalid="ignore"):
        apart = total[:-1] / below - (total[-1] - total[:-1]) / above
    variance = xp.nan_to_num(below * above * apart**2)
    return image > levels[xp.argmax(variance)]


def morphology(mask: Array, operation: str, radius: int) -> Array:
    """Return `mask`, bool, after an operation of a disc; beyond the edge nothing is eroded.

    `operation` is binary_erosion, binary_dilation, binary_opening or binary_closing.
    """
    place = xp.arange(-radius, radius + 1)
    disc = place[:, None] ** 2 + place**2 <= radius**2
    steps = {
        "binary_erosion": (_erode,),
        "binary_dilation": (ndimage.binary_dilation,),
        "binary_opening": (_erode, ndimage.binary_dilation),
        "binary_closing": (ndimage.binary_dilation, _erode),
    }
    for step in steps[operation]:
        mask = step(mask, disc)
    return mask


def remove_small(mask: Array, size: int, connectivity: int) -> Array:
    """Return `mask`, bool, without connected parts of fewer than `size` pixels.

    Pixels are connected by their sides, and by their corners, too, if `connectivity` is 2.
    """
    parts, _ = ndimage.label(mask, xp.ones((3, 3)) if connectivity == 2 else None)
    kept = xp.bincount(parts.ravel()) >= size
    kept[0] = False
    return xp.asarray(kept[parts])


def hilbert(image: Array) -> Array:
    """Return the Hilbert transform along the columns."""
    length = image.shape[1]
    spectrum = fft.rfft(image, axis=1)
    spectrum *= xp.complex64(-1j)
    spectrum[:, 0] = 0
    if length % 2 == 0:
        spectrum[:, -1] = 0
    return xp.asarray(fft.irfft(spectrum, length, axis=1))


def rotate(image: Array, degrees: float, centre: tuple[float, float]) -> Array:
    """Return `image` turned anticlockwise about `centre` (row, column), linearly interpolated.

    What comes from outside is 0.
    """
    angle = xp.deg2rad(degrees)
    turn = xp.array([[xp.cos(angle), xp.sin(angle)], [-xp.sin(angle), xp.cos(angle)]])
    offset = xp.array(centre) - turn @ xp.array(centre)
    return ndimage.affine_transform(image, turn, offset, order=1, mode="grid-constant")


def distorted_places(
    shape: tuple[int, int], centre: tuple[float, float], coefficients: list[float]
) -> Array:
    """Return where the pixels of a straight image (rows, columns) lie in the distorted one.

    A pixel at distance r from `centre` (row, column) lies r times the polynomial in r of the
    `coefficients`, the constant one first, from it; places outside are moved to the edge. The
    array is (2, rows, columns). Vo, Atwood and Drakopoulos, doi:10.1364/OE.23.032859.
    """
    row, column = (
        axis - middle for axis, middle in zip(xp.ogrid[: shape[0], : shape[1]], centre, strict=True)
    )
    factor = xp.polynomial.polynomial.polyval(xp.hypot(row, column), coefficients)
    places = xp.stack((centre[0] + factor * row, centre[1] + factor * column))
    limits = xp.array(shape).reshape(2, 1, 1) - 1
    return xp.clip(places, 0, limits)


def straighten(image: Array, places: Array) -> Array:
    """Return the image that `image` is at `places` of `distorted_places`, linearly interpolated."""
    return xp.asarray(ndimage.map_coordinates(image, places, order=1))


def downsample(image: Array, bins: int, mode: str) -> Array:
    """Return the mean, median, min or max of squares, or cubes, of `bins` pixels, float32.

    The image is continued by 0 where its size is no multiple of `bins`.
    """
    padded = xp.pad(image.astype(xp.float32), [(0, -length % bins) for length in image.shape])
    cells = padded.reshape([part for length in padded.shape for part in (length // bins, bins)])
    inside = tuple(range(1, cells.ndim, 2))
    if mode == "median":
        return xp.asarray(xp.median(cells, axis=inside))
    return xp.asarray(getattr(cells, mode)(axis=inside))


def _erode(mask: Array, disc: Array) -> Array:
    return xp.asarray(ndimage.binary_erosion(mask, disc, border_value=1))
