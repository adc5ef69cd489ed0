"""Denoising that keeps edges: the least total variation near an image."""

from savu_embedded.arrays import Array, xp


def denoise_bregman(
    image: Array, weight: float, iterations: int, tolerance: float, isotropic: bool
) -> Array:
    """Return `image` (rows, columns), float32, with a smaller total variation.

    A smaller `weight` removes more. It ends after so many `iterations`, or when the root of the
    mean square of a change is not above `tolerance`. Split Bregman method with Gauss-Seidel
    sweeps: Goldstein and Osher, doi:10.1137/080725891; Getreuer, doi:10.5201/ipol.2012.g-tvd.

    Pixels of one sweep depend on those above and to the left, so whole diagonals are updated at
    once: in the sheared arrays here, row s holds the pixels whose row and column add up to s.
    """
    rows, columns = image.shape
    values = image.astype(xp.float32)
    solution = _sheared(_bordered(values))
    target = _sheared(xp.pad(values, 1))
    split_x, split_y, left_x, left_y = (xp.zeros_like(solution) for _ in range(4))
    coupling = xp.float32(2 * weight)
    weight = xp.float32(weight)
    scale = 1 / (weight + 4 * coupling)
    diagonals = [
        (s, slice(max(1, s - columns), min(rows, s - 1) + 1)) for s in range(2, rows + columns + 1)
    ]
    for _ in range(iterations):
        square = 0.0
        for s, row in diagonals:
            above = slice(row.start - 1, row.stop - 1)
            below = slice(row.start + 1, row.stop + 1)
            before = solution[s, row]
            right, down = solution[s + 1, row], solution[s + 1, below]
            slope_x, slope_y = right - before, down - before
            rest_x, rest_y = left_x[s, row] - split_x[s, row], left_y[s, row] - split_y[s, row]
            neighbours = right + down + solution[s - 1, row] + solution[s - 1, above]
            neighbours += rest_x + rest_y
            neighbours += split_x[s - 1, row] - left_x[s - 1, row]
            neighbours += split_y[s - 1, above] - left_y[s - 1, above]
            after = (coupling * neighbours + weight * target[s, row]) * scale
            change = after - before
            square += float(xp.dot(change, change))
            solution[s, row] = after
            slope_x += left_x[s, row]
            slope_y += left_y[s, row]
            small_x, small_y = _shrunk(slope_x, slope_y, coupling, isotropic)
            split_x[s, row], split_y[s, row] = small_x, small_y
            left_x[s, row], left_y[s, row] = slope_x - small_x, slope_y - small_y
        if (square / values.size) ** 0.5 <= tolerance:
            break
    return _upright(solution, rows, columns)


def least_variation(image: Array, weight: float, iterations: int) -> Array:
    """Return the image with the least ``variation * weight + squared difference / 2``, nearly.

    `image` is (rows, columns) float32, and the variation the sum of the lengths of its gradient.
    Fast gradient projection: Beck and Teboulle, doi:10.1109/TIP.2009.2028250.
    """
    weight = xp.float32(weight)
    dual = ahead = xp.zeros((2, *image.shape), xp.float32)
    momentum = 1.0
    for _ in range(iterations):
        slope = _gradient(image - weight * _divergence(ahead))
        slope /= 8 * weight
        slope += ahead
        slope /= xp.maximum(1, xp.hypot(*slope))
        following = (1 + (1 + 4 * momentum**2) ** 0.5) / 2
        ahead = slope + xp.float32((momentum - 1) / following) * (slope - dual)
        dual, momentum = slope, following
    return xp.asarray(image - weight * _divergence(dual))


def _gradient(image: Array) -> Array:
    """Return the differences (2, rows, columns) to the next row and column, 0 at the end."""
    slope = xp.zeros((2, *image.shape), xp.float32)
    xp.subtract(image[1:], image[:-1], out=slope[0, :-1])
    xp.subtract(image[:, 1:], image[:, :-1], out=slope[1, :, :-1])
    return slope


def _divergence(field: Array) -> Array:
    """Return the adjoint of `_gradient`, (rows, columns)."""
    total = xp.zeros(field.shape[1:], xp.float32)
    total[:-1] -= field[0, :-1]
    total[1:] += field[0, :-1]
    total[:, :-1] -= field[1, :, :-1]
    total[:, 1:] += field[1, :, :-1]
    return total


def _shrunk(x: Array, y: Array, coupling: xp.float32, isotropic: bool) -> tuple[Array, Array]:
    """Return slopes with less variation: of both directions together, or of each by itself."""
    if isotropic:
        factor = coupling * xp.hypot(x, y)
        factor /= factor + 1
        return x * factor, y * factor
    limit = 1 / coupling
    return x - xp.clip(x, -limit, limit), y - xp.clip(y, -limit, limit)


def _bordered(image: Array) -> Array:
    """Return `image` with a border: mirrored above and to the left, repeated on the other sides."""
    bordered = xp.pad(image, 1)
    bordered[0, 1:-1], bordered[-1, 1:-1] = image[min(1, len(image) - 1)], image[-1]
    bordered[1:-1, 0], bordered[1:-1, -1] = image[:, min(1, image.shape[1] - 1)], image[:, -1]
    return bordered


def _sheared(image: Array) -> Array:
    rows, columns = image.shape
    sheared = xp.zeros((rows + columns, rows), xp.float32)
    for row, line in enumerate(image):
        sheared[row : row + columns, row] = line
    return sheared


def _upright(sheared: Array, rows: int, columns: int) -> Array:
    lines = [sheared[row + 1 : row + 1 + columns, row] for row in range(1, rows + 1)]
    return xp.stack(lines)
