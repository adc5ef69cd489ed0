"""`jupyter savu check` and `diff`, run as a user runs them."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path

import pytest

from jupyterlab_savu.client.command import main

Capture = pytest.CaptureFixture[str]
STAND_IN = Path(__file__).parent.parent / "bridge" / "stand_in_savu.py"


@pytest.fixture
def path(data: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "a list.nxs"
    shutil.copy(data / "lists/made_basic_fbp_phantom_tomo_a.nxs", copy)
    return copy


@pytest.fixture
def other(path: Path, tmp_path: Path, capsys: Capture) -> Path:
    """The list with some edits."""
    copy = tmp_path / "other.nxs"
    shutil.copy(path, copy)
    lines = ["mod 3.radius 21", "set 2 off", "add MedianFilter 2", "iterate --set 2 3 4"]
    assert main(["edit", str(copy), *lines]) == 0
    capsys.readouterr()
    return copy


def test_a_comparison_says_what_differs(path: Path, other: Path, capsys: Capture) -> None:
    assert main(["diff", str(path), str(path)]) == 0
    assert capsys.readouterr().out == "both lists do the same\n"
    assert main(["diff", str(path), str(other)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "+ 2 MedianFilter",
        "  3 DarkFlatFieldCorrection (switched off)",
        "  4 RingRemovalNormalization",
        "      radius: 11 -> 21",
        "+ plugins 2 to 3 run 4 times",
    ]


def test_a_check_names_the_problems(path: Path, data: Path, capsys: Capture) -> None:
    scan = str(data / "phantom_tomo_a.nxs")
    assert main(["check", str(path), "--data", scan]) == 0
    assert capsys.readouterr().out == "nothing is wrong\n"
    assert main(["edit", str(path), "mod 1.preview [900:950,:,:]", "add Pymca"]) == 0
    capsys.readouterr()
    assert main(["check", str(path), "--data", scan, "--embedded"]) == 1
    told = capsys.readouterr().out
    assert "error: 1 NxtomoLoader.preview: the preview does not fit phantom_tomo_a.nxs" in told
    assert "error: 5 Pymca: the engine cannot run Pymca" in told


def test_a_check_asks_a_real_savu(path: Path, capsys: Capture) -> None:
    assert main(["add", str(path), "TomopyRecon"]) == 0
    capsys.readouterr()
    savu = shlex.join([sys.executable, str(STAND_IN)])
    assert main(["check", str(path), "--savu", savu]) == 1
    assert "error: 5 TomopyRecon: Savu 4.2 cannot import TomopyRecon" in capsys.readouterr().out
    assert main(["check", str(path), "--savu", "/no/such/python"]) == 2
    error = capsys.readouterr().err
    assert "/no/such/python: No such file or directory" in error
    assert error.count("\n") == 1


def test_a_scan_without_projections_is_told_in_one_line(path: Path, capsys: Capture) -> None:
    assert main(["check", str(path), "--data", str(path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
