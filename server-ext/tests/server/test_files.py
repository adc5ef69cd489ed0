"""Files: what they are, where they may be, and finding them."""

from __future__ import annotations

import os
import time
from pathlib import Path

import h5py
import httpx
import pytest
from conftest import Folder
from jupyter import Jupyter

from jupyterlab_savu.data.roots import Root, Roots
from jupyterlab_savu.data.search import search
from savu_core.files import file_hash


def test_tells_what_a_file_is_by_its_content(api: httpx.Client, folder: Folder) -> None:
    (folder / "scan.nxs").rename(folder / "picture.png")
    told = api.get("files", params={"path": folder.at("picture.png")}).json()
    assert told["kind"] == "scan"
    assert told["writable"] is False
    told = api.get("files", params={"path": folder.at("steps.nxs"), "hash": "true"}).json()
    assert told["kind"] == "list"
    assert told["writable"] is True
    assert told["hash"] == file_hash(folder / "steps.nxs")


def test_a_new_empty_file_is_an_empty_list(api: httpx.Client, folder: Folder) -> None:
    (folder / "new.nxs").touch()
    assert api.get("files", params={"path": folder.at("new.nxs")}).json()["kind"] == "list"
    stored = api.get("process-lists/content", params={"path": folder.at("new.nxs")})
    assert stored.json()["list"]["plugins"] == []


