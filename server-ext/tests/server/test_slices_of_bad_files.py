"""Slices of damaged, odd, huge or changing files: always a message or a bounded answer."""

from __future__ import annotations

import os
import shutil
import struct
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import hdf5plugin
import httpx
import numpy as np
import pytest
from conftest import Folder
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

SHAPE = (6, 8, 10)
VALUES = np.arange(480, dtype="<f4").reshape(SHAPE)


def ask(api: httpx.Client, file: str, path: str, plane: str, **more: Any) -> httpx.Response:
    return api.get("slices/slice", params={"file": file, "path": path, "plane": plane, **more})


def listed(api: httpx.Client, file: str) -> list[str]:
    answer = api.get("slices/volumes", params={"file": file})
    assert answer.status_code == 200, answer.text
    return [item["path"] for item in answer.json()["items"]]


def everything(api: httpx.Client, file: str, path: str) -> list[httpx.Response]:
    """All questions that the viewer asks when it opens a dataset."""
    of = {"file": file, "path": path}
    plane = {**of, "plane": "1,:,:"}
    return [
        api.get("slices/volumes", params={"file": file}),
        api.get("slices/volume", params=of),
        api.get("slices/slice", params=plane),
        api.get("slices/slice", params={**plane, "plane": ":,:,2", "bits": 8}),
        api.get("slices/statistics", params=plane),
        api.get("slices/profile", params={**plane, "line": "0,0,5,5"}),
    ]


def assert_told(answer: httpx.Response) -> None:
    """Values, or a fault in words."""
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert answer.json()["message"]


def links_in_circles(file: h5py.File) -> None:
    file["soft"] = h5py.SoftLink("/soft")
    file["one"] = h5py.SoftLink("/two")
    file["two"] = h5py.SoftLink("/one")
    file["outer"] = h5py.ExternalLink(Path(file.filename).name, "/outer")
    file["all/again"] = file["/"]
    file["all/below/up"] = h5py.SoftLink("/all")
    file["all/data"] = VALUES


def nothing_there(file: h5py.File) -> None:
    file["missing"] = h5py.ExternalLink("nowhere.h5", "/data")
    file["folder"] = h5py.ExternalLink(".", "/data")
    file["dangling"] = h5py.SoftLink("/not/there")
    layout = h5py.VirtualLayout(SHAPE, "f4", filename=file.filename)
    layout[:3] = h5py.VirtualSource("gone.h5", "data", (3, *SHAPE[1:]))
    file.create_virtual_dataset("all/data", layout, fillvalue=7)


def no_pictures(file: h5py.File) -> None:
    file["scalar"] = 3.0
    file["line"] = np.arange(5)
    file["null"] = h5py.Empty("f4")
    file.create_dataset("empty", (0, 5, 5), "f4")
    file.create_dataset("flat", (5, 0, 5), "f4", chunks=(1, 1, 1), maxshape=(None,) * 3)
    file["text"] = np.full((3, 3, 3), b"abc")
    file["words"] = np.full((3, 3, 3), "abc", dtype=h5py.string_dtype())
    file["pairs"] = np.zeros((3, 3, 3), [("a", "f4"), ("b", "i8")])
    file.create_dataset("references", (3, 3, 3), h5py.ref_dtype)
    file.create_dataset("ragged", (3, 3, 3), h5py.vlen_dtype("f4"))
    file.create_dataset("opaque", (3, 3, 3), "V7")
    file["all/data"] = VALUES


def odd_attributes(file: h5py.File) -> None:
    group = file.create_group("all")
    group["data"] = VALUES
    group.attrs["axes"] = np.zeros((3, 3))
    group.attrs["signal"] = h5py.Empty("f4")
    group["data"].attrs["units"] = b"\xff\xfe"
    group["data"].attrs["long_name"] = np.array(["a", "b"], dtype=h5py.string_dtype())
    file.attrs["default"] = "all"
    group.attrs["default"] = "../all"


def huge_attributes(file: h5py.File) -> None:
    group = file.create_group("all", track_order=True)
    group["data"] = VALUES
    # beyond 64 kB an attribute is stored like a dataset
    group.attrs["axes"] = np.array(["x" * 100] * 20_000, dtype="S100")
    group.attrs["title"] = "t" * 2**20


def pattern_nonsense(file: h5py.File) -> None:
    file["all/data"] = VALUES
    for k, dims in enumerate(([9, 9], [np.nan, 1], [-1, 0], [0, 1, 2], [1e30, 2])):
        file[f"all/patterns/P{k}/core_dims"] = dims
    file["all/patterns/text/core_dims"] = ["a", "b"]
    file["all/patterns/no_group"] = 3


ODD: list[Callable[[h5py.File], None]] = [
    links_in_circles,
    nothing_there,
    no_pictures,
    odd_attributes,
    huge_attributes,
    pattern_nonsense,
]


