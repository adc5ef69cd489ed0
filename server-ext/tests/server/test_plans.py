"""What a job would do and take, told before it is submitted."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from conftest import Folder
from jupyter import TOKEN, Jupyter

from jupyterlab_savu.client import Savu
from jupyterlab_savu.client.command import main


def asked(folder: Folder, queue: str = "preview", **more: Any) -> dict[str, Any]:
    plist = {"path": folder.at("steps.nxs")}
    return {"queue": queue, "list": plist, "data": {"path": folder.at("scan.nxs")}, **more}


def test_a_plan_is_of_the_rows_that_would_run(api: httpx.Client, folder: Folder) -> None:
    before = api.get("jobs").json()["items"]
    plans = []
    for rows in (None, "4:6"):
        answer = api.post("plans", json=asked(folder, rows=rows))
        assert answer.status_code == 200, answer.text
        plans.append(answer.json()["plan"])
    usual, two = plans
    assert [plan["results"][0]["shape"][1] for plan in plans] == [8, 2]
    assert two["disk"] < usual["disk"]
    assert "AstraReconCpu" in [name for one in usual["passes"] for name in one["plugins"]]
    assert all(one["memory"] > 0 and one["workers"] >= 1 for one in usual["passes"])
    assert usual["seconds"] >= max(one["seconds"] for one in usual["passes"])
    assert api.get("jobs").json()["items"] == before


def test_what_cannot_run_has_no_plan(api: httpx.Client, folder: Folder) -> None:
    answer = api.post("plans", json=asked(folder, rows="many"))
    assert (answer.status_code, answer.json()["place"]) == (422, "/rows")
    answer = api.post("plans", json=asked(folder, "nowhere"))
    assert (answer.status_code, answer.json()["place"]) == (422, "/queue")


def test_an_engine_need_not_plan(api: httpx.Client, folder: Folder) -> None:
    assert api.post("plans", json=asked(folder, "crashing")).json() == {"plan": None}


def test_notebooks_and_the_command_line_plan(
    jupyter: Jupyter,
    folder: Folder,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plist, scan = folder.at("steps.nxs"), folder.at("scan.nxs")
    with Savu(jupyter.url, TOKEN) as savu:
        told = savu.plan(plist, scan, rows="4:6")
    assert told is not None and told["results"][0]["shape"][1] == 2
    monkeypatch.setenv("JUPYTER_TOKEN", TOKEN)
    asked = ["submit", plist, scan, "--queue", "full", "--plan", "--url", jupyter.url]
    assert main(asked) == 0, capsys.readouterr().err
    printed = capsys.readouterr().out
    assert scan in printed and "AstraReconCpu" in printed and "in all" in printed
