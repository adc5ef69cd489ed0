"""What can be done with jobs beside running them once."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path
from typing import Any

import h5py
import httpx
import pytest
from conftest import Folder
from jupyter import Jupyter
from test_jobs import SCAN_OF_48_ROWS, engine_process, run_folder, submission, submit, until

from savu_core.files import file_hash, read_process_list
from savu_core.preview import ALL

Job = dict[str, Any]


@pytest.fixture
def done(api: httpx.Client, folder: Folder) -> Job:
    """A job that has succeeded."""
    job = until(api, submit(api, folder, "full"))
    assert job["state"] == "succeeded", job["message"]
    return job


def group_of(folder: Folder, *scans: str, **more: Any) -> dict[str, Any]:
    asked = submission(folder, **{"queue": "full", **more})
    del asked["data"]
    return {**asked, "scans": [{"path": folder.at(scan)} for scan in scans]}


@pytest.mark.parametrize(
    ("asked", "taken"),
    [("3:5", "3:5"), ("mid", "mid"), (ALL, ALL), (None, "20:28"), ("end-2:end", "end-2:end")],
)
def test_a_run_takes_the_rows_that_were_asked_for(
    api: httpx.Client, jupyter: Jupyter, folder: Folder, asked: str | None, taken: str
) -> None:
    shutil.copy(SCAN_OF_48_ROWS, folder / "scan.nxs")
    before = file_hash(folder / "steps.nxs")
    job = submit(api, folder, rows=asked)
    (copy,) = (run_folder(jupyter, job) / "job").glob("*.nxs")
    assert read_process_list(copy)[0].plugins[0].parameters["preview"] == [ALL, taken, ALL]
    assert job["rows"] == asked
    assert file_hash(folder / "steps.nxs") == before
    assert api.get(f"jobs/{job['id']}/list").json()["hash"] == job["list"]["hash"]
    api.post(f"jobs/{job['id']}/cancel")
    until(api, job)


@pytest.mark.parametrize("rows", ["0:9999", "__import__('os')", "5:5", "a b"])
def test_rows_that_are_not_there_are_refused(api: httpx.Client, folder: Folder, rows: str) -> None:
    answer = api.post("jobs", json=submission(folder, rows=rows))
    assert (answer.status_code, answer.json()["place"]) == (422, "/rows")


def test_many_scans_are_one_group(api: httpx.Client, folder: Folder) -> None:
    shutil.copy(folder / "scan.nxs", folder / "other.nxs")
    asked = group_of(folder, "scan.nxs", "other.nxs", key=folder.at("group"))
    answer = api.post("job-groups", json=asked)
    assert answer.status_code == 201, answer.text
    group = answer.json()
    assert [job["data"]["path"] for job in group["items"]] == [
        folder.at("scan.nxs"),
        folder.at("other.nxs"),
    ]
    assert {job["group"] for job in group["items"]} == {group["group"]}
    again = api.post("job-groups", json=asked)
    assert again.status_code == 200
    ids = [job["id"] for job in group["items"]]
    assert [job["id"] for job in again.json()["items"]] == ids
    listed = api.get("jobs", params={"group": group["group"]}).json()["items"]
    assert [job["id"] for job in listed] == ids[::-1]
    for job in group["items"]:
        assert until(api, job)["state"] == "succeeded"


def test_a_group_is_submitted_as_a_whole_or_not_at_all(
    api: httpx.Client, jupyter: Jupyter, folder: Folder
) -> None:
    runs = set((jupyter.root / "savu-runs").glob("*"))
    for bad in ("steps.nxs", "gone.nxs"):
        answer = api.post("job-groups", json=group_of(folder, "scan.nxs", bad))
        assert answer.status_code in (404, 422)
        assert bad in answer.json()["message"]
    assert set((jupyter.root / "savu-runs").glob("*")) == runs


def test_a_key_is_for_one_submission(api: httpx.Client, folder: Folder) -> None:
    key = f"once {folder.at('')}"
    first = submit(api, folder, "silent", key=key)
    answer = api.post("jobs", json=submission(folder, "silent", key=key, rows="1:2"))
    assert (answer.status_code, answer.json()["place"]) == (409, "/key")
    until(api, first)


def test_what_ran_is_run_again(api: httpx.Client, folder: Folder) -> None:
    request = submission(folder, "full", rows="1:3")
    stored = api.get("process-lists/content", params=request["list"]).json()
    stored["list"]["plugins"][2]["parameters"]["FBP_filter"] = '"hann"'
    request["list"]["content"] = stored["list"]
    first = until(api, api.post("jobs", json=request).json())
    # neither the list nor its file are needed any more
    (folder / "steps.nxs").unlink()
    answer = api.post(f"jobs/{first['id']}/run-again", json={})
    assert answer.status_code == 201, answer.text
    second = until(api, answer.json())
    assert second["state"] == "succeeded"
    assert second["list"] == first["list"]
    assert (second["rows"], second["queue"]) == ("1:3", "full")
    elsewhere = api.post(f"jobs/{first['id']}/run-again", json={"queue": "nowhere"})
    assert (elsewhere.status_code, elsewhere.json()["place"]) == (422, "/queue")


def test_what_a_job_was_and_made_is_told(api: httpx.Client, folder: Folder, done: Job) -> None:
    record = api.get(f"jobs/{done['id']}/record").json()
    assert record["command"][-2] == "-f"
    assert record["run_folder"].endswith(record["command"][-1])
    outputs = api.get(f"jobs/{done['id']}/outputs").json()["items"]
    assert [output["final"] for output in outputs] == sorted(
        (output["final"] for output in outputs), reverse=True
    )
    assert outputs[0]["dataset"] == done["result"]["dataset"]
    query = {"file": outputs[-1]["path"], "path": outputs[-1]["dataset"]}
    assert api.get("data/meta/", params=query).json()["shape"] == outputs[-1]["shape"]


def test_a_run_that_was_stopped_goes_on(
    api: httpx.Client, jupyter: Jupyter, folder: Folder
) -> None:
    request = submission(folder, "stopping")
    slow = api.get("process-lists/content", params=request["list"]).json()["list"]
    slow["plugins"][2]["parameters"].update(algorithm='"SIRT"', n_iterations="60")
    request["list"]["content"] = slow
    job = until(api, api.post("jobs", json=request).json())
    assert job["state"] == "cancelled", job["message"]
    assert api.get(f"jobs/{job['id']}/record").json()["can_resume"]
    answer = api.post(f"jobs/{job['id']}/resume")
    assert answer.status_code == 201, answer.text
    assert (answer.json()["resumes"], answer.json()["folder"]) == (job["id"], job["folder"])
    resumed = until(api, answer.json())
    assert resumed["state"] == "succeeded", resumed["message"]
    again = api.post(f"jobs/{job['id']}/resume")
    assert (again.status_code, again.json()["reason"]) == (409, "no_checkpoint")
    # the first one no longer owns the folder
    assert api.delete(f"jobs/{job['id']}").status_code == 204
    assert api.get(f"jobs/{resumed['id']}/data").status_code == 200
    assert resumed["list"] == job["list"]


def test_what_has_no_checkpoint_is_not_resumed(api: httpx.Client, folder: Folder) -> None:
    job = until(api, submit(api, folder, "crashing"))
    assert not api.get(f"jobs/{job['id']}/record").json()["can_resume"]
    assert api.post(f"jobs/{job['id']}/resume").status_code == 409


def test_the_record_is_removed_and_the_data_stay(
    api: httpx.Client, jupyter: Jupyter, done: Job
) -> None:
    assert api.delete(f"jobs/{done['id']}").status_code == 204
    assert api.get(f"jobs/{done['id']}").status_code == 404
    assert done["id"] not in [job["id"] for job in api.get("jobs").json()["items"]]
    with h5py.File(jupyter.root / done["result"]["path"]) as file:
        assert done["result"]["dataset"] in file
    assert api.delete(f"jobs/{done['id']}").status_code == 404


def test_the_data_are_set_aside_and_the_record_stays(
    api: httpx.Client, jupyter: Jupyter, done: Job
) -> None:
    place = f"jobs/{done['id']}/data"
    told = api.get(place).json()
    files = [path for path in run_folder(jupyter, done).rglob("*") if path.is_file()]
    assert told["files"] == len(files)
    assert told["size"] == sum(path.stat().st_size for path in files)
    assert api.delete(place).status_code == 428
    (run_folder(jupyter, done) / "notes.txt").write_text("new")
    changed = api.delete(place, headers={"If-Match": f'"{told["hash"]}"'})
    assert (changed.status_code, changed.json()["reason"]) == (412, "changed")
    told = api.get(place).json()
    gone = api.delete(place, headers={"If-Match": f'"{told["hash"]}"'}).json()
    assert gone["moved"] == "folder"
    assert (jupyter.root / gone["folder"]["path"] / "notes.txt").read_text() == "new"
    assert gone["folder"]["path"].startswith(f"savu-runs/deleted-{time.strftime('%Y-%m-%d')}/")
    assert not run_folder(jupyter, done).exists()
    job = api.get(f"jobs/{done['id']}").json()
    assert (job["state"], job["result"]) == ("succeeded", None)
    assert job["deleted"]
    assert api.get(place).status_code == 404
    assert api.post(f"jobs/{done['id']}/run-again", json={}).status_code == 404


def test_nothing_is_cleaned_while_a_job_is_active(
    api: httpx.Client, jupyter: Jupyter, folder: Folder
) -> None:
    job = submit(api, folder, "deaf")
    engine_process(jupyter, job)
    for answer in (
        api.delete(f"jobs/{job['id']}"),
        api.get(f"jobs/{job['id']}/data"),
        api.delete(f"jobs/{job['id']}/data", headers={"If-Match": "x"}),
    ):
        assert (answer.status_code, answer.json()["reason"]) == (409, "active")
    api.post(f"jobs/{job['id']}/cancel")
    until(api, job)


def test_only_the_run_folder_of_the_job_is_thrown_away(
    api: httpx.Client, jupyter: Jupyter, done: Job, tmp_path: Path
) -> None:
    place = f"jobs/{done['id']}/data"
    mine = run_folder(jupyter, done)
    elsewhere = tmp_path / "elsewhere"
    mine.rename(elsewhere)
    mine.symlink_to(elsewhere)
    answer = api.get(place)
    assert (answer.status_code, answer.json()["reason"]) == (403, "not_ours")
    mine.unlink()
    mine.mkdir()
    (mine / "precious").touch()
    answer = api.delete(place, headers={"If-Match": "x"})
    assert (answer.status_code, answer.json()["reason"]) == (403, "not_ours")
    assert (mine / "precious").exists()
    assert json.loads((elsewhere / "job" / "job.json").read_text())["id"] == done["id"]
