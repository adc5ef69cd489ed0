"""Process lists through the API."""

from __future__ import annotations

import copy
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from conftest import Folder, client_of
from jupyter import Jupyter

from savu_core.files import read_process_list
from savu_core.model import ProcessList

CONTENT = "process-lists/content"


@pytest.fixture
def stored(api: httpx.Client, folder: Folder) -> dict[str, Any]:
    answer = api.get(CONTENT, params={"path": folder.at("steps.nxs")})
    told: dict[str, Any] = answer.json()
    assert answer.headers["ETag"] == f'"{told["hash"]}"'
    return told


def test_a_list_is_read_edited_and_written(
    api: httpx.Client, folder: Folder, stored: dict[str, Any]
) -> None:
    place = {"path": folder.at("steps.nxs")}
    stored["list"]["plugins"][2]["parameters"]["FBP_filter"] = '"hann"'
    answer = api.put(
        CONTENT, params=place, json=stored["list"], headers={"If-Match": f'"{stored["hash"]}"'}
    )
    assert answer.status_code == 200
    plist, digest = read_process_list(folder / "steps.nxs")
    assert plist.plugins[2].parameters["FBP_filter"] == "hann"
    assert answer.json()["hash"] == digest
    again = api.get(CONTENT, params=place).json()
    assert again["hash"] == digest
    assert again["list"]["plugins"] == stored["list"]["plugins"]


def test_two_lists_are_compared(api: httpx.Client, stored: dict[str, Any]) -> None:
    left, right = stored["list"], copy.deepcopy(stored["list"])
    right["plugins"][2]["parameters"]["FBP_filter"] = '"hann"'
    told = api.post("process-lists/compare", json={"left": left, "right": right}).json()
    assert not told["equal"]
    pair = next(pair for pair in told["plugins"] if pair["differs"])
    assert (pair["left"], pair["right"]) == (2, 2)
    assert [p["name"] for p in pair["parameters"] if p["differs"]] == ["FBP_filter"]
    right["plugins"][1]["parameters"] = {"pattern": "no JSON"}
    answer = api.post("process-lists/compare", json={"left": left, "right": right})
    assert answer.status_code == 422
    assert answer.json()["place"] == "/right/plugins/1/parameters/pattern"


def test_a_new_list_never_replaces_a_file(
    api: httpx.Client, folder: Folder, stored: dict[str, Any]
) -> None:
    place = {"path": folder.at("new.nxs")}
    assert api.post(CONTENT, params=place, json=stored["list"]).status_code == 201
    before = (folder / "new.nxs").read_bytes()
    for name in ("new.nxs", "scan.nxs"):
        answer = api.post(CONTENT, params={"path": folder.at(name)}, json={"plugins": []})
        assert (answer.status_code, answer.json()["reason"]) == (409, "exists")
    assert (folder / "new.nxs").read_bytes() == before
    answer = api.post(CONTENT, params={"path": folder.at("no/such/x.nxs")}, json=stored["list"])
    assert answer.status_code == 404


def test_a_changed_file_is_not_replaced(
    api: httpx.Client, folder: Folder, stored: dict[str, Any]
) -> None:
    place = {"path": folder.at("steps.nxs")}
    before = (folder / "steps.nxs").read_bytes()
    answer = api.put(CONTENT, params=place, json=stored["list"])
    assert (answer.status_code, answer.json()["reason"]) == (428, "hash_needed")
    other = {"If-Match": "0" * 64}
    answer = api.put(CONTENT, params=place, json=stored["list"], headers=other)
    assert (answer.status_code, answer.json()["reason"]) == (412, "changed")
    answer = api.delete(CONTENT, params=place, headers=other)
    assert (answer.status_code, answer.json()["reason"]) == (412, "changed")
    assert api.delete(CONTENT, params=place).status_code == 428
    assert (folder / "steps.nxs").read_bytes() == before


def test_a_deleted_list_is_kept_beside_its_place_where_there_is_no_trash(
    api: httpx.Client, folder: Folder, stored: dict[str, Any]
) -> None:
    place = {"path": folder.at("steps.nxs")}
    match = {"If-Match": stored["hash"]}
    before = (folder / "steps.nxs").read_bytes()
    kept = []
    for _ in range(2):
        (folder / "steps.nxs").write_bytes(before)
        answer = api.delete(CONTENT, params=place, headers=match)
        assert answer.status_code == 200
        assert not (folder / "steps.nxs").exists()
        kept.append(answer.json()["kept"]["path"])
    assert [path.rpartition("/")[2] for path in kept] == ["steps.nxs", "steps-2.nxs"]
    for path in kept:
        assert re.search(r"/deleted-\d{4}-\d\d-\d\d/steps", path)
        assert (folder.server.root / path).read_bytes() == before
    assert api.delete(CONTENT, params=place, headers=match).status_code == 404
    found = api.get("process-lists", params={"below": folder.at("")}).json()["items"]
    assert found == []


