"""A run that ended early goes on where it was, and what it makes is the same."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import h5py
import numpy as np
import pytest

from savu_core.runs import read_run
from savu_embedded.__main__ import main

from .conftest import CHAIN, FBP, MakeList, final, user_log
from .test_stops import SOON, started, wait_until

PAGANIN = ("PaganinFilter", {"Padtopbottom": 4, "Padleftright": 8})
SLOW = ("AstraReconCpu", {"algorithm": "SIRT", "n_iterations": 12, "log": False})


def blocks_written(folder: Path) -> int:
    """How many rows of the reconstruction are marked as written."""
    try:
        with h5py.File(folder / "tomo_p4_astra_recon_cpu.h5", locking=False) as file:
            return int(file["4-AstraReconCpu-tomo/written"][()].sum())
    except (OSError, KeyError):
        return 0


@pytest.mark.parametrize("kind", ["plugin", "subplugin"])
def test_a_run_goes_on_where_it_ended(
    kind: str,
    scan: Path,
    make_list: MakeList,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    plist = make_list(*CHAIN, PAGANIN, SLOW)
    folder = tmp_path / "run"
    with started(scan, plist, tmp_path, "-f", "run", "--checkpoint", "--block", 2) as process:
        wait_until(lambda: blocks_written(folder) >= 2)
        (folder / "killsignal").touch()
        process.communicate(timeout=SOON)
    assert process.returncode == 3
    written = blocks_written(folder)
    assert 0 < written < 8
    assert run(scan, plist, folder, "--checkpoint", kind) == 0
    told = (folder / "run_log" / "log.txt").read_text()
    assert told.count("91 frames in blocks") == 1
    assert (f"{written} of 8 rows are there already" in told) == (kind == "subplugin")
    status = read_run(folder)
    assert (status.state, status.fraction) == ("succeeded", 1)
    assert user_log(folder).count("User Log Started") == 2
    assert run(scan, plist, tmp_path / "whole") == 0
    np.testing.assert_array_equal(final(folder), final(tmp_path / "whole"))
    # what went from stage to stage is gone
    assert [path.name for path in folder.glob("*.h5")] == ["tomo_p4_astra_recon_cpu.h5"]
    assert run(scan, plist, folder, "--checkpoint") == 0
    assert "is complete already" in capsys.readouterr().out


def run(scan: Path, plist: Path, folder: Path, *options: str) -> int:
    arguments = [str(scan), str(plist), str(folder.parent), "-f", folder.name, "-q", *options]
    return main(arguments)


def test_what_has_changed_is_named(
    scan: Path, make_list: MakeList, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "killsignal").touch()
    own = shutil.copy(scan, tmp_path / "own.nxs")
    plist = make_list(*CHAIN, FBP)
    assert run(own, plist, folder) == 3
    changed = make_list(*CHAIN, "HilbertFilter", name="changed.nxs")
    assert run(own, changed, folder, "--checkpoint") == 2
    assert "the process list has changed. What it made is untouched" in capsys.readouterr().err
    assert run(own, plist, folder, "--checkpoint", "--keep") == 2
    assert "begun with another --keep" in capsys.readouterr().err
    with h5py.File(own, "r+") as file:
        file["entry1/tomo_entry/data/data"][0, 0, 0] = 7
    assert run(own, plist, folder, "--checkpoint") == 2
    assert "the scan has changed" in capsys.readouterr().err
    # nothing was touched
    assert read_run(folder).state == "killed"
    assert sorted(path.name for path in (folder / "run_log").glob("*.nxs")) == ["list.nxs"]


def test_a_damaged_checkpoint_is_told(
    scan: Path, make_list: MakeList, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "run"
    (folder / "checkpoint").mkdir(parents=True)
    (folder / "checkpoint" / "embedded.json").write_text(json.dumps({"identity": {}}))
    assert run(scan, make_list(*CHAIN, FBP), folder, "--checkpoint") == 2
    assert "checkpoint in" in capsys.readouterr().err


def test_a_folder_of_another_program_is_no_checkpoint(
    scan: Path, make_list: MakeList, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "run" / "run_log").mkdir(parents=True)
    assert run(scan, make_list(*CHAIN, FBP), tmp_path / "run", "--checkpoint") == 2
    assert "holds a run" in capsys.readouterr().err


def test_the_kill_signal_stops_work_in_one_process(
    scan: Path, make_list: MakeList, tmp_path: Path
) -> None:
    endless = ("VoCentering", {"in_datasets": ["tomo"], "step": 0.00002})
    plist = make_list(*CHAIN, endless, FBP)
    # so few values are worked on by the process itself
    with started(scan, plist, tmp_path, "-f", "run") as process:
        wait_until(lambda: read_run(tmp_path / "run").state == "running")
        (tmp_path / "run" / "killsignal").touch()
        process.communicate(timeout=SOON)
    assert process.returncode == 3
    assert read_run(tmp_path / "run").state == "killed"


def test_values_that_are_no_numbers_are_named(
    scan: Path, make_list: MakeList, tmp_path: Path
) -> None:
    own = tmp_path / "own.nxs"
    shutil.copy(scan, own)
    with h5py.File(own, "r+") as file:
        place = "entry1/tomo_entry/data/data"
        values = file[place][()].astype(np.float32)
        values[20:22, 3:6, 5] = np.nan
        del file[place]
        file[place] = values
    assert run(own, make_list(*CHAIN, FBP), tmp_path / "run") == 0
    assert "6 values of tomo are no numbers, or infinite: in rows 0 to 7" in user_log(
        tmp_path / "run"
    )
    assert run(own, make_list(*CHAIN, FBP), tmp_path / "two", "--block", "2") == 0
    assert "in rows 2 to 5 of those loaded" in user_log(tmp_path / "two")
