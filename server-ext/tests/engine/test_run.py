"""A run from the command line: its folder, its exit code, and what it says."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import h5py
import numpy as np
import psutil
import pytest

from savu_core.runs import read_run, result_datasets
from savu_embedded.errors import EngineError
from savu_embedded.faults import plain
from savu_embedded.output import ResultFile

from .conftest import Engine, MakeList, command, environment, final, user_log

CHAIN = ("NxtomoLoader", "DarkFlatFieldCorrection", "RingRemovalSorting")
FBP = ("AstraReconCpu", {"centre_of_rotation": 60.0})
#: Centring on so fine a grid takes far longer than any test.
ENDLESS = ("VoCentering", {"in_datasets": ["tomo"], "step": 0.00002})


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
    assert facts["name"] == "embedded"
    assert facts["plugins"]["AstraReconCpu"]["algorithm"] == ["FBP", "BP"]
    assert facts["plugins"]["DarkFlatFieldCorrection"] == {}


# What cannot run


def refused(done: subprocess.CompletedProcess[str], folder: Path) -> str:
    """Assert that nothing was started, and return what was said."""
    assert done.returncode == 2
    assert read_run(folder).state == "failed"
    message = done.stderr.splitlines()[-1]
    assert user_log(folder).splitlines()[-1].partition(": ")[2] in message
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
        ({"algorithm": "SIRT"}, "the embedded engine runs FBP, BP"),
        ({"FBP_filter": "kaiser"}, "'kaiser' is not run"),
        ({"ratio": "wide"}, "ratio: 'wide' is not valid: a number or a list"),
        ({"centre_of_rotation": "60;61"}, "is a tuning of several values"),
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


# What goes wrong on the way


def limit_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))


def test_a_file_that_may_not_grow_fails_the_run(
    scan: Path, make_list: MakeList, engine: Engine, tmp_path: Path
) -> None:
    done = engine(scan, make_list(*CHAIN, FBP), preexec_fn=limit_files)
    assert done.returncode == 1
    assert "may not grow this large" in done.stderr
    status = read_run(tmp_path / "run")
    assert status.state == "failed"
    assert "may not grow this large" in str(status.message)
    assert result_datasets(tmp_path / "run" / "tiny_processed.nxs") == []


def test_a_full_disk_is_told() -> None:
    full = ResultFile(Path("/dev/full"), "group", (4, 4, 4), 0)
    with pytest.raises(OSError) as caught:
        full.write(0, np.zeros((2, 4, 4)))
    assert plain(caught.value).startswith("The disk is full")


def test_a_result_larger_than_the_disk_is_refused_at_once(tmp_path: Path) -> None:
    from savu_embedded.output import create_result

    with pytest.raises(EngineError, match="GB free, and the result needs"):
        create_result(tmp_path / "huge.h5", "group", (10**6, 10**6, 10**6))
    assert not (tmp_path / "huge.h5").exists()


@contextmanager
def started(*arguments: object) -> Iterator[psutil.Popen]:
    process = psutil.Popen(
        command(*arguments),
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stdout.close()
        process.stderr.close()


def workers(process: psutil.Popen) -> list[psutil.Process]:
    return [c for c in process.children() if any("spawn_main" in word for word in c.cmdline())]


def wait_until(condition: object, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    assert callable(condition)
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


def is_running(folder: Path) -> bool:
    log = folder / "run_log" / "user.log"
    return log.exists() and "*Running the" in log.read_text()


def test_a_killed_worker_fails_the_run(scan: Path, make_list: MakeList, tmp_path: Path) -> None:
    plist = make_list(*CHAIN, ENDLESS, FBP)
    with started(scan, plist, tmp_path, "-f", "run", "--processes", 2) as process:
        wait_until(lambda: workers(process))
        workers(process)[0].kill()
        _, errors = process.communicate(timeout=10)
    assert process.returncode == 1
    assert "A worker process was ended by SIGKILL" in errors
    status = read_run(tmp_path / "run")
    assert status.state == "failed"
    assert "SIGKILL" in str(status.message)


def test_the_kill_signal_stops_a_run_within_a_second(
    scan: Path, make_list: MakeList, tmp_path: Path
) -> None:
    plist = make_list(*CHAIN, ENDLESS, FBP)
    with started(scan, plist, tmp_path, "-f", "run", "--processes", 2) as process:
        wait_until(lambda: is_running(tmp_path / "run"))
        children = workers(process)
        began = time.monotonic()
        (tmp_path / "run" / "killsignal").touch()
        process.communicate(timeout=10)
        took = time.monotonic() - began
    assert process.returncode == 3
    # A second, and time to end on a busy machine.
    assert took < 4
    assert not any(child.is_running() for child in children)
    assert read_run(tmp_path / "run").state == "killed"
    assert result_datasets(tmp_path / "run" / "tiny_processed.nxs") == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_run_and_its_workers(
    scan: Path, make_list: MakeList, tmp_path: Path, number: signal.Signals
) -> None:
    plist = make_list(*CHAIN, ENDLESS, FBP)
    with started(scan, plist, tmp_path, "-f", "run", "--processes", 2) as process:
        wait_until(lambda: is_running(tmp_path / "run"))
        children = workers(process)
        process.send_signal(number)
        process.communicate(timeout=10)
    assert process.returncode == 128 + number
    assert not any(child.is_running() for child in children)
    status = read_run(tmp_path / "run")
    assert status.state == "failed"
    assert number.name in str(status.message)


def test_workers_end_when_the_engine_is_gone(
    scan: Path, make_list: MakeList, tmp_path: Path
) -> None:
    plist = make_list(*CHAIN, ENDLESS, FBP)
    with started(scan, plist, tmp_path, "-f", "run", "--processes", 1) as process:
        wait_until(lambda: is_running(tmp_path / "run"))
        (child,) = workers(process)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        wait_until(lambda: not child.is_running() or child.status() == "zombie")