def test_data_are_never_written(api: httpx.Client, folder: Folder, stored: dict[str, Any]) -> None:
    before = (folder / "scan.nxs").read_bytes()
    place = {"path": folder.at("scan.nxs")}
    match = {"If-Match": stored["hash"]}
    for answer in (
        api.put(CONTENT, params=place, json=stored["list"], headers=match),
        api.delete(CONTENT, params=place, headers=match),
    ):
        assert (answer.status_code, answer.json()["reason"]) == (409, "not_a_list")
    assert (folder / "scan.nxs").read_bytes() == before


def test_a_file_keeps_its_mode(api: httpx.Client, folder: Folder, stored: dict[str, Any]) -> None:
    (folder / "steps.nxs").chmod(0o640)
    api.put(
        CONTENT,
        params={"path": folder.at("steps.nxs")},
        json=stored["list"],
        headers={"If-Match": stored["hash"]},
    )
    assert (folder / "steps.nxs").stat().st_mode & 0o777 == 0o640


def test_the_file_itself_is_downloaded(api: httpx.Client, folder: Folder) -> None:
    answer = api.get("process-lists/download", params={"path": folder.at("steps.nxs")})
    assert answer.content == (folder / "steps.nxs").read_bytes()
    assert "steps.nxs" in answer.headers["Content-Disposition"]
    answer = api.get("process-lists/download", params={"path": folder.at("scan.nxs")})
    assert (answer.status_code, answer.json()["reason"]) == (422, "not_a_list")


FAULTS = [
    ('{"plugins": [', 400, "not_json", None),
    ("[1]", 422, "invalid", ""),
    ("{}", 422, "invalid", "/plugins"),
    ('{"plugins": [], "more": 1}', 422, "invalid", "/more"),
    ('{"plugins": [{"position": "1"}]}', 422, "invalid", "/plugins/0/name"),
    (
        '{"plugins": [], "groups": [{"start": 1, "end": "2", "iterations": 1}]}',
        422,
        "invalid",
        "/groups/0/end",
    ),
    (
        '{"plugins": [{"position": "1", "name": "A", "id": "a", "active": true, "parameters":'
        ' {"x/y": "[1"}}]}',
        422,
        "invalid",
        "/plugins/0/parameters/x~1y",
    ),
    ('{"plugins": [], "extra": {"group": {"..": {}}}}', 422, "invalid", "/extra/group/.."),
    ('{"plugins": [], "version": "\\ud800"}', 400, "not_json", None),
]


@pytest.mark.parametrize(("body", "status", "reason", "place"), FAULTS)
def test_a_faulty_body_is_told_with_its_place(
    api: httpx.Client, folder: Folder, body: str, status: int, reason: str, place: str | None
) -> None:
    answer = api.post(CONTENT, params={"path": folder.at("new.nxs")}, content=body)
    told = answer.json()
    assert (answer.status_code, told["reason"], told.get("place")) == (status, reason, place)
    assert not (folder / "new.nxs").exists()
    assert {path.name for path in folder.path.iterdir()} == {"scan.nxs", "steps.nxs"}


def test_a_list_is_checked(api: httpx.Client, folder: Folder, stored: dict[str, Any]) -> None:
    body = {"list": stored["list"], "data": {"path": folder.at("scan.nxs")}, "queue": "preview"}
    problems = api.post("process-lists/check", json=body).json()["problems"]
    assert [p for p in problems if p["severity"] == "error"] == []
    body["list"]["plugins"][2]["parameters"]["centre_of_rotation"] = '"80:87:1;"'
    tunings = api.post("process-lists/check", json=body).json()["tunings"]
    assert tunings == [{"plugin": 2, "parameter": "centre_of_rotation", "values": 7}]
    body["list"]["plugins"][2]["parameters"]["algorithm"] = '"SART"'
    body["list"]["plugins"][0]["parameters"]["data_path"] = '"entry/nothing"'
    problems = api.post("process-lists/check", json=body).json()["problems"]
    errors = {(p["plugin"], p["parameter"]) for p in problems if p["severity"] == "error"}
    assert errors == {(0, "data_path"), (2, "algorithm")}
    body["queue"] = "nowhere"
    answer = api.post("process-lists/check", json=body)
    assert (answer.status_code, answer.json()["place"]) == (422, "/queue")


def test_plugins_are_told_with_the_engines_that_run_them(api: httpx.Client) -> None:
    page = api.get("plugins", params={"q": "astra recon", "limit": 1}).json()
    assert page["items"][0]["name"] == "AstraReconCpu"
    assert "embedded" in page["items"][0]["engines"]
    rest = api.get("plugins", params={"cursor": page["next"], "q": "astra recon"}).json()
    assert "AstraReconCpu" not in [item["name"] for item in rest["items"]]
    everything = api.get("plugins", params={"limit": 1000}).json()
    assert len(everything["items"]) == api.get("info").json()["plugins"]
    facts = api.get("plugins/AstraReconCpu").json()
    assert '"FBP"' in facts["limits"]["embedded"]["algorithm"]
    assert '"SART"' not in facts["limits"]["embedded"]["algorithm"]
    assert api.get("plugins/Nothing").status_code == 404


