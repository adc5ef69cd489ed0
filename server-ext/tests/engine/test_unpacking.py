"""Scans whose rows are stored together: each chunk is read once, not once for every block."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import pytest

from savu_embedded.__main__ import main
from savu_embedded.phantom import Preset, write_scan

from .conftest import CHAIN, FBP, MakeList, final, user_log

PLACE = "entry1/tomo_entry/data/data"


@pytest.fixture
def packed(scan: Path, tmp_path: Path) -> Path:
    """The phantom scan with its frames compressed one by one."""
    path = tmp_path / "packed.nxs"
    path.write_bytes(scan.read_bytes())
    with h5py.File(path, "r+") as file:
        pack(file, file[PLACE][()])
    return path


def pack(file: h5py.File, values: np.ndarray) -> None:
    """Replace the frames by compressed ones."""
    del file[PLACE]
    file.create_dataset(PLACE, data=values, chunks=(1, *values.shape[1:]), compression="gzip")


def run(scan: Path, plist: Path, folder: Path, *options: str) -> int:
    return main([str(scan), str(plist), str(folder.parent), "-f", folder.name, "-q", *options])


def test_compressed_frames_are_unpacked_once(
    scan: Path, packed: Path, make_list: MakeList, tmp_path: Path
) -> None:
    plist = make_list(*CHAIN, FBP)
    assert run(scan, plist, tmp_path / "plain") == 0
    assert run(packed, plist, tmp_path / "packed", "--block", "2") == 0
    np.testing.assert_array_equal(final(tmp_path / "packed"), final(tmp_path / "plain"))
    log = (tmp_path / "packed" / "run_log" / "log.txt").read_text()
    assert log.count("Unpacking tomo") == 1
    assert [path.name for path in (tmp_path / "packed").glob("*.h5")] == [
        "tomo_p3_astra_recon_cpu.h5"
    ]
    assert "Unpacking" not in (tmp_path / "plain" / "run_log" / "log.txt").read_text()


def test_a_share_unpacks_its_rows(make_list: MakeList, tmp_path: Path) -> None:
    scan = tmp_path / "scan.nxs"
    write_scan(scan, Preset(31, 16, 64, 0.0, fields=2))
    plist = make_list(*CHAIN, ("AstraReconCpu", {"centre_of_rotation": 31.5}))
    assert run(scan, plist, tmp_path / "plain") == 0
    with h5py.File(scan, "r+") as file:
        pack(file, file[PLACE][()])
    for part in ("1/2", "2/2"):
        assert run(scan, plist, tmp_path / "shared", "--share", part, "--block", "2") == 0
        log = tmp_path / "shared" / "shares" / part.replace("/", "_of_") / "run_log" / "log.txt"
        assert log.read_text().count("Unpacking tomo") == 1
    assert run(scan, plist, tmp_path / "shared", "--join") == 0
    np.testing.assert_array_equal(final(tmp_path / "shared"), final(tmp_path / "plain"))


def test_few_rows_are_read_as_they_are(packed: Path, make_list: MakeList, tmp_path: Path) -> None:
    plist = make_list(("NxtomoLoader", {"preview": [":", "2:6", ":"]}), *CHAIN[1:], FBP)
    assert run(packed, plist, tmp_path / "run", "--block", "2") == 0
    assert "Unpacking" not in (tmp_path / "run" / "run_log" / "log.txt").read_text()


def test_values_that_are_no_numbers_are_named_there_too(
    packed: Path, make_list: MakeList, tmp_path: Path
) -> None:
    with h5py.File(packed, "r+") as file:
        values = file[PLACE][()].astype(np.float32)
        values[20, 3, 5] = np.inf
        pack(file, values)
    assert run(packed, make_list(*CHAIN, FBP), tmp_path / "run", "--block", "2") == 0
    assert "1 values of tomo are no numbers, or infinite: in frames" in user_log(tmp_path / "run")