@pytest.mark.parametrize("fill", ODD, ids=lambda fill: fill.__name__)
def test_what_is_odd_in_a_file_does_not_hide_the_rest(
    api: httpx.Client, folder: Folder, fill: Callable[[h5py.File], None]
) -> None:
    with h5py.File(folder / "odd.h5", "w", libver="latest") as file:
        fill(file)
        names: list[str] = []
        file.visit_links(names.append)
    paths = listed(api, folder.at("odd.h5"))
    assert paths == ["/all/data"]
    assert all(answer.status_code == 200 for answer in everything(api, folder.at("odd.h5"), *paths))
    for name in names:
        for answer in everything(api, folder.at("odd.h5"), f"/{name}")[1:4]:
            assert_told(answer)


def test_values_without_a_number_are_drawn_and_counted(api: httpx.Client, folder: Folder) -> None:
    odd = np.full((3, 8, 8), np.nan, "f4")
    odd[1] = np.inf
    odd[2, :4], odd[2, 4:] = np.finfo("f4").max, -np.finfo("f4").max
    with h5py.File(folder / "odd.h5", "w") as file:
        for name, options in (("plain", {}), ("packed", {"compression": "gzip"})):
            file.create_dataset(name, data=odd, **options)
    for name in ("plain", "packed"):
        for index in range(3):
            asked = {"file": folder.at("odd.h5"), "path": name, "plane": f"{index},:,:"}
            assert api.get("slices/slice", params={**asked, "bits": 8}).status_code == 200
            told = api.get("slices/statistics", params=asked).json()
            assert (told["count"], told["not_finite"]) == ((64, 0) if index == 2 else (0, 64))
            line = api.get("slices/profile", params={**asked, "line": "0,0,7,7"}).json()["values"]
            assert all(value is None for value in line) or index == 2


def test_very_many_links_are_listed_in_part(api: httpx.Client, folder: Folder) -> None:
    with h5py.File(folder / "many.h5", "w", libver="latest") as file:
        group = file.create_group("links")
        for k in range(100_000):
            group.id.links.create_soft(b"%06d" % k, b"/data")
        file["data"] = VALUES
    assert 0 < len(listed(api, folder.at("many.h5"))) <= 500
    assert ask(api, folder.at("many.h5"), "links/099999", "2,:,:").status_code == 200


def test_a_trillion_values_are_shown_where_one_looks(api: httpx.Client, folder: Folder) -> None:
    with h5py.File(folder / "huge.h5", "w") as file:
        data = file.create_dataset(
            "data", (10**4,) * 3, "f4", chunks=(64, 64, 64), compression="gzip", fillvalue=5
        )
        data[5000, 5000, 5000] = 8
        fine = file.create_dataset("fine", (10**4,) * 3, "u1", chunks=(1, 10, 10))
        fine[3, 7, 9] = 4
    file_name = folder.at("huge.h5")
    assert listed(api, file_name) == ["/data", "/fine"]
    for path, plane, region in (
        ("data", "5000,:,:", "4990,5010,4990,5010"),
        ("data", ":,:,5000", "4990,5010,4990,5010"),
        ("fine", "3,:,:", "0,20,0,20"),
    ):
        answer = ask(api, file_name, path, plane, region=region)
        values = np.frombuffer(answer.content, "<f4" if path == "data" else "u1")
        assert (answer.status_code, values.max()) == (200, 8 if path == "data" else 4)
    assert ask(api, file_name, "data", ":,:,5000").status_code == 413
    assert ask(api, file_name, "data", "5000,:,:", step=16, bits=8).status_code == 200


def rewritten(path: Path, at: int, content: bytes) -> None:
    with path.open("r+b") as raw:
        raw.seek(at)
        raw.write(content)


CHUNK_OPTIONS: dict[str, dict[str, Any]] = {
    "gzip": {"compression": "gzip"},
    "shuffled": {"compression": "gzip", "shuffle": True},
    "bitshuffle": dict(hdf5plugin.Bitshuffle()),
    "zstd": dict(hdf5plugin.Zstd()),
    "blosc": dict(hdf5plugin.Blosc()),
    "blosc2": dict(hdf5plugin.Blosc2()),
    "lz4": dict(hdf5plugin.LZ4()),
    "lzf": {"compression": "lzf"},
}


