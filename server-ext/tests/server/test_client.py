"""The Python client and the commands about jobs, against a real server."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import h5py
import numpy as np
import pytest
from conftest import Folder
from jupyter import TOKEN, Jupyter

from jupyterlab_savu.client import JobFailed, Savu, SavuError


@pytest.fixture
def savu(jupyter: Jupyter) -> Iterator[Savu]:
    with Savu(jupyter.url, TOKEN) as client:
        yield client


def environment(jupyter: Jupyter) -> dict[str, str]:
    """As a notebook or a terminal of the server has it, and no token in it."""
    return {**os.environ, "JUPYTER_RUNTIME_DIR": str(jupyter.home / "runtime")}


def test_a_notebook_does_the_main_job(savu: Savu, folder: Folder) -> None:
    (scan,) = savu.datasets(folder.at(""))
    (found,) = savu.lists(folder.at(""))
    steps = savu.list(found["path"])
    steps["AstraReconCpu"]["FBP_filter"] = "hann"
    assert steps.edited
    assert not [p for p in steps.check(scan["path"], "preview") if p["severity"] == "error"]
    seen: list[str] = []
    job = steps.submit(scan["path"], queue="preview").wait(lambda job: seen.append(job.state))
    assert seen[-1] == "succeeded"
    assert job.result is not None
    image = job.result.read((slice(None), 0))
    whole = job.result.read()
    np.testing.assert_array_equal(image, whole[:, 0])
    assert "Processing Complete" in job.log()
    assert job.id in [other.id for other in savu.jobs()]
    assert savu.job(job.id).to_json() == job.to_json()


def test_a_list_is_edited_and_saved(savu: Savu, folder: Folder) -> None:
    steps = savu.list(folder.at("steps.nxs"))
    assert [plugin.name for plugin in steps] == [steps[i].name for i in (1, 2, 3)]
    steps[2].active = False
    steps["AstraReconCpu"]["centre_of_rotation"] = np.float32(84.5)
    steps.save()
    again = savu.list(folder.at("steps.nxs"))
    assert again[2].active is False
    assert again["AstraReconCpu"]["centre_of_rotation"] == 84.5
    again.save(folder.at("copy.nxs"))
    assert savu.file(folder.at("copy.nxs"))["kind"] == "list"
    with pytest.raises(SavuError) as told:
        again.save(folder.at("copy.nxs"))
    assert told.value.reason == "exists"
    savu.delete_list(folder.at("copy.nxs"))
    assert not (folder / "copy.nxs").exists()


def test_a_failed_save_keeps_the_list_where_it_was(savu: Savu, folder: Folder) -> None:
    steps = savu.list(folder.at("steps.nxs"))
    other = savu.list(folder.at("steps.nxs"))
    other[2].active = False
    other.save()
    with pytest.raises(SavuError) as told:
        steps.save()
    assert (told.value.status, told.value.reason) == (412, "changed")
    with pytest.raises(SavuError):
        steps.save(folder.at("no/such/folder.nxs"))
    assert steps.place.path == folder.at("steps.nxs")


def test_a_list_is_made_of_plugins(savu: Savu, folder: Folder) -> None:
    made = savu.create_list(folder.at("made.nxs"), ["NxtomoLoader", "VoCentering"])
    assert [plugin.name for plugin in made] == ["NxtomoLoader", "VoCentering"]
    with pytest.raises(SavuError, match="Nothing"):
        savu.create_list(folder.at("more.nxs"), ["Nothing"])


def test_a_misspelt_name_is_told(savu: Savu, folder: Folder) -> None:
    steps = savu.list(folder.at("steps.nxs"))
    with pytest.raises(KeyError, match="did you mean FBP_filter"):
        steps["AstraReconCpu"]["FBP_filtre"] = "hann"
    with pytest.raises(KeyError, match="no plugin Astra"):
        steps["Astra"]


def test_data_are_read_like_numpys(savu: Savu, folder: Folder) -> None:
    path = "/entry1/tomo_entry/data/data"
    with h5py.File(folder / "scan.nxs") as file:
        frames = file[path][()]
    for selection in (None, 3, (3, slice(1, 5)), slice(0, 9, 2), "1,2"):
        index = (1, 2) if selection == "1,2" else () if selection is None else selection
        values = savu.read(folder.at("scan.nxs"), path, selection)
        np.testing.assert_array_equal(values, frames[index])
    assert savu.metadata(folder.at("scan.nxs"), path)["shape"] == list(frames.shape)


def test_a_failed_job_raises_with_the_engines_message(savu: Savu, folder: Folder) -> None:
    job = savu.submit(folder.at("steps.nxs"), folder.at("scan.nxs"), "crashing")
    with pytest.raises(JobFailed, match="upside down") as told:
        job.wait()
    assert told.value.job.state == "failed"
    assert "upside down" in job.log("full")


def test_a_wait_ends_in_time(savu: Savu, folder: Folder) -> None:
    job = savu.submit(folder.at("steps.nxs"), folder.at("scan.nxs"), "deaf")
    with pytest.raises(TimeoutError):
        job.wait(timeout=0.1)
    job.cancel()
    with pytest.raises(JobFailed):
        job.wait()


def test_the_server_is_found_without_being_named(jupyter: Jupyter, folder: Folder) -> None:
    code = "from jupyterlab_savu.client import Savu; s = Savu(); print(s, s.info()['version'])"
    found = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder.path,
        env=environment(jupyter),
        capture_output=True,
        text=True,
        check=True,
    )
    assert str(jupyter.port) in found.stdout
    assert TOKEN not in found.stdout + found.stderr


def test_what_is_wrong_with_the_server_is_told(jupyter: Jupyter) -> None:
    with pytest.raises(SavuError, match="not signed in"):
        Savu(jupyter.url, "wrong").info()
    with pytest.raises(SavuError, match="does not answer"):
        Savu("http://127.0.0.1:1/", "x").info()


def command(jupyter: Jupyter, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "jupyterlab_savu.client.command", *arguments],
        cwd=jupyter.root,
        env=environment(jupyter),
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_line_submits_and_lists(jupyter: Jupyter, folder: Folder) -> None:
    done = command(jupyter, "submit", folder.at("steps.nxs"), folder.at("scan.nxs"), "--wait")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[-1].endswith("_processed.nxs")
    assert f"{lines[0]}  succeeded" in command(jupyter, "jobs").stdout
    assert "Processing Complete" in command(jupyter, "log", lines[0]).stdout
    assert command(jupyter, "cancel", lines[0]).stdout.strip() == "succeeded"


def test_the_command_line_tells_faults_in_one_line(jupyter: Jupyter, folder: Folder) -> None:
    done = command(jupyter, "submit", folder.at("gone.nxs"), folder.at("scan.nxs"))
    assert done.returncode == 2
    assert "gone.nxs" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_the_token_is_written_nowhere(jupyter: Jupyter, savu: Savu) -> None:
    savu.info()
    assert TOKEN not in repr(savu)
    assert TOKEN not in jupyter.log
