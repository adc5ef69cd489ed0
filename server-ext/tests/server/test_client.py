"""The Python client and the commands about jobs, against a real server."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import h5py
import numpy as np
import pytest
from conftest import Folder
from jupyter import TOKEN, Jupyter

from jupyterlab_savu.client import JobFailed, ProcessList, Savu, SavuError
from savu_core.positions import OperationError


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


def test_a_list_is_built_edited_and_compared(savu: Savu, folder: Folder) -> None:
    steps = ProcessList.new("NxtomoLoader", "AstraReconCpu", savu=savu)
    assert steps.edited
    with pytest.raises(SavuError, match="save it with a path"):
        steps.save()
    with pytest.raises(SavuError, match="save it first"):
        steps.submit(folder.at("scan.nxs"))
    steps.add("MedianFilter", 2).add("VoCentering", 2).move(3, 2).duplicate(2, 3)
    steps.set("2.kernel_size", 5).set("AstraReconCpu.centre_of_rotation", "80:87:1")
    steps.set("1.preview", ["80:120", ":", ":"]).set("1.preview.dim1.stop", 110)
    steps.set("AstraReconCpu.force_zero", np.array([0.0, 1.0])).switch(2, on=False)
    steps.repeat(2, 3, 4).save(folder.at("built.nxs"))
    assert [plugin.name for plugin in steps] == [
        "NxtomoLoader", "MedianFilter", "MedianFilter", "VoCentering", "AstraReconCpu",
    ]  # fmt: skip
    assert not steps.edited
    assert not steps.diff()

    again = ProcessList.open(folder.at("built.nxs"), savu)
    assert again["AstraReconCpu"]["centre_of_rotation"] == "80:87:1;"
    assert again["AstraReconCpu"]["force_zero"] == [0.0, 1.0]
    assert again["NxtomoLoader"]["preview"] == ["80:110", ":", ":"]
    assert [(loop.start, loop.end, loop.iterations) for loop in again.loops] == [(2, 3, 4)]
    again.remove(2).replace(3, "PaganinFilter").reset("1.preview").unrepeat()
    assert repr(again.diff()).splitlines() == [
        "  1 NxtomoLoader",
        '      preview: ["80:110", ":", ":"] -> []',
        "- 2 MedianFilter (off)",
        "    kernel_size: 5",
        "+ 3 PaganinFilter",
        "- 4 VoCentering",
        "- plugins 2 to 3 run 4 times",
    ]
    assert repr(again.diff(folder.at("built.nxs"))).startswith("  1 NxtomoLoader")
    assert again.diff(steps)


def test_an_edit_that_cannot_be_done_changes_nothing(savu: Savu, folder: Folder) -> None:
    steps = savu.list(folder.at("steps.nxs"))
    for edit in (
        lambda: steps.remove(2, 9),
        lambda: steps.set("2.nothing", 1),
        lambda: steps.set("AstraReconCpu.algorithm", "magic"),
        lambda: steps.set_all("preview", "[a]"),
        lambda: steps.repeat(3, 2, 4),
    ):
        with pytest.raises(OperationError):
            edit()
    assert not steps.edited


def test_a_list_is_refreshed_and_checked_by_a_connected_savu(savu: Savu, folder: Folder) -> None:
    steps = savu.list(folder.at("steps.nxs"))
    steps.set("AstraReconCpu.FBP_filter", "hann").refresh("1-2", savu="stand-in")
    assert steps["AstraReconCpu"]["FBP_filter"] == "hann"
    steps.refresh(defaults=True)
    assert steps["AstraReconCpu"]["FBP_filter"] == "ram-lak"
    steps.replace(3, "TomopyRecon")
    problems = steps.check(savu="stand-in")
    assert any("cannot import TomopyRecon" in problem["message"] for problem in problems)


def test_a_notebook_shows_a_list_without_trusting_it(savu: Savu, folder: Folder) -> None:
    steps = savu.list(folder.at("steps.nxs"))
    steps.set("NxtomoLoader.data_path", "<img src=x onerror=alert(1)>").switch(2, on=False)
    shown = steps._repr_html_()
    assert "<img" not in shown
    assert "&lt;img src=x" in shown
    assert "DarkFlatFieldCorrection (off)" in shown
    assert "<img" not in steps.diff()._repr_html_()


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


def test_the_token_is_written_nowhere(jupyter: Jupyter, savu: Savu) -> None:
    savu.info()
    assert TOKEN not in repr(savu)
    assert TOKEN not in jupyter.log


def plain(table: Any) -> str:
    """What a notebook is given to show, without its styles."""
    return re.sub(r' style="[^"]*"', "", table._repr_html_())


def test_a_notebook_shows_what_there_is_as_tables(savu: Savu, folder: Folder) -> None:
    (folder / "<b>.nxs").write_bytes((folder / "steps.nxs").read_bytes())
    lists = savu.lists(folder.at(""))
    shown = plain(lists)
    assert [entry["path"] for entry in lists] == [folder.at("<b>.nxs"), folder.at("steps.nxs")]
    assert "&lt;b&gt;.nxs</td><td>3</td>" in shown
    assert "<b>" not in shown
    assert "<td>scan</td>" in plain(savu.volumes(folder.at("scan.nxs")))
    assert " × " in plain(savu.datasets(folder.at("")))
    assert "<td>VoCentering</td>" in plain(savu.plugins("vocen"))
    assert savu.lists(folder.at(""), q="nothing")._repr_html_() == "<p>nothing found</p>"


def test_a_notebook_shows_how_far_a_job_is(savu: Savu, folder: Folder) -> None:
    (folder / "<b>.nxs").write_bytes((folder / "steps.nxs").read_bytes())
    job = savu.submit(folder.at("<b>.nxs"), folder.at("scan.nxs"), "crashing")
    with pytest.raises(JobFailed):
        job.wait()
    shown = job._repr_html_()
    assert "<b>&lt;b&gt;.nxs</b> on" in shown
    assert '<progress max="1" value="0.' in shown
    assert "failed" in shown
    assert "upside down" in shown
    (row,) = [one for one in savu.jobs() if one.id == job.id]
    assert row.name == "<b>.nxs"
    assert "<td>&lt;b&gt;.nxs</td>" in plain(savu.jobs())