@pytest.mark.parametrize("options", CHUNK_OPTIONS)
def test_chunks_that_are_not_what_they_should_be_are_told(
    api: httpx.Client, folder: Folder, options: str
) -> None:
    """Cut, empty, of another size, packed by another filter, or claiming to be enormous."""
    whole = VALUES.tobytes()
    contents = {
        "cut": b"",
        "other": whole[:100],
        "header": struct.pack(">QI", 2**62, 2**31) + whole[:200],
        "ones": b"\xff" * 300,
        "zeros": bytes(300),
    }
    path = folder / "chunks.h5"
    with h5py.File(path, "w") as file:
        for name, content in contents.items():
            data = file.create_dataset(name, SHAPE, "<f4", chunks=SHAPE, **CHUNK_OPTIONS[options])
            if content:
                data.id.write_direct_chunk((0, 0, 0), content)
            else:
                data[:] = VALUES
                stored = data.id.read_direct_chunk((0, 0, 0))[1]
                data.id.write_direct_chunk((0, 0, 0), stored[: len(stored) // 2])
    for name in contents:
        for answer in everything(api, folder.at("chunks.h5"), name):
            assert_told(answer)
    if options not in ("lz4", "zstd", "lzf"):
        # these cannot tell
        assert ask(api, folder.at("chunks.h5"), "cut", "1,:,:").status_code == 422


def test_a_filter_that_the_server_has_not_is_named(api: httpx.Client, folder: Folder) -> None:
    with h5py.File(folder / "filter.h5", "w") as file:
        created = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        created.set_chunk((1, 4, 5))
        created.set_filter(299, h5py.h5z.FLAG_OPTIONAL, ())
        space = h5py.h5s.create_simple((2, 4, 5))
        data = h5py.h5d.create(file.id, b"data", h5py.h5t.IEEE_F32LE, space, created)
        for k in range(2):
            data.write_direct_chunk((k, 0, 0), bytes(30))
    answer = ask(api, folder.at("filter.h5"), "data", "1,:,:")
    assert answer.status_code == 422
    assert "compressed by filter 299" in answer.json()["message"]


@pytest.mark.parametrize("options", ["contiguous", "gzip", "bitshuffle"])
def test_files_that_are_replaced_or_cut_while_they_are_read(
    api: httpx.Client, folder: Folder, options: str
) -> None:
    """Each answer holds the values of one of the files, or says what is wrong."""
    chunks = {} if options == "contiguous" else {"chunks": (2, 4, 5), **CHUNK_OPTIONS[options]}
    whole = []
    for k in range(2):
        with h5py.File(folder / f"{k}.h5", "w") as file:
            file.create_dataset("data", data=np.full((16, 64, 64), k, "f4"), **chunks)
        whole.append((folder / f"{k}.h5").read_bytes())
    target = folder / "live.h5"
    shutil.copy(folder / "0.h5", target)
    stop = threading.Event()

    def change() -> None:
        turn = 0
        while not stop.wait(0.01):
            turn += 1
            if turn % 3:
                (folder / "new.h5").write_bytes(whole[turn % 2])
                (folder / "new.h5").replace(target)
            else:
                os.truncate(target, len(whole[0]) // 2)

    changing = threading.Thread(target=change)
    changing.start()
    try:
        for k in range(60):
            plane = f"{k % 16},:,:" if k % 2 else f":,:,{k}"
            answer = ask(api, folder.at("live.h5"), "data", plane)
            if answer.status_code == 200:
                assert len(set(np.frombuffer(answer.content, "<f4"))) == 1
            else:
                assert answer.json()["reason"] in ("unreadable", "not_found", "crashed")
    finally:
        stop.set()
        changing.join()
    shutil.copy(folder / "1.h5", target)
    answer = ask(api, folder.at("live.h5"), "data", "3,:,:")
    assert (np.frombuffer(answer.content, "<f4") == 1).all()


@pytest.fixture(scope="module")
def small_files() -> dict[str, bytes]:
    """Small files with every way in which values are stored."""
    made = {}
    for name, options in {"contiguous": {}, **CHUNK_OPTIONS}.items():
        with h5py.File.in_memory() as file:
            chunks = {"chunks": (3, 4, 5)} if options else {}
            group = file.create_group("entry/final_result_x")
            group.attrs["axes"] = ["z", "y", "x"]
            group["z"] = np.arange(SHAPE[0])
            group.create_dataset("data", data=VALUES, **chunks, **options)
            group["patterns/P/core_dims"] = [1, 2]
            file.flush()
            made[name] = bytes(file.id.get_file_image())
    return made


@given(
    data=st.data(),
    name=st.sampled_from(["contiguous", *CHUNK_OPTIONS]),
    cut=st.sampled_from([None, None, 0.3, 0.9]),
)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_flipped_byte_breaks_the_server(
    api: httpx.Client,
    folder: Folder,
    small_files: dict[str, bytes],
    data: st.DataObject,
    name: str,
    cut: float | None,
) -> None:
    content = bytearray(small_files[name])
    for at in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=4)):
        content[at] = data.draw(st.integers(0, 255))
    if cut is not None:
        del content[int(cut * len(content)) :]
    (folder / "flipped.h5").write_bytes(content)
    for answer in everything(api, folder.at("flipped.h5"), "/entry/final_result_x/data"):
        # HDF5 may crash on what is damaged: in a process of its own, which is replaced
        assert answer.status_code < 500 or answer.json()["reason"] in ("crashed", "timeout")
    assert listed(api, folder.at("scan.nxs"))
