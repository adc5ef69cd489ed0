"""A run from the command line: its folder, its exit code, and what it says."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import h5py
import numpy as np
import pytest

from savu_core.runs import read_run, result_datasets

from .conftest import CHAIN, FBP, Engine, MakeList, command, environment, final, user_log


def test_a_run_leaves_the_folder_that_savu_leaves(
    scan: Path, make_list: MakeList, engine: Engine, tmp_path: Path
) -> None:
    done = engine(scan, make_list(*CHAIN, FBP, "Hdf5Saver"))
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "run"
    found = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert found == {
        "tiny_processed.nxs",
        "tomo_p3_astra_recon_cpu.h5",
        "checkpoint/embedded.json",
        "run_log/user.log",
        "run_log/log.txt",
        "run_log/run_command.txt",
        "run_log/citations.txt",
        "run_log/list.nxs",
    }
    with h5py.File(folder / "tiny_processed.nxs") as file:
        assert file.attrs["default"] == "entry"
        assert file["entry"].attrs["default"] == "final_result_tomo"
        result = file["entry/final_result_tomo"]
        link = result.get("data", getlink=True)
        assert (link.filename, link.path) == (
            "tomo_p3_astra_recon_cpu.h5",
            "3-AstraReconCpu-tomo/data",
        )
        assert list(result.attrs["axes"]) == ["voxel_x", "voxel_y", "voxel_z"]
        assert result["data"].shape == (128, 8, 128)
        assert list(result.attrs["default_slice"]) == [".", "4", "."]
        assert result["voxel_y"].attrs["units"] == "voxels"
        assert list(result["patterns/VOLUME_XZ/core_dims"]) == [0, 2]
        assert list(result["patterns/VOLUME_XZ/slice_dims"]) == [1]
        assert file["entry/input_data/tomo/data"].shape == (101, 8, 128)
        assert file["entry/plugin/4/name"][0] == b"AstraReconCpu"


def test_its_status_reads_as_succeeded(
    scan: Path, make_list: MakeList, engine: Engine, tmp_path: Path
) -> None:
    engine(scan, make_list(*CHAIN, FBP))
    status = read_run(tmp_path / "run")
    assert status.state == "succeeded"
    assert status.fraction == 1
    assert [step.state for step in status.steps] == ["done"] * 4
    assert status.result == tmp_path / "run" / "tiny_processed.nxs"
    (dataset,) = result_datasets(status.result)
    assert dataset["shape"] == [128, 8, 128]


def test_the_folder_can_be_moved(
    scan: Path, make_list: MakeList, engine: Engine, tmp_path: Path
) -> None:
    engine(scan, make_list(*CHAIN, FBP))
    before = final(tmp_path / "run")
    shutil.move(tmp_path / "run", tmp_path / "elsewhere")
    np.testing.assert_array_equal(final(tmp_path / "elsewhere"), before)


def test_every_named_dataset_has_a_final_result(
    scan: Path, make_list: MakeList, engine: Engine, tmp_path: Path
) -> None:
    recon = (FBP[0], {**FBP[1], "in_datasets": ["tomo"], "out_datasets": ["recon"]})
    assert engine(scan, make_list(*CHAIN, recon)).returncode == 0
    assert final(tmp_path / "run", "tomo").shape == (91, 8, 128)
    assert final(tmp_path / "run", "recon").shape == (128, 8, 128)


def test_intermediate_results_are_kept_on_request(
    scan: Path, make_list: MakeList, engine: Engine, tmp_path: Path
) -> None:
    assert engine(scan, make_list(*CHAIN, FBP), "--keep").returncode == 0
    names = [d["path"] for d in result_datasets(tmp_path / "run" / "tiny_processed.nxs")]
    assert names == [
        "/entry/final_result_tomo/data",
        "/entry/intermediate/1-DarkFlatFieldCorrection-tomo/data",
        "/entry/intermediate/2-RingRemovalSorting-tomo/data",
    ]


@pytest.mark.parametrize(
    "options",
    [("--processes", 1), ("--processes", 2, "--block", 2), ("--processes", 3), ("--block", 4)],
    ids=str,
)
def test_the_result_does_not_depend_on_workers_and_blocks(
    scan: Path,
    make_list: MakeList,
    engine: Engine,
    tmp_path: Path,
    options: tuple[object, ...],
) -> None:
    tilted = (
        "ScikitimageFilterBackProjection",
        {"centre_of_rotation": {"0": 59.0, "7": 61.0}},
    )
    plist = make_list(*CHAIN, tilted)
    assert engine(scan, plist, folder="plain").returncode == 0
    done = engine(scan, plist, *options, folder="other")
    assert done.returncode == 0, done.stderr
    np.testing.assert_array_equal(final(tmp_path / "other"), final(tmp_path / "plain"))


def test_the_measured_centre_is_used_and_reported(
    scan: Path, make_list: MakeList, engine: Engine, tmp_path: Path
) -> None:
    centring = ("VoCentering", {"in_datasets": ["tomo"]})
    recon = ("AstraReconCpu", {"in_datasets": ["tomo"], "centre_of_rotation": 40.0})
    assert engine(scan, make_list(*CHAIN[:2], centring, recon)).returncode == 0
    with h5py.File(tmp_path / "run" / "tiny_processed.nxs") as file:
        meta = file["entry/final_result_tomo/meta_data"]
        np.testing.assert_allclose(meta["centre_of_rotation/centre_of_rotation"][()], 60, atol=0.5)
    assert "VoCentering - centre of rotation 60" in user_log(tmp_path / "run")


@pytest.mark.parametrize("name", ["cor_preview", "cor_broadcast"])
def test_the_centre_may_be_named_by_the_dataset_that_holds_it(
    scan: Path, make_list: MakeList, engine: Engine, tmp_path: Path, name: str
) -> None:
    centring = ("VoCentering", {"in_datasets": ["tomo"]})
    recon = ("AstraReconCpu", {"in_datasets": ["tomo"], "centre_of_rotation": name})
    done = engine(scan, make_list(*CHAIN[:2], centring, recon))
    assert done.returncode == 0, done.stderr
    other = ("AstraReconCpu", {"in_datasets": ["tomo"], "centre_of_rotation": "cor_other"})
    wrong = engine(scan, make_list(*CHAIN[:2], centring, other), folder="wrong")
    assert "names the dataset cor_other" in refused(wrong, tmp_path / "wrong")


def test_savus_options_are_accepted(
    scan: Path, make_list: MakeList, engine: Engine, tmp_path: Path
) -> None:
    done = engine(
        scan, make_list(*CHAIN, FBP), "-v", "-d", tmp_path, "-n", "CPU0,CPU1", "--stats", "off"
    )
    assert done.returncode == 0, done.stderr
    for option in ("-v", "-d", "-n", "--stats"):
        assert f"{option} has no meaning" in done.stdout
    assert engine(scan, make_list(*CHAIN, FBP), "-q", folder="quiet").stdout == ""


def test_capabilities_name_plugins_and_limits() -> None:
    done = subprocess.run(
        command("--capabilities"), capture_output=True, text=True, env=environment(), check=True
    )
    facts = json.loads(done.stdout)
    assert (facts["name"], facts["lacks"]) == ("embedded", [])
    assert facts["offers"] == ["checkpoint", "plan", "shares"]
    assert facts["plugins"]["AstraReconCpu"]["algorithm"] == ["FBP", "BP", "SIRT", "CGLS"]
    assert facts["plugins"]["TiffSaver"]["pattern"][0] == "PROJECTION"
    assert facts["plugins"]["DarkFlatFieldCorrection"] == {}


# What cannot run


def refused(done: subprocess.CompletedProcess[str], folder: Path) -> str:
    """Assert that nothing was started, and return what was said."""
    assert done.returncode == 2
    assert read_run(folder).state == "failed"
    message = done.stderr.splitlines()[-1]
    assert user_log(folder).splitlines()[-1] in message
    assert not list(folder.glob("*.h5"))
    return message


def test_all_plugins_that_cannot_run_are_named(
    scan: Path, make_list: MakeList, engine: Engine, tmp_path: Path
) -> None:
    plist = make_list(*CHAIN, "TomobarRecon", "CcpiDenoisingCpu", FBP)
    message = refused(engine(scan, plist), tmp_path / "run")
    assert "4 TomobarRecon: the embedded engine does not have it" in message
    assert "5 CcpiDenoisingCpu" in message


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"log_func": "__import__('os').system('true')"}, "log_func: \"__import__('os').system"),
        ({"algorithm": "SART"}, "the embedded engine runs FBP, BP, SIRT, CGLS"),
        ({"FBP_filter": "kaiser"}, "'kaiser' is not run"),
        ({"ratio": "wide"}, "ratio: 'wide' is not valid: a number or a list"),
        ({"centre_of_rotation": "60;x:y:z"}, "only the first may be a range"),
        ({"centre_of_rotation": "cor_preview"}, "names the dataset cor_preview"),
        ({"in_datasets": ["other"]}, "no dataset other is there, only tomo"),
        ({"vol_shape": "large"}, "an image of size 'large' is not supported"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_value_that_cannot_run_is_named(
    scan: Path,
    make_list: MakeList,
    engine: Engine,
    tmp_path: Path,
    changes: dict[str, object],
    expected: str,
) -> None:
    message = refused(engine(scan, make_list(*CHAIN, (FBP[0], changes))), tmp_path / "run")
    assert expected in message


def test_a_volume_is_no_input_for_ring_removal(
    scan: Path, make_list: MakeList, engine: Engine, tmp_path: Path
) -> None:
    message = refused(engine(scan, make_list(*CHAIN, FBP, "RingRemovalSorting")), tmp_path / "run")
    assert "5 RingRemovalSorting: in_datasets is empty, and of the datasets none is" in message


def test_a_missing_dataset_is_named_with_what_is_there(
    scan: Path, make_list: MakeList, engine: Engine, tmp_path: Path
) -> None:
    loader = ("NxtomoLoader", {"data_path": "entry1/nothere/data"})
    message = refused(engine(scan, make_list(loader, *CHAIN[1:], FBP)), tmp_path / "run")
    assert "no dataset entry1/nothere/data" in message
    assert "it has entry1/tomo_entry/data/data" in message


def test_a_scan_that_is_no_scan_is_told(
    scan: Path, make_list: MakeList, engine: Engine, tmp_path: Path
) -> None:
    plist = make_list(*CHAIN, FBP)
    text = tmp_path / "text.nxs"
    text.write_text("no HDF5")
    assert "not an HDF5 file" in refused(engine(text, plist, folder="a"), tmp_path / "a")
    cut = tmp_path / "cut.nxs"
    cut.write_bytes(scan.read_bytes()[:50_000])
    assert "truncated" in refused(engine(cut, plist, folder="b"), tmp_path / "b")
    nowhere = tmp_path / "nowhere.nxs"
    assert "no such file" in refused(engine(nowhere, plist, folder="c"), tmp_path / "c")


def test_a_list_that_is_no_list_is_told(scan: Path, engine: Engine, tmp_path: Path) -> None:
    assert "a scan, not a process list" in refused(engine(scan, scan), tmp_path / "run")


def test_a_run_is_never_overwritten(
    scan: Path, make_list: MakeList, engine: Engine, tmp_path: Path
) -> None:
    plist = make_list(*CHAIN, FBP)
    assert engine(scan, plist).returncode == 0
    before = user_log(tmp_path / "run")
    again = engine(scan, plist)
    assert again.returncode == 2
    assert "holds a run" in again.stderr
    assert user_log(tmp_path / "run") == before


def test_skipped_projections_are_as_if_they_were_not_there(
    scan: Path, make_list: MakeList, engine: Engine, tmp_path: Path
) -> None:
    skipping = (FBP[0], {**FBP[1], "skip_projections": list(range(1, 91, 2))})
    assert engine(scan, make_list(*CHAIN[:2], skipping), folder="skipped").returncode == 0
    loader = ("NxtomoLoader", {"preview": ["0:91:2", ":", ":"]})
    assert engine(scan, make_list(loader, CHAIN[1], FBP), folder="few").returncode == 0
    np.testing.assert_array_equal(final(tmp_path / "skipped"), final(tmp_path / "few"))
    beyond = (FBP[0], {**FBP[1], "skip_projections": [91]})
    done = engine(scan, make_list(*CHAIN[:2], beyond), folder="beyond")
    assert done.returncode == 2
    assert "skip_projections names one that is not among the 91 loaded" in done.stderr
