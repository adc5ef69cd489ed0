"""Lists with values to be filled in, through the API."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from conftest import Folder
from jupyter import TOKEN, Jupyter

from jupyterlab_savu.client import Savu, SavuError
from jupyterlab_savu.client.places import Place
from savu_core.files import read_process_list, write_process_list
from savu_core.templates import from_yaml


@pytest.fixture
def marked(folder: Folder) -> dict[str, Any]:
    """The list of three steps with a mark for one plugin and one for all."""
    plist, digest = read_process_list(folder / "steps.nxs")
    plist.plugins[2].parameters["centre_of_rotation"] = "<84.5>"
    plist.plugins[2].parameters["FBP_filter"] = "global<ram-lak>"
    write_process_list(folder / "steps.nxs", plist, expected_hash=digest)
    return plist.to_json()


def resolve(api: httpx.Client, **asked: Any) -> dict[str, Any]:
    answer = api.post("templates", json=asked)
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    return told


def given(parameter: str, value: str) -> dict[str, Any]:
    return {"plugin": 2, "parameter": parameter, "value": value}


def test_marks_are_told_and_filled_in(api: httpx.Client, marked: dict[str, Any]) -> None:
    told = resolve(api, list=marked)
    marks = {mark["parameter"]: mark for mark in told["marks"]}
    assert set(marks) == {"centre_of_rotation", "FBP_filter"}
    assert marks["centre_of_rotation"]["default"] == "84.5"
    assert [marks[name]["everywhere"] for name in sorted(marks)] == [True, False]

    told = resolve(api, list=marked, values=[given("centre_of_rotation", "90.25")])
    parameters = told["list"]["plugins"][2]["parameters"]
    assert parameters["centre_of_rotation"] == "90.25"
    assert parameters["FBP_filter"] == '"ram-lak"'


def test_a_wrong_value_is_named_and_fills_nothing(
    api: httpx.Client, marked: dict[str, Any]
) -> None:
    told = resolve(api, list=marked, values=[given("FBP_filter", '"none such"')])
    (wrong,) = [mark for mark in told["marks"] if mark["expected"]]
    assert wrong["parameter"] == "FBP_filter"
    assert told["list"] is None


def test_the_savu_file_is_written_once_and_found_again(
    api: httpx.Client, marked: dict[str, Any], folder: Folder
) -> None:
    place = {"root": "jupyter", "path": folder.at("steps.nxs")}
    body = {"place": place, "list": marked, "values": [given("centre_of_rotation", "91.0")]}
    at = {"path": folder.at("steps.savu")}
    assert api.post("templates/content", params=at, json=body).status_code == 201
    text = (folder / "steps.savu").read_text("utf-8")
    path, values = from_yaml(text)
    assert path == str((folder / "steps.nxs").resolve())
    assert values["3"]["AstraReconCpu"] == {"centre_of_rotation": 91.0}

    answer = api.post("templates/content", params=at, json=body)
    assert (answer.status_code, answer.json()["reason"]) == (409, "exists")
    assert (folder / "steps.savu").read_text("utf-8") == text

    assert api.get("templates/content", params=at).json() == {"named": path, "list": place}
    told = resolve(api, list=marked, text=text)
    assert told["list"]["plugins"][2]["parameters"]["centre_of_rotation"] == "91.0"
    assert from_yaml(told["text"]) == (path, values)
    # what is typed comes before what is stored
    told = resolve(api, list=marked, text=text, values=[given("centre_of_rotation", "92.0")])
    assert from_yaml(told["text"])[1]["3"]["AstraReconCpu"] == {"centre_of_rotation": 92.0}


def test_a_list_that_moved_with_its_savu_file_is_found(
    api: httpx.Client, marked: dict[str, Any], folder: Folder
) -> None:
    (folder / "moved.savu").write_text("process_list: /elsewhere/steps.nxs\n", "utf-8")
    at = {"path": folder.at("moved.savu")}
    found = api.get("templates/content", params=at).json()
    assert found["list"] == {"root": "jupyter", "path": folder.at("steps.nxs")}
    (folder / "lost.savu").write_text("process_list: /etc/passwd\n", "utf-8")
    found = api.get("templates/content", params={"path": folder.at("lost.savu")}).json()
    assert found == {"named": "/etc/passwd", "list": None}


def test_what_does_not_belong_to_the_list_is_told(
    api: httpx.Client, marked: dict[str, Any]
) -> None:
    text = "3:\n  AstraReconCpu:\n    ratio: 0.5\n"
    assert resolve(api, list=marked, text=text)["unused"] == ["3.AstraReconCpu.ratio"]
    answer = api.post("templates", json={"list": marked, "text": "1: ["})
    assert answer.status_code == 422
    assert ".savu" in answer.json()["message"]


def test_a_notebook_fills_in(
    jupyter: Jupyter, api: httpx.Client, marked: dict[str, Any], folder: Folder
) -> None:
    with Savu(jupyter.url, TOKEN) as savu:
        steps = savu.list(folder.at("steps.nxs"))
        assert {mark["parameter"] for mark in steps.marks()} == {"centre_of_rotation", "FBP_filter"}
        steps.save_template(folder.at("notebook.savu"), {"3.centre_of_rotation": 90.5})
        assert "centre_of_rotation: 90.5" in (folder / "notebook.savu").read_text("utf-8")
        assert savu.list_of_template(folder.at("notebook.savu")) == steps.place
        for wrong in ({"3.ratio": 1}, {"3.FBP_filter": "none such"}):
            with pytest.raises(SavuError):
                steps.fill(wrong)
        steps.fill({"3.centre_of_rotation": 90.5})
        assert steps["AstraReconCpu"]["centre_of_rotation"] == 90.5
        assert steps["AstraReconCpu"]["FBP_filter"] == "ram-lak"


def test_a_notebook_asks_what_values_mean(jupyter: Jupyter, folder: Folder) -> None:
    scan = folder.at("scan.nxs")
    with Savu(jupyter.url, TOKEN) as savu:
        assert savu.value("[float, list[float, float]]", "[1, 2.5]") == [1, 2.5]
        assert savu.tuning("int", "0:6:2") == [0, 2, 4]
        for ask in (savu.value, savu.tuning):
            with pytest.raises(SavuError, match="whole number"):
                ask("int", "1.5;2")
        assert savu.preview(["mid", ":", "0:4"], scan)["shape"][::2] == [1, 4]
        assert savu.place_of(savu.location(scan)) == Place("jupyter", scan)
        assert savu.place_of("/no/such/file") is None
