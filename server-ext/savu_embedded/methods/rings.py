"""Removal of stripes from sinograms, which are rings in a slice."""

from functools import lru_cache

from savu_embedded.arrays import Array, fft, ndimage, xp
from savu_embedded.methods.waves import low_pass, low_pass_both

_SIGN = xp.uint32(0x80000000)
# Columns that are sorted at once, which a processor's cache holds.
_COLUMNS_AT_ONCE = 32
# Most angles that are mirrored at both ends before the slow part of a column is separated.
_MOST_PADDING = 150


def remove_stripes_by_normalisation(sinogram: Array, radius: int, chunks: int = 1) -> Array:
    """Subtract from each column how far its mean is from the smoothed mean.

    `sinogram` is (angles, columns) float32. It is cut along the angles into `chunks` parts of
    about equal length, each treated by itself; `radius` is the standard deviation, in columns, of
    the Gaussian that smooths the mean.
    """
    result = xp.empty_like(sinogram)
    for rows in xp.array_split(xp.arange(sinogram.shape[0]), chunks):
        part = slice(rows[0], rows[-1] + 1)
        mean = sinogram[part].mean(axis=0, dtype=xp.float64)
        stripe = mean - ndimage.gaussian_filter1d(mean, radius)
        xp.subtract(sinogram[part], stripe.astype(xp.float32), out=result[part])
    return result


def remove_stripes_by_sorting(sinogram: Array, size: int) -> Array:
    """Sort every column, take the median across columns, and undo the sorting.

    `sinogram` is (angles, columns) float32, `size` the width of the median in columns. Algorithm 3
    of Vo, Atwood and Drakopoulos, doi:10.1364/OE.26.028396.
    """
    values, order = sort_columns(sinogram)
    return unsort_columns(median_across_columns(values, size), order)


