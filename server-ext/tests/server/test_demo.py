"""The demo folder of `npm start`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import h5py
import pytest

from jupyterlab_savu.demo import make_demo
from savu_core.files import FileKind, classify, read_process_list, write_process_list
from savu_core.model import ProcessList


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    make_demo(tmp_path / "demo", preset="tiny")
    return tmp_path / "demo"


def test_holds_a_scan_and_two_process_lists(demo: Path) -> None:
    kinds = {path.name: classify(path) for path in demo.iterdir()}
    assert kinds == {
        "scan.nxs": FileKind.SCAN,
        "demo_fbp.nxs": FileKind.LIST,
        "demo_skimage.nxs": FileKind.LIST,
    }


@pytest.mark.parametrize("name", ["demo_fbp", "demo_skimage"])
def test_its_lists_run_on_its_scan(demo: Path, tmp_path: Path, name: str) -> None:
    out = tmp_path / "out"
    out.mkdir()
    command = [sys.executable, "-m", "savu_embedded", "scan.nxs", f"{name}.nxs", str(out)]
    subprocess.run([*command, "-f", "run"], cwd=demo, check=True)
    with h5py.File(out / "run" / "scan_processed.nxs") as result:
        assert any(group.startswith("final_result") for group in result["entry"])


def test_fixed_centre_is_the_true_one(demo: Path) -> None:
    with h5py.File(demo / "scan.nxs") as scan:
        truth = scan["truth/centre"][()]
    plist, _ = read_process_list(demo / "demo_skimage.nxs")
    assert plist.plugins[-1].parameters["centre_of_rotation"] == truth


def test_what_the_user_changed_stays(demo: Path) -> None:
    changed = demo / "demo_fbp.nxs"
    write_process_list(changed, ProcessList())
    (demo / "demo_skimage.nxs").unlink()
    before = {path.name: path.stat().st_mtime_ns for path in demo.iterdir()}

    assert make_demo(demo, preset="tiny") == [demo / "demo_skimage.nxs"]

    assert read_process_list(changed)[0].plugins == []
    for name, modified in before.items():
        assert (demo / name).stat().st_mtime_ns == modified


def test_notebooks_are_copied_beside_the_data(tmp_path: Path) -> None:
    (tmp_path / "examples").mkdir()
    (tmp_path / "examples" / "one.ipynb").write_text("{}")
    make_demo(tmp_path / "demo", preset="tiny", notebooks=tmp_path / "examples")
    assert (tmp_path / "demo" / "one.ipynb").read_text() == "{}"


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    command = [sys.executable, "-m", "jupyterlab_savu.demo", str(tmp_path / "file")]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 1
    assert answer.stderr.startswith(f"The demo folder {tmp_path / 'file'} cannot be written: ")
    assert "Traceback" not in answer.stderr
