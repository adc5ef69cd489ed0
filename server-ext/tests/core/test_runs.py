from __future__ import annotations

import shutil
import traceback
from pathlib import Path

import h5py
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from savu_core.catalogue import new_plugin
from savu_core.files import read_process_list, write_process_list
from savu_core.model import IterateGroup, ProcessList
from savu_core.runs import (
    KILL_SIGNAL,
    RunLog,
    file_name,
    group_name,
    processed_name,
    read_run,
    result_datasets,
    stop_requested,
    user_log,
)
from savu_core.shares import begun_shares, share


def make_result(folder: Path, *, data: bool = True) -> Path:
    """The results of a run with one processing plugin and a reconstruction."""
    processed = folder / "scan_processed.nxs"
    with h5py.File(processed, "w") as file:
        for group, name in (
            ("final_result_tomo", "2-AstraReconCpu-tomo"),
            ("intermediate/1-DarkFlatFieldCorrection-tomo", "1-DarkFlatFieldCorrection-tomo"),
        ):
            stem = name.split("-")[0]
            file[f"entry/{group}/data"] = h5py.ExternalLink(f"tomo_p{stem}.h5", f"{name}/data")
            if data:
                with h5py.File(folder / f"tomo_p{stem}.h5", "w") as out:
                    out[f"{name}/data"] = np.zeros((int(stem), 4, 5), "float32")
    return processed


@pytest.fixture
def run(data: Path, tmp_path: Path) -> Path:
    """A finished run of the basic list."""
    return copied(data, tmp_path, "basic", result=True)


def copied(data: Path, tmp_path: Path, name: str, *, result: bool = False) -> Path:
    folder = tmp_path / name
    shutil.copytree(data / "runs" / name, folder)
    kind = "tuning" if name == "tuning" else "basic_fbp"
    if name != "failed":
        shutil.copy(data / f"lists/made_{kind}_phantom_tomo_a.nxs", folder / "run_log")
    if result:
        make_result(folder)
    return folder


def test_a_run_that_succeeded(run: Path) -> None:
    status = read_run(run)
    assert (status.state, status.fraction, status.seconds) == ("succeeded", 1.0, 0.5)
    assert status.result == run / "scan_processed.nxs"
    assert status.message is None
    assert [(step.name, step.state) for step in status.steps] == [
        ("NxtomoLoader", "done"),
        ("DarkFlatFieldCorrection", "done"),
        ("RingRemovalNormalization", "done"),
        ("ScikitimageFilterBackProjection", "done"),
    ]


def test_completion_without_results_is_no_success(run: Path) -> None:
    (run / "tomo_p2.h5").unlink()
    status = read_run(run)
    assert status.state == "failed" and status.result is None
    assert "final_result_tomo cannot be opened" in (status.message or "")
    (run / "scan_processed.nxs").unlink()
    assert "there is no _processed.nxs" in (read_run(run).message or "")


def test_damaged_results_are_no_success_and_stop_nobody(run: Path) -> None:
    (run / "tomo_p1.h5").write_bytes(b"not HDF5")
    assert read_run(run).state == "succeeded"
    assert [found["name"] for found in result_datasets(run / "scan_processed.nxs")] == ["tomo"]
    with h5py.File(run / "scan_processed.nxs", "w") as file:
        file["entry"] = 0
    status = read_run(run)
    assert status.state == "failed"
    assert "scan_processed.nxs cannot be read" in (status.message or "")


def test_a_log_that_was_cut_short_tells_a_failure_without_words(tmp_path: Path) -> None:
    with RunLog(tmp_path) as log:
        log.running("VoCentering")
        log.failed("Traceback (most recent call last):\n  File")
    status = read_run(tmp_path)
    assert (status.state, status.message) == ("failed", None)


def test_a_crash_after_completion_does_not_spoil_the_results(run: Path) -> None:
    with user_log(run).open("a") as log:
        log.write("Traceback (most recent call last):\n  File\nValueError: no chart\n")
    assert read_run(run).state == "succeeded"


def test_a_run_that_failed(data: Path, tmp_path: Path) -> None:
    status = read_run(copied(data, tmp_path, "failed"))
    assert status.state == "failed"
    assert (status.message or "").startswith("Exception: Path entry1/nothere/data not found")


