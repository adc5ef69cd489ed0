"""Comparing a result with the truth of a phantom scan.

    python -m savu_embedded.verify RESULT_processed.nxs SCAN.nxs

prints JSON: `size` (rows, slices, columns of the volume), `centre` and `centre_true` (columns),
and `error`, the root mean square of the difference relative to that of the truth.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from scipy.ndimage import gaussian_filter

from savu_core.preview import parse_preview
from savu_core.scans import find_scan
from savu_embedded.phantom import true_slice

# Noise is not what is judged: both images are blurred, by so many pixels.
_BLUR = 1.0
# Rings of an edge and what lies outside the field of view are not either.
_RADIUS = 0.8
_MOST_SLICES = 3


def verify(result: Path, scan: Path) -> dict[str, Any]:
    """Return the figures that the module prints.

    Raises:
        KeyError: the result holds no volume, or the scan no truth.
    """
    with h5py.File(result, "r") as file:
        entry = file["entry"]
        final = entry[entry.attrs["default"]]
        volume = final["data"]
        link = final.get("data", getlink=True)
        loader = json.loads(entry["plugin/1/data"][0])
        shape = find_scan(scan).projections_shape
        rows = np.unique(parse_preview(loader["preview"], shape)[1].indices())
        chosen = np.unique(np.linspace(0, len(rows) - 1, _MOST_SLICES).astype(int))
        slices = {int(rows[k]): volume[:, k, :] for k in chosen}
        centre = float(np.median(final["meta_data/centre_of_rotation/centre_of_rotation"][()]))
        size = list(volume.shape)
    with h5py.File(scan, "r") as file:
        centre_true = float(file["truth/centre"][()])
    # ASTRA's axis is in the middle of the image, that of the other plugins on a pixel.
    axis = (size[0] - 1) / 2 if "Astra" in link.path else size[0] // 2
    inside = np.hypot(*(np.mgrid[: size[0], : size[0]] - axis)) < _RADIUS * size[0] / 2
    difference = power = 0.0
    for row, image in slices.items():
        truth = gaussian_filter(true_slice(scan, row, size[0], axis), _BLUR)[inside]
        found = gaussian_filter(image, _BLUR)[inside]
        difference += float(np.sum((found - truth) ** 2))
        power += float(np.sum(truth**2))
    return {
        "size": size,
        "centre": centre,
        "centre_true": centre_true,
        "error": float(np.sqrt(difference / power)),
    }


def main() -> int:
    """Print the figures for the files on the command line."""
    parser = argparse.ArgumentParser(description="Compare a result with a phantom's truth.")
    parser.add_argument("result", type=Path)
    parser.add_argument("scan", type=Path)
    options = parser.parse_args()
    try:
        figures = verify(options.result, options.scan)
    except (KeyError, OSError) as error:
        print(f"Cannot compare: {error}", file=sys.stderr)
        return 1
    print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
