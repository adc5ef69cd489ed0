"""A connected Savu behind the API; here the stand-in for one."""

from __future__ import annotations

import json
import time
from typing import Any

import httpx
import pytest

from savu_core.catalogue import new_plugin
from savu_core.model import ProcessList


@pytest.fixture
def plist(plist: ProcessList) -> ProcessList:
    """A list that nothing is wrong with."""
    plist.plugins[2].parameters["centre_of_rotation"] = 5.0
    return plist


def info(api: httpx.Client, name: str) -> dict[str, Any]:
    """What the server says of a connected Savu, once it has started or failed to."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        savus = {savu["name"]: savu for savu in api.get("info").json()["savus"]}
        if savus[name]["state"] != "starting":
            break
        time.sleep(0.1)
    told: dict[str, Any] = savus[name]
    return told


def problems(api: httpx.Client, plist: ProcessList, savu: str) -> list[dict[str, Any]]:
    answer = api.post("process-lists/check", json={"list": plist.to_json(), "savu": savu})
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.json()["problems"]
    return found


def test_the_server_says_which_savus_are_connected(api: httpx.Client) -> None:
    told = info(api, "stand-in")
    assert told == {
        "name": "stand-in",
        "title": "Savu 4.2",
        "state": "ready",
        "version": "4.2",
        "problem": None,
        "plugins": 134,
        "missing": 1,
    }
    gone = info(api, "gone")
    assert (gone["title"], gone["state"], gone["version"]) == ("Old Savu", "failed", None)
    assert "/there/is/no/python: No such file or directory" in gone["problem"]


def test_its_plugins_and_their_texts_are_listed(api: httpx.Client) -> None:
    told = api.get("plugins", params={"savu": "stand-in", "limit": 1000}).json()["items"]
    assert len(told) == 135
    by_name = {plugin["name"]: plugin for plugin in told}
    assert by_name["AstraReconGpu"]["summary"] == "What AstraReconGpu is for."
    assert "stand-in" in by_name["AstraReconGpu"]["engines"]
    assert by_name["TomopyRecon"]["unavailable"].endswith("No module named 'tomopy'")
    assert "stand-in" not in by_name["TomopyRecon"]["engines"]
    assert "unavailable" not in by_name["AstraReconGpu"]


def test_a_plugin_has_citations(api: httpx.Client) -> None:
    told = api.get("plugins/AstraReconCpu", params={"savu": "stand-in"}).json()
    assert told["bibtex"][0].startswith("@article{AstraReconCpu")
    assert told["endnote"][0].startswith("%0 Journal Article")
    assert told["dois"] == ["10.1364/OE.24.025129"]
    assert "bibtex" not in api.get("plugins/AstraReconCpu").json()


def test_a_plugin_that_it_cannot_import_has_the_shipped_facts(api: httpx.Client) -> None:
    told = api.get("plugins/TomopyRecon", params={"savu": "stand-in"}).json()
    assert "tomopy" in told["unavailable"]
    assert told["parameters"] == api.get("plugins/TomopyRecon").json()["parameters"]


def test_an_unknown_savu_is_named(api: httpx.Client) -> None:
    answer = api.get("plugins", params={"savu": "other"})
    assert answer.status_code == 422
    assert "There is no connected Savu 'other', only stand-in, gone" in answer.json()["message"]


def test_a_savu_that_does_not_start_is_an_error_with_its_reason(api: httpx.Client) -> None:
    answer = api.get("plugins", params={"savu": "gone"})
    assert answer.status_code == 503
    assert "No such file or directory" in answer.json()["message"]
    assert answer.json()["reason"] == "savu"
    # nobody else is disturbed
    assert api.get("plugins", params={"limit": 1}).status_code == 200


def test_it_judges_the_values_of_a_list(api: httpx.Client, plist: ProcessList) -> None:
    assert problems(api, plist, "stand-in") == []
    plist.plugins.insert(2, new_plugin("Hdf5TemplateLoader", "3"))
    plist.plugins[3].position = "4"
    plist.plugins[2].parameters["yaml_file"] = "Savu/nowhere/to/be/found.yaml"
    found = [p for p in problems(api, plist, "stand-in") if "refuses" in p["message"]]
    assert [(p["severity"], p["plugin"], p["parameter"]) for p in found] == [
        ("warning", 2, "yaml_file")
    ]
    assert "Savu 4.2 refuses this value of yaml_file" in found[0]["message"]


def test_what_is_known_to_be_wrong_is_told_once_and_never_shown_to_it(
    api: httpx.Client, plist: ProcessList
) -> None:
    plist.plugins[0].parameters["preview"] = ["__import__('os')"]
    (problem,) = problems(api, plist, "stand-in")
    assert "refuses" not in problem["message"]
    assert problem["parameter"] == "preview"


def test_a_plugin_that_it_cannot_import_is_a_problem(api: httpx.Client, plist: ProcessList) -> None:
    plist.plugins[2] = new_plugin("TomopyRecon", "3")
    (problem,) = [p for p in problems(api, plist, "stand-in") if p["severity"] == "error"]
    assert problem["plugin"] == 2
    assert problem["message"].startswith("Savu 4.2 cannot import TomopyRecon")
    body = {"list": plist.to_json(), "savu": "stand-in", "queue": "preview"}
    told = api.post("process-lists/check", json=body).json()["problems"]
    severities = [p["severity"] for p in told if "cannot import" in p["message"]]
    assert severities == ["warning"]  # the embedded engine can run it all the same


def test_a_list_is_refreshed(api: httpx.Client, plist: ProcessList) -> None:
    plist.plugins[2] = new_plugin("AstraReconCpu", "3")
    expected = plist.to_json()
    plist.plugins[2].parameters = {"FBP_filter": "hann", "gone": 1}
    for savu in (None, "stand-in"):
        body = {"list": plist.to_json(), "savu": savu, "plugins": [2]}
        answer = api.post("process-lists/refresh", json=body).json()
        assert json.loads(answer["list"]["plugins"][2]["parameters"]["FBP_filter"]) == "hann"
        assert "gone" not in answer["list"]["plugins"][2]["parameters"]
        assert answer["list"]["plugins"][:2] == expected["plugins"][:2]
        body["defaults"] = True
        assert api.post("process-lists/refresh", json=body).json()["list"] == expected


def test_only_plugins_of_the_list_are_refreshed(api: httpx.Client, plist: ProcessList) -> None:
    answer = api.post("process-lists/refresh", json={"list": plist.to_json(), "plugins": [3]})
    assert answer.status_code == 422
    plist.plugins[1].name = "Nothing"
    for savu in (None, "stand-in"):
        body = {"list": plist.to_json(), "savu": savu}
        answer = api.post("process-lists/refresh", json=body)
        assert answer.status_code == 422
        assert "Nothing was changed" in answer.json()["message"]