def test_a_run_that_was_stopped(data: Path, tmp_path: Path) -> None:
    folder = copied(data, tmp_path, "killed")
    status = read_run(folder)
    assert (status.state, status.message) == ("killed", "stopped on request")
    assert [step.state for step in status.steps] == ["done", "done", "waiting", "waiting"]
    assert not stop_requested(folder)
    (folder / KILL_SIGNAL).touch()
    assert stop_requested(folder)


def test_a_run_without_a_log_is_starting(tmp_path: Path) -> None:
    status = read_run(tmp_path / "not-yet")
    assert (status.state, status.fraction, status.steps) == ("starting", 0.0, ())


@pytest.mark.parametrize("name", ["basic", "tuning"])
def test_progress_never_goes_back(data: Path, tmp_path: Path, name: str) -> None:
    folder = copied(data, tmp_path, name, result=True)
    lines = user_log(folder).read_text().splitlines(keepends=True)
    fractions = []
    states = []
    for count in range(len(lines) + 1):
        user_log(folder).write_text("".join(lines[:count]))
        status = read_run(folder)
        fractions.append(status.fraction)
        states.append(status.state)
    assert fractions == sorted(fractions)
    assert fractions[0] == 0 and fractions[-1] == 1
    assert list(dict.fromkeys(states)) == ["starting", "running", "succeeded"]
    if name == "tuning":
        # the reconstruction of five centres, the first of them done
        assert any(0.7 < fraction < 0.75 for fraction in fractions)


def test_loops_are_counted(tmp_path: Path) -> None:
    names = ("NxtomoLoader", "DarkFlatFieldCorrection", "AstraReconCpu")
    plist = ProcessList([new_plugin(name, str(i + 1)) for i, name in enumerate(names)])
    plist.groups = [IterateGroup(2, 3, 2)]
    seen = []
    with RunLog(tmp_path) as log:
        for _ in range(2):
            for name in names[1:]:
                log.running(name)
                log.progress(name, 0.5)
                seen.append([round(step.fraction, 2) for step in read_run(tmp_path, plist).steps])
                log.report(name)
    assert seen == [[1, 0.25, 0], [1, 0.5, 0.25], [1, 0.75, 0.5], [1, 1, 0.75]]
    assert read_run(tmp_path, plist).fraction == 1


def test_plugins_may_run_side_by_side_and_before_their_turn(tmp_path: Path) -> None:
    names = ("NxtomoLoader", "DarkFlatFieldCorrection", "VoCentering", "AstraReconCpu")
    plist = ProcessList([new_plugin(name, str(i + 1)) for i, name in enumerate(names)])
    seen = []
    with RunLog(tmp_path) as log:

        def told(name: str, fraction: float) -> None:
            log.progress(name, fraction)
            seen.append([step.fraction for step in read_run(tmp_path, plist).steps])

        log.running("VoCentering")
        told("VoCentering", 0.5)
        log.report("VoCentering", "the centre of rotation is 84.2")
        log.running("DarkFlatFieldCorrection")
        told("DarkFlatFieldCorrection", 0.5)
        log.running("AstraReconCpu")
        told("AstraReconCpu", 0.5)
        told("DarkFlatFieldCorrection", 0.75)
        states = [step.state for step in read_run(tmp_path, plist).steps]
    assert seen == [[1, 0, 0.5, 0], [1, 0.5, 1, 0], [1, 0.5, 1, 0.5], [1, 0.75, 1, 0.5]]
    assert states == ["done", "running", "done", "running"]


def test_what_the_log_writer_writes_is_understood(tmp_path: Path) -> None:
    plist = ProcessList(
        [new_plugin(name, str(i + 1)) for i, name in enumerate(("NxtomoLoader", "VoCentering"))]
    )
    (tmp_path / "run_log").mkdir()
    write_process_list(tmp_path / "run_log/list.nxs", plist)
    with RunLog(tmp_path) as log:
        assert read_run(tmp_path).state == "starting"
        log.checked()
        log.running("VoCentering")
        log.progress("VoCentering", 0.256)
        status = read_run(tmp_path)
        assert (status.state, status.steps[1].state, status.fraction) == (
            "running",
            "running",
            0.25,
        )
        log.report("VoCentering", "the centre of rotation\nis 84.2")
        assert read_run(tmp_path).steps[1].state == "done"
        make_result(tmp_path)
        log.complete()
        assert read_run(tmp_path).state == "succeeded"
    lines = user_log(tmp_path).read_text().splitlines()
    assert lines[-4].endswith(" - VoCentering - the centre of rotation is 84.2")


