"""Dark and flat field correction."""

from savu_embedded.arrays import Array, xp


def correction_factors(dark: Array, flat: Array) -> tuple[Array, Array]:
    """Return the two images, both (rows, columns) float32, that `correct` needs.

    `dark` and `flat` are mean images (rows, columns). The second image returned is the inverse of
    `flat - dark`, where a difference of zero (a dead pixel) counts as one, as in Savu.
    """
    difference = flat - dark
    difference[difference == 0] = 1
    return dark.astype(xp.float32), (1 / difference).astype(xp.float32)


def correct(
    raw: Array,
    dark: Array,
    scale: Array,
    lower: float | None = None,
    upper: float | None = None,
) -> Array:
    """Return the transmission `(raw - dark) * scale` of a sinogram or a frame, float32.

    `raw` is (angles, columns) or (rows, columns). `dark` and `scale` are the images of
    `correction_factors`, or the detector row (columns,) of them for a sinogram.
    Values below `lower` and above `upper` are clipped where these are given.
    """
    result = xp.subtract(raw, dark, dtype=xp.float32)
    result *= scale
    xp.nan_to_num(result, copy=False)
    if lower is not None or upper is not None:
        xp.clip(result, lower, upper, out=result)
    return result
