"""What `--plan` tells before a run, and what bounds the memory of a worker."""

from __future__ import annotations

import json
from pathlib import Path

import h5py
import pytest

from savu_embedded.__main__ import main
from savu_embedded.blocks import GRID, Options, cut_blocks, unwritten
from savu_embedded.memory import Need

from .conftest import CHAIN, FBP, MakeList, user_log
from .test_unpacking import PLACE, pack

CENTRE = ("VoCentering", {"in_datasets": ["tomo"]})
TUNED = ("AstraReconCpu", {"FBP_filter": "ram-lak;hann"})


def test_a_plan_tells_passes_results_and_shares(
    scan: Path, make_list: MakeList, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paganin = ("PaganinFilter", {"Padtopbottom": 4, "Padleftright": 8})
    plist = make_list(*CHAIN, paganin, CENTRE, TUNED, name="plan.nxs")
    before = set(tmp_path.rglob("*"))
    assert main([str(scan), str(plist), "--plan", "--processes", "2"]) == 0
    assert set(tmp_path.rglob("*")) == before
    told = json.loads(capsys.readouterr().out)
    assert told["loaded"] == [
        {"name": "tomo", "shape": [91, 8, 128], "dtype": "uint16", "bytes": 91 * 8 * 128 * 2}
    ]
    assert [(one["cut"], len(one["plugins"])) for one in told["passes"]] == [
        ("rows", 2),
        ("frames", 1),
        ("rows", 2),
    ]
    assert told["passes"][2]["plugins"][1] == {"number": 5, "name": "AstraReconCpu"}
    (result,) = told["results"]
    assert result["shape"] == [128, 8, 128, 2]
    assert result["file"] == "tomo_p5_astra_recon_cpu.h5"
    assert told["disk"] == result["bytes"] + 2 * 91 * 8 * 128 * 4
    assert told["shares"] == {"most": 4, "prepare": True}
    assert 0 < told["seconds"] < 60
    assert 100e6 < told["memory"] == max(one["memory"] for one in told["passes"]) < 550e6


def test_a_plan_of_what_cannot_run_says_why(
    scan: Path, make_list: MakeList, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(scan), str(make_list(*CHAIN, "TomobarRecon")), "--plan"]) == 2
    assert "the embedded engine does not have it" in capsys.readouterr().err


def test_a_plan_tells_that_frames_are_unpacked(
    scan: Path, make_list: MakeList, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    packed = tmp_path / "packed.nxs"
    packed.write_bytes(scan.read_bytes())
    with h5py.File(packed, "r+") as file:
        pack(file, file[PLACE][()])
    assert main([str(packed), str(make_list(*CHAIN, FBP)), "--plan", "--block", "2"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(one["cut"], len(one["plugins"])) for one in told["passes"]] == [
        ("frames", 0),
        ("rows", 3),
    ]


def test_a_list_with_nothing_before_its_shares_says_so(
    scan: Path, make_list: MakeList, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(scan), str(make_list(*CHAIN, FBP)), "--plan"]) == 0
    assert json.loads(capsys.readouterr().out)["shares"] == {"most": 4, "prepare": False}


@pytest.mark.parametrize("rows", [128, 1024, 100_000])
def test_blocks_fit_into_the_memory_of_a_worker_whatever_the_scan(rows: int) -> None:
    need = Need(fixed=300_000_000, each=30_000_000)
    blocks, _ = cut_blocks((0, rows), 2_000_000, 1, need, Options(processes=2, memory=500))
    length = blocks[0][1] - blocks[0][0]
    assert length == 6
    assert need.of(length) <= 500_000_000
    assert (blocks[0][0], blocks[-1][1]) == (0, rows)


def test_rows_that_are_too_large_are_still_done_two_at_a_time() -> None:
    need = Need(fixed=300_000_000, each=5_000_000_000)
    blocks, _ = cut_blocks((0, 5), 2_000_000, 1, need, Options(memory=500))
    assert blocks == [(0, GRID), (2, 4), (4, 5)]


def test_a_limit_that_cannot_be_kept_is_told(
    scan: Path, make_list: MakeList, tmp_path: Path
) -> None:
    arguments = [str(scan), str(make_list(*CHAIN, FBP)), str(tmp_path), "-f", "run", "-q"]
    assert main([*arguments, "--memory", "50"]) == 0
    assert "MB for 2 rows, not 50." in user_log(tmp_path / "run")


def test_what_was_written_is_left_out_of_a_block() -> None:
    done = {(0, 2), (4, 6), (8, 9)}
    assert unwritten((0, 9), lambda *span: span in done) == (2, 8)
    assert unwritten((4, 6), lambda *span: span in done) is None
    assert unwritten((0, 9), lambda *_: False) == (0, 9)