@pytest.mark.parametrize("name", ["text.nxs", "cut.nxs", "zeros.h5"])
def test_says_what_is_wrong_with_rubbish(api: httpx.Client, folder: Folder, name: str) -> None:
    whole = (folder / "steps.nxs").read_bytes()
    content = {"text.nxs": b"hello", "cut.nxs": whole[: len(whole) // 2], "zeros.h5": bytes(4096)}
    (folder / name).write_bytes(content[name])
    told = api.get("files", params={"path": folder.at(name)}).json()
    assert told["kind"] == "other"
    assert told["problem"].startswith(f"{name} is ")
    answer = api.get("process-lists/content", params={"path": folder.at(name)})
    assert answer.status_code == 422
    assert name in answer.json()["message"]
    answer = api.get("data/meta/", params={"file": folder.at(name), "path": "/"})
    assert (answer.status_code, answer.json()["reason"]) == (422, "not_hdf5")


def test_a_damaged_file_is_not_taken_for_one_that_lacks_something(
    api: httpx.Client, folder: Folder
) -> None:
    content = bytearray((folder / "scan.nxs").read_bytes())
    # the superblock and the names at the top are sound
    content[2048:8192] = b"\xff" * 6144
    (folder / "damaged.nxs").write_bytes(content)
    place = {"path": folder.at("damaged.nxs")}
    words = "damaged.nxs is a damaged HDF5 file."
    assert api.get("files", params=place).json()["problem"] == words
    answer = api.get("process-lists/content", params=place)
    assert (answer.status_code, answer.json()["message"]) == (422, words)
    answer = api.get("data/meta/", params={"file": place["path"], "path": "/"})
    assert (answer.status_code, answer.json()["message"]) == (422, words)
    stored = api.get("process-lists/content", params={"path": folder.at("steps.nxs")}).json()
    answer = api.post("process-lists/check", json={"list": stored["list"], "data": place})
    assert words in [problem["message"] for problem in answer.json()["problems"]]
    answer = api.get("datasets", params={"below": folder.at("")})
    assert [item["name"] for item in answer.json()["items"]] == ["scan.nxs"]


def test_a_folder_is_not_a_file(api: httpx.Client, folder: Folder) -> None:
    answer = api.get("files", params={"path": folder.at("")})
    assert answer.status_code == 404
    assert "a folder" in answer.json()["message"]


def test_a_pipe_is_not_opened(api: httpx.Client, folder: Folder) -> None:
    os.mkfifo(folder / "pipe.nxs")
    assert api.get("files", params={"path": folder.at("pipe.nxs")}).status_code == 404
    found = api.get("process-lists", params={"below": folder.at("")}).json()["items"]
    assert [item["name"] for item in found] == ["steps.nxs"]


OUTSIDE = [
    "../secret.nxs",
    "a/../../secret.nxs",
    "/etc/passwd",
    "..\\secret.nxs",
    "x\0.nxs",
    "..",
    "%2e%2e/secret.nxs",
    "link.nxs",
    "up/secret.nxs",
    "loop",
    ".hidden.nxs",
    ".dot/list.nxs",
]


@pytest.mark.parametrize("path", OUTSIDE)
def test_nothing_outside_the_roots_is_seen(
    api: httpx.Client, jupyter: Jupyter, folder: Folder, path: str
) -> None:
    secret = jupyter.home / "secret.nxs"
    secret.write_bytes((folder / "steps.nxs").read_bytes())
    (folder / "link.nxs").symlink_to(secret)
    (folder / "up").symlink_to(jupyter.home)
    (folder / "loop").symlink_to(folder / "loop")
    (folder / ".dot").mkdir()
    for name in (".hidden.nxs", ".dot/list.nxs"):
        (folder / name).write_bytes(secret.read_bytes())
    asked = path if path.startswith("/") else f"{folder.at('')}/{path}"
    before = secret.read_bytes()
    body = {"plugins": []}
    for answer in (
        api.get("files", params={"path": asked}),
        api.get("process-lists/content", params={"path": asked}),
        api.get("process-lists/download", params={"path": asked}),
        api.get("data/meta/", params={"file": asked}),
        api.put("process-lists/content", params={"path": asked}, json=body, headers=MATCH),
        api.delete("process-lists/content", params={"path": asked}, headers=MATCH),
    ):
        assert answer.status_code == 404, answer.request.url
    assert secret.read_bytes() == before
    found = api.get("process-lists", params={"below": folder.at("")}).json()["items"]
    assert [item["name"] for item in found] == ["steps.nxs"]


MATCH = {"If-Match": "0" * 64}


def test_a_link_into_another_root_is_followed_but_not_written(
    api: httpx.Client, jupyter: Jupyter, folder: Folder
) -> None:
    archived = jupyter.home / "archive" / "kept.nxs"
    archived.write_bytes((folder / "steps.nxs").read_bytes())
    (folder / "link.nxs").symlink_to(archived)
    for place in ({"path": folder.at("link.nxs")}, {"root": "archive", "path": "kept.nxs"}):
        stored = api.get("process-lists/content", params=place).json()
        assert api.get("files", params=place).json()["writable"] is False
        match = {"If-Match": stored["hash"]}
        for answer in (
            api.put("process-lists/content", params=place, json=stored["list"], headers=match),
            api.delete("process-lists/content", params=place, headers=match),
        ):
            assert (answer.status_code, answer.json()["reason"]) == (403, "read_only")
    assert api.get("files", params={"root": "nowhere", "path": "x"}).status_code == 404


def test_search_is_paged_and_filtered_by_words(api: httpx.Client, folder: Folder) -> None:
    names = ["b/2.nxs", "a/x.nxs", "a.nxs", "a/b/c.nxs", "b.nxs", "a-z.nxs"]
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes((folder / "steps.nxs").read_bytes())
    found, cursor = [], None
    while True:
        query = {"below": folder.at(""), "limit": 2, **({"cursor": cursor} if cursor else {})}
        page = api.get("process-lists", params=query).json()
        assert len(page["items"]) <= 2
        found += [item["path"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert sorted(found) == sorted(folder.at(name) for name in [*names, "steps.nxs"])
    assert len(set(found)) == len(found)
    page = api.get("process-lists", params={"below": folder.at(""), "q": "B/ /C.N"}).json()
    assert [item["path"] for item in page["items"]] == [folder.at("a/b/c.nxs")]
    answer = api.get("process-lists", params={"cursor": "rubbish"})
    assert (answer.status_code, answer.json()["place"]) == (422, "cursor")


def test_finds_scans_with_their_shape(api: httpx.Client, folder: Folder) -> None:
    with h5py.File(folder / "scan.nxs") as file:
        shape = list(file["entry1/tomo_entry/data/data"].shape)
    (found,) = api.get("datasets", params={"below": folder.at("")}).json()["items"]
    assert found["path"] == folder.at("scan.nxs")
    assert found["shape"] == shape
    assert found["dataset"] == "/entry1/tomo_entry/data/data"


def test_search_ends_at_its_limit_and_says_so(tmp_path: Path) -> None:
    for i in range(80):
        (tmp_path / f"{i}.nxs").touch()
    where = {"root": "jupyter", "below": "", "folder": str(tmp_path), "words": []}
    roots = Roots([Root("jupyter", tmp_path.resolve(), True)]).to_json()
    page = search("list", **where, limit=200, cursor=None, roots=roots, visits=50, seconds=60)
    assert page["truncated"] is True
    assert len(page["items"]) == 50
    page = search("list", **where, limit=200, cursor=None, roots=roots, visits=500, seconds=0)
    assert page["truncated"] is True


def test_search_goes_only_so_deep_and_says_so(tmp_path: Path) -> None:
    folder = tmp_path
    for _ in range(40):
        (folder / "list.nxs").touch()
        folder = folder / "f"
        folder.mkdir()
    where = {"root": "jupyter", "below": "", "folder": str(tmp_path), "words": []}
    roots = Roots([Root("jupyter", tmp_path.resolve(), True)]).to_json()
    page = search("list", **where, limit=200, cursor=None, roots=roots, visits=500, seconds=60)
    assert page["truncated"] is True
    assert len(page["items"]) == 32


def test_a_search_that_nobody_waits_for_ends(api: httpx.Client, folder: Folder) -> None:
    many = folder / "many"
    many.mkdir()
    content = (folder / "steps.nxs").read_bytes()
    for i in range(3000):
        (many / f"{i}.nxs").write_bytes(content)
    begin = time.monotonic()
    query = {"below": folder.at("many"), "q": "2999", "limit": 1000}
    (found,) = api.get("process-lists", params=query).json()["items"]
    assert found["name"] == "2999.nxs"
    alone = time.monotonic() - begin
    with pytest.raises(httpx.ReadTimeout):
        api.get("process-lists", params={**query, "q": ""}, timeout=0.1)
    begin = time.monotonic()
    api.get("process-lists", params={"below": folder.at("many"), "q": "none"})
    # one worker searches: this one had to wait for the one before
    assert time.monotonic() - begin < 2 * alone + 0.5


def test_a_circle_of_links_ends(api: httpx.Client, folder: Folder) -> None:
    (folder / "again").symlink_to(folder.path)
    found = api.get("process-lists", params={"below": folder.at("")}).json()["items"]
    assert len(found) == 1