def save(server: Jupyter, path: str, content: Any, **model: Any) -> httpx.Response:
    """As JupyterLab saves a document through the contents manager."""
    body = {"type": "file", "format": "json", "content": content, **model}
    url = f"{server.url}api/contents/{path}"
    return httpx.put(url, json=body, headers=server.headers, timeout=60)


def test_save_as_writes_the_file_that_the_document_means(
    jupyter: Jupyter, folder: Folder, stored: dict[str, Any]
) -> None:
    document = {"kind": "list", "list": stored["list"]}
    for _ in range(2):  # a new file, then over it
        assert save(jupyter, folder.at("copy.nxs"), document).is_success
        plist, _ = read_process_list(folder / "copy.nxs")
        assert plist == read_process_list(folder / "steps.nxs")[0]


@pytest.mark.parametrize(
    ("name", "document"),
    [
        ("scan.nxs", None),
        ("steps.nxs", {"kind": "scan", "list": None}),
        ("steps.nxs", {"kind": "list", "list": {"plugins": [{}]}}),
        ("steps.nxs", {"kind": "list", "list": None}),
        ("steps.nxs", "text"),
    ],
)
def test_save_as_never_harms_a_file(
    jupyter: Jupyter, folder: Folder, stored: dict[str, Any], name: str, document: Any
) -> None:
    before = (folder / name).read_bytes()
    answer = save(jupyter, folder.at(name), document or {"kind": "list", "list": stored["list"]})
    assert 400 <= answer.status_code < 500
    assert name in answer.json()["message"]
    assert (folder / name).read_bytes() == before


def test_save_as_leaves_no_empty_file_on_a_full_disk(
    start: Callable[..., Jupyter], phantom: Path, plist: ProcessList
) -> None:
    server = start()
    folder = Folder(server.root / "x", server)
    folder.fill(phantom, plist)
    assert server.process is not None
    with client_of(server) as api:
        place = {"path": folder.at("steps.nxs")}
        stored = api.get("process-lists/content", params=place).json()
    # writing of files fails in the workers, as on a full disk
    for process in psutil.Process(server.process.pid).children(recursive=True):
        process.rlimit(psutil.RLIMIT_FSIZE, (1000, 1000))
    document = {"kind": "list", "list": stored["list"]}
    answer = save(server, folder.at("copy.nxs"), document)
    assert answer.status_code == 507
    assert "copy.nxs cannot be written: no space is left" in answer.json()["message"]
    assert not (folder / "copy.nxs").exists()


def test_other_documents_are_saved_as_ever(jupyter: Jupyter, folder: Folder) -> None:
    assert save(jupyter, folder.at("notes.txt"), "hello", format="text").is_success
    assert (folder / "notes.txt").read_text() == "hello"


def test_a_deleted_list_goes_to_the_trash_or_beside_its_place_where_that_fails(
    start: Callable[..., Jupyter], folder: Folder
) -> None:
    server = start(FileContentsManager__delete_to_trash=True)
    content = (folder / "steps.nxs").read_bytes()

    def delete(api: httpx.Client) -> Any:
        (server.root / "steps.nxs").write_bytes(content)
        stored = api.get(CONTENT, params={"path": "steps.nxs"}).json()
        match = {"If-Match": stored["hash"]}
        answer = api.delete(CONTENT, params={"path": "steps.nxs"}, headers=match)
        assert not (server.root / "steps.nxs").exists()
        return answer.json()["kept"]

    with client_of(server) as api:
        assert delete(api) is None
        (trashed,) = [path for path in server.home.rglob("*") if path.name == "steps.nxs"]
        trash = trashed.parent.parent
        shutil.rmtree(trash)
        trash.write_text("no folder")
        kept = delete(api)["path"]
    assert re.fullmatch(r"deleted-\d{4}-\d\d-\d\d/steps.nxs", kept)
    assert (server.root / kept).read_bytes() == content


def test_bodies_are_bounded(api: httpx.Client, folder: Folder) -> None:
    body = json.dumps({"plugins": [], "version": "x" * (17 * 2**20)})
    answer = api.post(CONTENT, params={"path": folder.at("new.nxs")}, content=body)
    assert (answer.status_code, answer.json()["reason"]) == (413, "too_large")


def test_plugins_are_found_page_by_page(api: httpx.Client) -> None:
    def names(**query: str | int) -> list[str]:
        return [item["name"] for item in api.get("plugins", params=query).json()["items"]]

    assert names(q="tomopyrecn") == ["TomopyRecon"]
    ranked = names(q="astra")
    assert ranked[0] == "AstraReconCpu"
    assert names(q="astra", limit=1) == ranked[:1]
    assert names(q="astra", cursor=ranked[0]) == ranked[1:]
    assert names(q="astra", cursor="VoCentering") == []