def remove_stripes_by_filtering(sinogram: Array, sigma: float, size: int) -> Array:
    """Remove stripes, by sorting, from what changes slowly along the angles.

    `sinogram` is (angles, columns) float32, `sigma` the width in frequency samples of what is slow,
    and `size` that of the median in columns. Algorithms 2 and 3 of Vo, Atwood and Drakopoulos,
    doi:10.1364/OE.26.028396.
    """
    angles = len(sinogram)
    pad = min(angles // 10, _MOST_PADDING)
    slow = low_pass(sinogram, sigma, pad)
    return remove_stripes_by_sorting(slow, size) + (sinogram - slow)


def remove_stripes_by_fitting(
    sinogram: Array, order: int, sigma_angles: float, sigma_columns: float
) -> Array:
    """Replace the polynomial that fits each column by a smooth version of them all.

    `sinogram` is (angles, columns) float32, `order` that of the polynomial; `sigma_angles` and
    `sigma_columns` are the widths in frequency samples of what is smooth. Algorithm 1 of Vo, Atwood
    and Drakopoulos, doi:10.1364/OE.26.028396.
    """
    angles = len(sinogram)
    fit = xp.abs(_running_polynomial(sinogram, order))
    pad = min(angles // 10, 50)
    smooth = low_pass_both(fit, (sigma_angles, sigma_columns), pad)
    smooth *= fit.mean(dtype=xp.float64) / smooth.mean(dtype=xp.float64)
    return xp.divide(sinogram, fit, out=xp.zeros_like(sinogram), where=fit != 0) * smooth


def remove_stripes_by_regularisation(sinogram: Array, alpha: float, chunks: int = 1) -> Array:
    """Add to the logarithm of each column what makes the mean along the angles smooth.

    `sinogram` is (angles, columns) float32 transmission; values that have no logarithm count as
    the mean. `alpha` weighs the smoothness, smaller is stronger; `chunks` as in
    `remove_stripes_by_normalisation`. Titarenko, Withers and Yagola,
    doi:10.1016/j.aml.2010.08.022.
    """
    columns = sinogram.shape[1]
    integrals = -xp.log(xp.where(sinogram > 0, sinogram, sinogram.mean()))
    inverse = _regularisation(columns, alpha)
    for rows in xp.array_split(xp.arange(sinogram.shape[0]), chunks):
        part = slice(rows[0], rows[-1] + 1)
        mean = integrals[part].mean(axis=0, dtype=xp.float64)
        curvature = -xp.diff(xp.diff(mean), prepend=0, append=0)
        integrals[part] += (inverse @ curvature).astype(xp.float32)
    return xp.exp(-integrals)


def _running_polynomial(sinogram: Array, order: int) -> Array:
    """Return the Savitzky-Golay fit to each column, with as many angles as the scan has.

    The ends are mirrored, so the convolution is a product of cosine transforms.
    """
    angles = len(sinogram)
    window = angles - 1 + angles % 2
    kernel = xp.zeros(angles)
    # What the least squares fit to a window gives in its middle, as weights of its values.
    powers = xp.polynomial.polynomial.polyvander(xp.linspace(-1, 1, window), order)
    basis, _ = xp.linalg.qr(powers)
    kernel[: window // 2 + 1] = (basis @ basis[window // 2])[window // 2 :]
    weight = fft.dct(kernel, 1).astype(xp.float32)
    return xp.asarray(fft.idct(fft.dct(sinogram, 1, axis=0) * weight[:, None], 1, axis=0))


@lru_cache(maxsize=4)
def _regularisation(columns: int, alpha: float) -> Array:
    """Return the negative inverse (columns, columns) of the operator that measures roughness."""
    tau = 2 * xp.arcsinh(xp.sqrt(alpha) / 2)
    i, j = xp.ogrid[:columns, :columns]
    # Exponentials are taken relative to the largest, which overflows on wide detectors.
    near, far = columns - 1 - xp.abs(i - j), columns - (i + j)
    largest = columns * tau
    total = sum(
        xp.exp(sign * place * tau - largest) for place in (near, far) for sign in (1.0, -1.0)
    )
    return -xp.tanh(tau / 2) / alpha * total / -xp.expm1(-2 * largest)


def sort_columns(sinogram: Array) -> tuple[Array, Array]:
    """Return the columns sorted, (angles, columns), and their angle indices, (columns, angles).

    Value and index are packed into one 64-bit integer: sorting these is several times as fast as
    an argsort, and ties keep the order of the angles, so the sorting is stable.
    """
    angles, columns = sinogram.shape
    values = xp.empty((angles, columns), xp.float32)
    order = xp.empty((columns, angles), xp.int32)
    place = xp.arange(angles, dtype=xp.uint64)
    for first in range(0, columns, _COLUMNS_AT_ONCE):
        part = slice(first, first + _COLUMNS_AT_ONCE)
        bits = xp.array(sinogram[:, part].T, xp.float32, order="C").view(xp.uint32)
        # The bits of floats order like integers once negative ones are inverted, the rest shifted.
        bits ^= (bits.view(xp.int32) >> 31).view(xp.uint32) | _SIGN
        keys = bits.astype(xp.uint64)
        keys <<= xp.uint64(32)
        keys |= place
        keys.sort(axis=1)
        order[part] = keys.astype(xp.uint32)
        keys >>= xp.uint64(32)
        bits = keys.astype(xp.uint32)
        bits ^= ~(bits.view(xp.int32) >> 31).view(xp.uint32) | _SIGN
        values[:, part] = bits.view(xp.float32).T
    return values, order


def unsort_columns(values: Array, order: Array) -> Array:
    """Return `values` (angles, columns) float32 of sorted columns, each where it came from."""
    angles, columns = values.shape
    result = xp.empty((angles, columns), xp.float32)
    for first in range(0, columns, _COLUMNS_AT_ONCE):
        part = slice(first, first + _COLUMNS_AT_ONCE)
        lines = xp.ascontiguousarray(values[:, part].T)
        back = xp.empty_like(lines)
        places = order[part] + angles * xp.arange(len(lines))[:, None]
        back.ravel()[places] = lines
        result[:, part] = back.T
    return result


def median_across_columns(lines: Array, size: int) -> Array:
    """Return the running median of width `size` along the last axis of (lines, columns).

    SciPy's filter for one long line is far faster than its filter for images, so the lines are
    joined, each with a mirrored border of its own.
    """
    before, after = size // 2, size - 1 - size // 2
    padded = xp.pad(lines, ((0, 0), (before, after)), mode="symmetric")
    joined = ndimage.median_filter(padded.ravel(), size).reshape(padded.shape)
    return joined[:, before : before + lines.shape[1]]
