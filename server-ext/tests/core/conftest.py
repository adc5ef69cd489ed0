from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import pytest


@pytest.fixture
def data() -> Path:
    """The folder of the test files."""
    return Path(__file__).parent.parent / "data"


@pytest.fixture
def lists(data: Path) -> list[Path]:
    """Process lists of several versions of Savu, with all the oddities that they have."""
    return sorted([*data.glob("lists/*.nxs"), *data.glob("savu_lists/*.nxs")])


@pytest.fixture
def scan_file(tmp_path: Path) -> Path:
    """A small NXtomo scan: 6 projections of 4 x 5, 2 flat and 1 dark field."""
    path = tmp_path / "scan.nxs"
    with h5py.File(path, "w") as file:
        entry = file.create_group("entry1/tomo_entry")
        file["entry1"].attrs["NX_class"] = "NXentry"
        entry.attrs["NX_class"] = "NXsubentry"
        entry["definition"] = "NXtomo"
        entry["title"] = "a small scan"
        group = entry.create_group("data")
        group.attrs["NX_class"] = "NXdata"
        group.attrs["signal"] = "data"
        group["data"] = np.arange(9 * 4 * 5, dtype="uint16").reshape(9, 4, 5)
        group["rotation_angle"] = np.linspace(0, 180, 9)
        detector = entry.create_group("instrument/detector")
        detector["image_key"] = np.array([2, 1, 0, 0, 0, 0, 0, 0, 1])
    return path
