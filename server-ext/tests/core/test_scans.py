from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from savu_core.files import FileKind, classify
from savu_core.scans import ScanError, find_scan


def test_a_scan_is_described(scan_file: Path) -> None:
    scan = find_scan(scan_file)
    assert scan.path == scan_file
    assert scan.data_path == "entry1/tomo_entry/data/data"
    assert scan.image_key_path == "entry1/tomo_entry/instrument/detector/image_key"
    assert scan.angles_path == "entry1/tomo_entry/data/rotation_angle"
    assert (scan.shape, scan.dtype, scan.title) == ((9, 4, 5), "uint16", "a small scan")
    assert (scan.n_projections, scan.n_flats, scan.n_darks) == (6, 2, 1)
    assert scan.projections_shape == (6, 4, 5)


def test_other_entries_are_found_by_class(tmp_path: Path) -> None:
    path = tmp_path / "scan.nxs"
    with h5py.File(path, "w") as file:
        entry = file.create_group("entry")
        entry.attrs["NX_class"] = "NXentry"
        entry["definition"] = np.array([b"NXtomo"])
        instrument = entry.create_group("instrument")
        instrument.attrs["NX_class"] = np.bytes_(b"NXinstrument")
        detector = instrument.create_group("pco")
        detector.attrs["NX_class"] = "NXdetector"
        detector["data"] = np.zeros((4, 2, 3), "float32")
        detector["image_key"] = [0, 0, 1, 2]
        sample = entry.create_group("sample")
        sample["rotation_angle"] = np.arange(4.0)
    scan = find_scan(path)
    assert scan.data_path == "entry/instrument/pco/data"
    assert scan.image_key_path == "entry/instrument/pco/image_key"
    assert scan.angles_path == "entry/sample/rotation_angle"
    assert scan.n_projections == 2


def test_frames_in_a_linked_file_are_found(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "frames.h5", "w") as file:
        group = file.create_group("pco")
        group.attrs["NX_class"] = "NXdata"
        group["data"] = np.zeros((3, 2, 2), "uint16")
        group["image_key"] = [0, 0, 1]
    path = tmp_path / "scan.nxs"
    with h5py.File(path, "w") as file:
        file.create_group("entry1")["pco"] = h5py.ExternalLink("frames.h5", "/pco")
    assert classify(path) is FileKind.SCAN
    scan = find_scan(path)
    assert (scan.data_path, scan.image_key_path) == ("entry1/pco/data", "entry1/pco/image_key")
    (tmp_path / "frames.h5").unlink()
    assert classify(path) is FileKind.OTHER
    with pytest.raises(ScanError, match="holds no tomography scan"):
        find_scan(path)


def test_frames_without_a_key_are_projections(tmp_path: Path) -> None:
    path = tmp_path / "plain.h5"
    with h5py.File(path, "w") as file:
        file["frames"] = np.zeros((5, 2, 3))
    scan = find_scan(path, "frames")
    assert (scan.image_key_path, scan.angles_path) == (None, None)
    assert scan.n_projections == 5


def test_errors_say_what_was_looked_for_and_what_there_is(scan_file: Path, tmp_path: Path) -> None:
    with pytest.raises(ScanError) as caught:
        find_scan(scan_file, "entry1/nothere/data")
    assert str(caught.value) == (
        "scan.nxs has no dataset entry1/nothere/data; it has entry1/tomo_entry/data/data"
    )
    with pytest.raises(ScanError, match="1 dimensions"):
        find_scan(scan_file, "entry1/tomo_entry/data/rotation_angle")
    text = tmp_path / "scan.txt"
    text.write_text("no scan")
    with pytest.raises(ScanError, match="not an HDF5 file"):
        find_scan(text)
    with pytest.raises(FileNotFoundError):
        find_scan(tmp_path / "gone.nxs")


def test_a_loop_of_links_ends(tmp_path: Path) -> None:
    path = tmp_path / "loop.nxs"
    with h5py.File(path, "w") as file:
        group = file.create_group("entry")
        group.attrs["NX_class"] = "NXentry"
        group["again"] = group
        group["soft"] = h5py.SoftLink("/entry")
    assert classify(path) is FileKind.OTHER


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
    max_examples=30,
    derandomize=True,
)
@given(where=st.floats(0, 1), length=st.integers(1, 4000))
def test_a_damaged_scan_is_described_or_named(scan_file: Path, where: float, length: int) -> None:
    content = scan_file.read_bytes()
    # behind the superblock, so that HDF5 opens the file
    begin = 96 + int(where * (len(content) - 97))
    path = scan_file.with_name("damaged.nxs")
    path.write_bytes(
        content[:begin] + (b"\xff" * length)[: len(content) - begin] + content[begin + length :]
    )
    try:
        assert find_scan(path).shape
    except ScanError as error:
        assert "damaged.nxs" in str(error)