def test_a_run_that_goes_on_begins_its_story_anew(tmp_path: Path) -> None:
    with RunLog(tmp_path) as log:
        log.running("VoCentering")
        log.failed("Traceback (most recent call last):\n  File\nValueError: no disk")
    assert read_run(tmp_path).state == "failed"
    with RunLog(tmp_path) as log:
        log.running("VoCentering")
        log.progress("VoCentering", 0.5)
        status = read_run(tmp_path)
    assert (status.state, status.message, status.fraction) == ("running", None, 0.5)
    assert len(status.steps) == 1


def test_shares_are_added_up(tmp_path: Path) -> None:
    names = ("NxtomoLoader", "VoCentering", "AstraReconCpu")
    plist = ProcessList([new_plugin(name, str(i + 1)) for i, name in enumerate(names)])
    assert begun_shares(tmp_path) == []
    with RunLog(tmp_path) as log:
        log.running("VoCentering")
        log.report("VoCentering", "centre of rotation 84.2")
    for number, fraction in ((10, 1.0), (2, 0.5)):
        with RunLog(share(tmp_path, number, 10).folder) as log:
            log.running("AstraReconCpu")
            log.progress("AstraReconCpu", fraction)
    (tmp_path / "shares" / "else").mkdir()
    status = read_run(tmp_path, plist)
    assert [(one.number, one.of) for one, _ in status.shares] == [(2, 10), (10, 10)]
    assert [step.fraction for step in status.steps] == [1, 1, pytest.approx(0.15)]
    assert (status.state, status.steps[1].state) == ("running", "done")
    with RunLog(share(tmp_path, 2, 10).folder) as log:
        log.running("AstraReconCpu")
        log.failed("Traceback (most recent call last):\n  File\nThe disk is full.")
    status = read_run(tmp_path, plist)
    assert (status.state, status.message) == ("failed", "share 2 of 10: The disk is full.")
    assert status.steps[2].state == "failed"


def test_an_error_is_summarised_by_its_own_line(tmp_path: Path) -> None:
    with RunLog(tmp_path) as log:
        log.running("VoCentering")
        try:
            try:
                raise KeyError("first")
            except KeyError as error:
                raise ValueError("the scan has no projections\nat all") from error
        except ValueError:
            log.failed(traceback.format_exc())
    status = read_run(tmp_path)
    assert (status.state, status.message) == ("failed", "ValueError: the scan has no projections")
    assert status.steps[0].state == "failed"


def test_a_stopped_run_is_told_apart_from_a_failed_one(tmp_path: Path) -> None:
    with RunLog(tmp_path) as log:
        log.running("VoCentering")
        log.interrupted()
        log.failed("Traceback (most recent call last):\n  File\nValueError: no chart")
    assert read_run(tmp_path).state == "killed"


@settings(deadline=None)
@given(st.lists(st.text(max_size=60)))
def test_any_log_can_be_read(tmp_path_factory: pytest.TempPathFactory, lines: list[str]) -> None:
    folder = tmp_path_factory.getbasetemp() / "any-log"
    log = user_log(folder)
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text("\n".join(lines), encoding="utf-8")
    assert 0 <= read_run(folder).fraction <= 1


def test_results_are_listed_final_first(run: Path) -> None:
    assert result_datasets(run / "scan_processed.nxs") == [
        {
            "name": "tomo",
            "path": "/entry/final_result_tomo/data",
            "file": str(run / "tomo_p2.h5"),
            "shape": [2, 4, 5],
            "dtype": "float32",
        },
        {
            "name": "1-DarkFlatFieldCorrection-tomo",
            "path": "/entry/intermediate/1-DarkFlatFieldCorrection-tomo/data",
            "file": str(run / "tomo_p1.h5"),
            "shape": [1, 4, 5],
            "dtype": "float32",
        },
    ]


def test_files_are_named_as_savu_names_them(data: Path) -> None:
    plist, _ = read_process_list(data / "lists/made_basic_fbp_phantom_tomo_a.nxs")
    plugin = plist.plugins[3]
    assert processed_name(Path("/data/phantom_tomo_a.nxs")) == "phantom_tomo_a_processed.nxs"
    assert file_name(3, plugin, "tomo") == "tomo_p3_scikitimage_filter_back_projection.h5"
    assert group_name(3, plugin, "tomo") == "3-ScikitimageFilterBackProjection-tomo"
