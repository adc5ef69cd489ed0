"""What typed values, tunings and previews mean, through the API."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from conftest import Folder


def read(api: httpx.Client, route: str, plugin: str, parameter: str, text: str) -> dict[str, Any]:
    facts = api.get(f"plugins/{plugin}").json()["parameters"]
    (known,) = [one for one in facts if one["name"] == parameter]
    asked = {
        "dtype": known["dtype"],
        "options": known.get("options"),
        "parameter": parameter,
        "text": text,
    }
    answer = api.post(route, json=asked)
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    return told


@pytest.mark.parametrize(
    ("plugin", "parameter", "text", "value", "expected"),
    [
        ("AstraReconCpu", "centre_of_rotation", "{0: 84.5, 10: 85}", {"0": 84.5, "10": 85}, None),
        ("AstraReconCpu", "centre_of_rotation", "80:90:2", "80:90:2;", None),
        ("AstraReconCpu", "ratio", "[0.9, 1]", [0.9, 1], None),
        ("AstraReconCpu", "log", "false", False, None),
        ("NxtomoLoader", "preview", "[:, mid-2:mid+2, :]", [":", "mid-2:mid+2", ":"], None),
        ("NxtomoLoader", "dark", "[/a.nxs, entry/d, 1]", ["/a.nxs", "entry/d", 1], "be seen"),
        ("DataRemoval", "indices", "0:10:2", "0:10:2", None),
        ("MtfDeconvolution", "file_path", "/etc/passwd", "/etc/passwd", "be seen"),
        ("MedianFilter", "kernel_size", "1/2", "1/2", "number"),
    ],
)
def test_a_text_means_what_mod_makes_of_it(
    api: httpx.Client, plugin: str, parameter: str, text: str, value: Any, expected: str | None
) -> None:
    told = read(api, "values", plugin, parameter, text)
    assert json.loads(told["value"]) == value
    assert (told["expected"] is None) == (expected is None)
    assert (expected or "") in (told["expected"] or "")


@pytest.mark.parametrize(
    ("text", "saved", "values", "in_savu"),
    [
        ("80;84;88", "80;84;88", [80, 84, 88], [80, 84, 88]),
        ("80:90:5", "80:90:5;", [80, 85], [80, 85]),
        ("0:10:4;", "0;4;8", [0, 4, 8], [4, 8]),
        ("1:10:4;3", "1;5;9;3", [1, 5, 9, 3], [1, 5, 9]),
        ("0:0.4:0.1", "0.0;0.1;0.2;0.3", [0, 0.1, 0.2, 0.3], [0.1, 0.2, pytest.approx(0.3)]),
        ("0:2:5", "0;", [0], []),
    ],
)
def test_a_range_is_saved_so_that_savu_runs_it(
    api: httpx.Client, text: str, saved: str, values: list[Any], in_savu: list[Any]
) -> None:
    told = read(api, "values/tuning", "AstraReconCpu", "centre_of_rotation", text)
    assert json.loads(told["value"]) == saved
    assert [json.loads(value) for value in told["values"]] == values
    assert [json.loads(value) for value in told["savu"]] == in_savu
    assert told["expected"] is None


@pytest.mark.parametrize(
    ("parameter", "text", "expected"),
    [
        ("centre_of_rotation", "", "no value"),
        ("centre_of_rotation", "1:9:0", "step"),
        ("n_iterations", "1;two", "a whole number"),
    ],
)
def test_what_is_no_tuning_is_told(
    api: httpx.Client, parameter: str, text: str, expected: str
) -> None:
    told = read(api, "values/tuning", "AstraReconCpu", parameter, text)
    assert expected in told["expected"]


def test_an_option_is_expected(api: httpx.Client) -> None:
    assert read(api, "values", "AstraReconCpu", "algorithm", "SIRT")["expected"] is None
    assert "FBP" in read(api, "values", "AstraReconCpu", "algorithm", "none")["expected"]
    assert "FBP" in read(api, "values/tuning", "AstraReconCpu", "algorithm", "FBP;none")["expected"]


def test_an_unknown_type_is_refused(api: httpx.Client) -> None:
    for route in ("values", "values/tuning"):
        answer = api.post(route, json={"dtype": "list[", "text": "1"})
        assert (answer.status_code, answer.json()["place"]) == (422, "/dtype")


def test_units_and_defaults_beside_a_parent_are_told(api: httpx.Client) -> None:
    def parameter(plugin: str, name: str) -> Any:
        facts = api.get(f"plugins/{plugin}").json()["parameters"]
        return next(one for one in facts if one["name"] == name)

    assert parameter("AstraReconCpu", "centre_of_rotation")["unit"] == "px"
    assert "unit" not in parameter("AstraReconCpu", "algorithm")
    iterations = parameter("CcpiDenoisingCpu", "max_iterations")
    assert iterations["default"] == "500"
    assert iterations["default_by"]["method"]["NLTV"] == "5"


def dimensions(api: httpx.Client, **asked: Any) -> dict[str, Any]:
    asked["preview"] = json.dumps(asked["preview"])
    answer = api.post("values/preview", json=asked)
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    return told


def test_a_preview_is_measured_on_the_scan(api: httpx.Client, folder: Folder) -> None:
    data = {"root": "jupyter", "path": folder.at("scan.nxs")}
    whole = dimensions(api, preview=[], data=data)
    names = [dimension["name"] for dimension in whole["dimensions"]]
    assert names == ["rotation_angle", "detector_y", "detector_x"]
    _, rows, columns = shape = whole["shape"]
    assert [dimension["length"] for dimension in whole["dimensions"]] == shape

    taken = dimensions(api, preview=["0:end:2", "mid", "2:9:3:2"], data=data)
    assert taken["shape"] == [-(-shape[0] // 2), 1, 6]
    middle = -(-rows // 2) - 1
    assert taken["dimensions"][1]["part"] == {
        "start": middle,
        "stop": middle + 1,
        "step": 1,
        "chunk": 1,
    }

    later = dimensions(api, preview=[":", ":", "mid"], data=data, loaded='[":", "2:5", ":"]')
    assert later["shape"] == [shape[0], 3, 1]

    wrong = dimensions(api, preview=[":", f"0:{rows + 1}", "5:"], data=data)
    assert wrong["shape"] is None
    assert [bool(d["problem"]) for d in wrong["dimensions"]] == [False, True, True]
    assert columns == wrong["dimensions"][2]["length"]

    few = dimensions(api, preview=[":"], data=data)
    assert [bool(d["problem"]) for d in few["dimensions"]] == [False, True, True]
    many = dimensions(api, preview=[":"] * 4, data=data)
    assert "only 3" in many["dimensions"][3]["problem"]


def test_a_preview_is_judged_without_a_scan(api: httpx.Client) -> None:
    told = dimensions(api, preview=["1:5", "5:"])
    assert [dimension["length"] for dimension in told["dimensions"]] == [None, None]
    assert [bool(d["problem"]) for d in told["dimensions"]] == [False, True]
    assert told["shape"] is None
    assert dimensions(api, preview={"tomo": []})["problem"]


def test_a_place_is_told_as_programs_need_it(api: httpx.Client, folder: Folder) -> None:
    told = api.get("locations", params={"path": folder.at("scan.nxs")}).json()
    assert told["location"] == str((folder / "scan.nxs").resolve())
    assert api.get("locations", params={"path": "../.."}).status_code == 404


def test_a_path_that_programs_use_is_found_again(api: httpx.Client, folder: Folder) -> None:
    def place(location: str) -> Any:
        return api.get("places", params={"location": location}).json()["place"]

    inside = str((folder / "scan.nxs").resolve())
    assert place(inside) == {"root": "jupyter", "path": folder.at("scan.nxs")}
    (folder / "out.nxs").symlink_to("/etc/passwd")
    for elsewhere in ("/etc/passwd", "scan.nxs", f"{inside}.none", str(folder / "out.nxs")):
        assert place(elsewhere) is None
