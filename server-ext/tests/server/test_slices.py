"""Slices of datasets: the values of NumPy, whatever the layout, through the routes."""

from __future__ import annotations

import itertools
import json
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import h5py
import hdf5plugin
import httpx
import numpy as np
import psutil
import pytest
from conftest import Folder, client_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jupyter import Jupyter

SHAPE = (13, 11, 17)
CHUNKS = (4, 5, 6)
LAYOUTS: dict[str, dict[str, Any]] = {
    "contiguous": {},
    "chunked": {"chunks": CHUNKS},
    "gzip": {"chunks": CHUNKS, "compression": "gzip"},
    "shuffled": {"chunks": CHUNKS, "compression": "gzip", "shuffle": True, "fletcher32": True},
    "frames": {"chunks": (1, 11, 17), "compression": "gzip"},
    "lzf": {"chunks": CHUNKS, "compression": "lzf"},
    "bitshuffle": {"chunks": (13, 11, 16), **hdf5plugin.Bitshuffle()},
    "lz4": {"chunks": CHUNKS, **hdf5plugin.LZ4()},
    "zstd": {"chunks": CHUNKS, **hdf5plugin.Zstd()},
    "blosc": {"chunks": CHUNKS, **hdf5plugin.Blosc()},
    "blosc2": {"chunks": CHUNKS, **hdf5plugin.Blosc2()},
}
TYPES = ("<f4", ">u2", "<f8", "i1")


@pytest.fixture(scope="module")
def volumes(jupyter: Jupyter) -> Iterator[Folder]:
    """A file with every layout and type, at rest for some time."""
    folder = Folder(jupyter.root / "slices", jupyter)
    folder.path.mkdir()
    with h5py.File(folder / "layouts.h5", "w") as file:
        for (layout, options), dtype in itertools.product(LAYOUTS.items(), TYPES):
            file.create_dataset(f"{layout}_{dtype[-2:]}", data=numbers(dtype), **options)
        file["four"] = numbers("<f4").reshape(13, 11, 17, 1) * np.arange(3, dtype="f4")
        file.create_dataset("four_chunks", data=file["four"][()], chunks=(3, 4, 5, 2))
        file["flat"] = numbers("<f4")[3]
        file["truth"] = numbers("i1") > 0
        file["complex"] = numbers("<f4") + 1j
        file["text"] = ["a", "b"]
        file["single"] = 3.0
        file.create_dataset("empty", (0, 5, 5), "f4")
        partly = file.create_dataset("partly", SHAPE, "f4", chunks=CHUNKS, fillvalue=np.nan)
        partly[:4, :, :6] = 1
    with h5py.File(folder / "linked.h5", "w") as file:
        file["outside"] = h5py.ExternalLink("layouts.h5", "/gzip_f4")
        layout = h5py.VirtualLayout(SHAPE, "f4")
        layout[:] = h5py.VirtualSource(str(folder / "layouts.h5"), "contiguous_f4", SHAPE)
        file.create_virtual_dataset("virtual", layout)
        file["nowhere"] = h5py.ExternalLink("gone.h5", "/x")
    for name in ("layouts.h5", "linked.h5"):
        os.utime(folder / name, (time.time() - 60,) * 2)
    yield folder


def numbers(dtype: str) -> np.ndarray:
    """Reproducible values of `SHAPE`, some of them negative."""
    values = np.random.default_rng(5).normal(0, 40, SHAPE)
    return (np.abs(values) if "u" in dtype else values).astype(dtype)


def ask(api: httpx.Client, file: str, path: str, plane: str, **more: Any) -> httpx.Response:
    query = {"file": file, "path": path, "plane": plane, **more}
    return api.get("slices/slice", params=query)


def values_of(answer: httpx.Response) -> np.ndarray:
    assert answer.status_code == 200, answer.text
    told = json.loads(answer.headers["Savu-Slice"])
    assert told["size"] == len(answer.content)
    return np.frombuffer(answer.content, told["dtype"]).reshape(told["shape"])


def expected(file: Path, path: str, plane: str) -> np.ndarray:
    where = tuple(slice(None) if part == ":" else int(part) for part in plane.split(","))
    with h5py.File(file) as opened:
        values: np.ndarray = opened[path][where]
        return values


@pytest.mark.parametrize("layout", LAYOUTS)
def test_walks_in_any_layout_show_the_values(
    api: httpx.Client, volumes: Folder, layout: str
) -> None:
    for dtype, axis in itertools.product(TYPES, range(3)):
        path = f"{layout}_{dtype[-2:]}"
        whole = np.moveaxis(expected(volumes / "layouts.h5", path, ":,:,:"), axis, 0)
        for index in (5, *range(SHAPE[axis])):
            plane = ",".join(str(index) if k == axis else ":" for k in range(3))
            answer = ask(api, volumes.at("layouts.h5"), path, plane)
            np.testing.assert_array_equal(values_of(answer), whole[index])


@given(data=st.data())
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_window_of_any_plane_is_numpys(
    api: httpx.Client, volumes: Folder, data: st.DataObject
) -> None:
    names = ["four", "four_chunks", *(f"{layout}_{t[-2:]}" for layout in LAYOUTS for t in TYPES)]
    path = data.draw(st.sampled_from(names))
    shape = (*SHAPE, 3) if path.startswith("four") else SHAPE
    shown = data.draw(st.sampled_from(list(itertools.combinations(range(len(shape)), 2))))
    fixed = [k for k in range(len(shape)) if k not in shown]
    at = {k: data.draw(st.integers(0, shape[k] - 1)) for k in fixed}
    plane = ",".join(str(at.get(k, ":")) for k in range(len(shape)))
    more: dict[str, Any] = {"walk": data.draw(st.sampled_from(fixed))}
    picture = expected(volumes / "layouts.h5", path, plane)
    if data.draw(st.booleans()):
        region = []
        for length in picture.shape:
            start = data.draw(st.integers(0, length - 1))
            region += [start, data.draw(st.integers(start + 1, length + 2))]
        more["region"] = ",".join(map(str, region))
        picture = picture[region[0] : region[1], region[2] : region[3]]
    more["step"] = data.draw(st.integers(1, 5))
    answer = ask(api, volumes.at("layouts.h5"), path, plane, **more)
    np.testing.assert_array_equal(values_of(answer), picture[:: more["step"], :: more["step"]])


@pytest.mark.parametrize(
    ("file", "path"), [("linked.h5", "/outside"), ("linked.h5", "/virtual"), ("layouts.h5", "flat")]
)
def test_links_virtual_datasets_and_single_pictures(
    api: httpx.Client, volumes: Folder, file: str, path: str
) -> None:
    plane = ":,:" if path == "flat" else "6,:,:"
    answer = ask(api, volumes.at(file), path, plane)
    np.testing.assert_array_equal(values_of(answer), expected(volumes / file, path, plane))


def test_truth_and_complex_numbers_are_shown_as_numbers(api: httpx.Client, volumes: Folder) -> None:
    truth = values_of(ask(api, volumes.at("layouts.h5"), "truth", "2,:,:"))
    np.testing.assert_array_equal(truth, numbers("i1")[2] > 0)
    size = values_of(ask(api, volumes.at("layouts.h5"), "complex", "2,:,:"))
    np.testing.assert_allclose(size, np.abs(numbers("<f4")[2] + 1j), rtol=1e-6)


def test_bytes_span_the_contrast_and_leave_zero_to_what_is_no_number(
    api: httpx.Client, folder: Folder
) -> None:
    values = np.linspace(-3, 7, 600, dtype="f4").reshape(1, 20, 30)
    values[0, 0, :3] = np.nan, np.inf, -np.inf
    with h5py.File(folder / "ramp.h5", "w") as file:
        file["ramp"] = values
    answer = ask(api, folder.at("ramp.h5"), "ramp", "0,:,:", bits=8, contrast="-1,4")
    shown = values_of(answer)
    assert shown.dtype == np.uint8
    assert list(shown[0, :3]) == [0, 255, 1]
    wanted = 1 + (np.clip(values[0], -1, 4) + 1) / 5 * 254
    np.testing.assert_allclose(shown[1:], wanted[1:], atol=0.51)
    automatic = ask(api, folder.at("ramp.h5"), "ramp", "0,:,:", bits=8)
    low, high = json.loads(automatic.headers["Savu-Slice"])["contrast"]
    assert low == pytest.approx(np.percentile(values[np.isfinite(values)], 0.5), abs=0.05)
    assert high == pytest.approx(np.percentile(values[np.isfinite(values)], 99.5), abs=0.05)


def test_what_was_never_written_is_told(api: httpx.Client, volumes: Folder) -> None:
    def missing(plane: str) -> list[list[int]]:
        answer = ask(api, volumes.at("layouts.h5"), "partly", plane)
        rectangles: list[list[int]] = json.loads(answer.headers["Savu-Slice"])["missing"]
        return rectangles

    assert missing("2,:,:") == [[0, 11, 6, 17]]
    assert missing("5,:,:") == [[0, 11, 0, 17]]
    assert missing(":,3,:") == [[0, 4, 6, 17], [4, 13, 0, 17]]


def test_a_slice_that_has_not_changed_is_not_sent_again(api: httpx.Client, volumes: Folder) -> None:
    file = volumes.at("layouts.h5")
    query = {"file": file, "path": "gzip_f4", "plane": "1,:,:"}
    tag = api.get("slices/slice", params=query).headers["ETag"]
    again = api.get("slices/slice", params=query, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    other = api.get(
        "slices/slice", params={**query, "plane": "2,:,:"}, headers={"If-None-Match": tag}
    )
    assert other.status_code == 200


def test_a_changed_file_shows_its_new_values(api: httpx.Client, folder: Folder) -> None:
    for options in ({}, {"chunks": (1, 4, 4), "compression": "gzip"}):
        path = folder / "live.h5"
        for value in (1, 2, 3):
            with h5py.File(path, "w") as file:
                file.create_dataset("data", data=np.full((6, 4, 4), value, "f4"), **options)
            for index in range(3):
                shown = values_of(ask(api, folder.at("live.h5"), "data", f"{index},:,:"))
                assert (shown == value).all()


def test_a_file_that_is_being_written_shows_what_is_there(
    api: httpx.Client, folder: Folder
) -> None:
    with h5py.File(folder / "growing.h5", "w", libver="latest") as file:
        data = file.create_dataset("data", (0, 8, 8), "f4", maxshape=(None, 8, 8), chunks=(1, 8, 8))
        file.swmr_mode = True
        for count in range(1, 6):
            data.resize(count, 0)
            data[count - 1] = count
            data.flush()
            shown = values_of(ask(api, folder.at("growing.h5"), "data", f"{count - 1},:,:"))
            assert (shown == count).all()


def test_figures_and_profiles(api: httpx.Client, volumes: Folder) -> None:
    picture = numbers("<f4")[4]
    query = {"file": volumes.at("layouts.h5"), "path": "gzip_f4", "plane": "4,:,:"}
    told = api.get("slices/statistics", params={**query, "region": "2,9,3,99", "bins": 10}).json()
    region = picture[2:9, 3:]
    assert (told["count"], told["min"], told["max"]) == (region.size, region.min(), region.max())
    assert told["mean"] == pytest.approx(region.mean(), rel=1e-5)
    assert told["std"] == pytest.approx(region.std(), rel=1e-5)
    assert told["histogram"] == np.histogram(region, 10, (region.min(), region.max()))[0].tolist()
    along = api.get("slices/profile", params={**query, "line": "1,2,1,12"}).json()
    assert along["values"] == pytest.approx(picture[1, 2:13].tolist())
    assert along["distances"] == pytest.approx(list(range(11)))
    half = api.get("slices/profile", params={**query, "line": "1.5,3,4.5,3"}).json()
    assert half["values"][0] == pytest.approx((picture[1, 3] + picture[2, 3]) / 2, rel=1e-5)
    edge = api.get("slices/profile", params={**query, "line": "0,0,10,16"}).json()
    assert edge["values"][-1] == pytest.approx(float(picture[10, 16]))


@pytest.mark.parametrize(
    ("path", "more", "status", "place"),
    [
        ("gzip_f4", {"plane": "99,:,:"}, 422, "plane"),
        ("gzip_f4", {"plane": ":,:"}, 422, "plane"),
        ("gzip_f4", {"plane": "1,2,:"}, 422, "plane"),
        ("gzip_f4", {"plane": "-1,:,:"}, 422, "plane"),
        ("gzip_f4", {"plane": "1,:,:", "walk": "2"}, 422, "walk"),
        ("gzip_f4", {"plane": "1,:,:", "region": "5,5,0,3"}, 422, "region"),
        ("gzip_f4", {"plane": "1,:,:", "region": "a"}, 422, "region"),
        ("gzip_f4", {"plane": "1,:,:", "step": "0"}, 422, "step"),
        ("gzip_f4", {"plane": "1,:,:", "bits": "8", "contrast": "nan,1"}, 422, "contrast"),
        ("text", {"plane": ":,:"}, 422, "path"),
        ("single", {"plane": ":,:"}, 422, "plane"),
        ("missing", {"plane": ":,:"}, 404, None),
        ("/", {"plane": ":,:"}, 404, None),
    ],
)
def test_what_cannot_be_shown_is_told(
    api: httpx.Client,
    volumes: Folder,
    path: str,
    more: dict[str, str],
    status: int,
    place: str | None,
) -> None:
    answer = ask(api, volumes.at("layouts.h5"), path, **more)
    assert (answer.status_code, answer.json().get("place")) == (status, place)


def test_broken_links_and_damaged_files_are_told(
    api: httpx.Client, volumes: Folder, folder: Folder
) -> None:
    assert ask(api, volumes.at("linked.h5"), "/nowhere", "1,:,:").status_code == 404
    with h5py.File(folder / "whole.h5", "w") as file:
        file["data"] = np.ones((50, 64, 64), "f4")
    whole = (folder / "whole.h5").read_bytes()
    (folder / "cut.h5").write_bytes(whole[: len(whole) // 2])
    answer = ask(api, folder.at("cut.h5"), "data", "45,:,:")
    assert answer.status_code == 422
    assert "truncated" in answer.json()["message"]
    (folder / "text.h5").write_text("no data")
    assert ask(api, folder.at("text.h5"), "data", "45,:,:").status_code == 422
    assert ask(api, folder.at("none.h5"), "data", "45,:,:").status_code == 404


def test_a_damaged_chunk_is_told(api: httpx.Client, folder: Folder) -> None:
    path = folder / "chunk.h5"
    with h5py.File(path, "w") as file:
        data = file.create_dataset(
            "data", data=numbers("<f4"), chunks=SHAPE, compression="gzip", fletcher32=True
        )
        where = data.id.get_chunk_info(0).byte_offset
    with path.open("r+b") as raw:
        raw.seek(where)
        raw.write(b"\xff" * 64)
    answer = ask(api, folder.at("chunk.h5"), "data", "1,:,:")
    assert (answer.status_code, answer.json()["reason"]) == (422, "unreadable")


def test_a_link_that_leaves_the_roots_is_not_followed(
    api: httpx.Client, folder: Folder, tmp_path: Path
) -> None:
    with h5py.File(tmp_path / "secret.h5", "w") as file:
        file["data"] = np.ones((3, 4, 4))
    with h5py.File(folder / "thief.h5", "w") as file:
        file["data"] = h5py.ExternalLink(str(tmp_path / "secret.h5"), "/data")
        layout = h5py.VirtualLayout((3, 4, 4), "f8")
        layout[:] = h5py.VirtualSource(str(tmp_path / "secret.h5"), "data", (3, 4, 4))
        file.create_virtual_dataset("virtual", layout)
    for path in ("data", "virtual"):
        assert ask(api, folder.at("thief.h5"), path, "1,:,:").status_code == 404
        query = {"file": folder.at("thief.h5"), "path": path}
        assert api.get("slices/volume", params=query).status_code == 404


def test_nothing_outside_the_roots_is_told_beside_the_values(
    api: httpx.Client, folder: Folder, tmp_path: Path
) -> None:
    with h5py.File(tmp_path / "secret.h5", "w") as file:
        file["frames"] = np.ones((3, 4, 4))
        file["angles"] = [0.25, 0.5, 0.75]
        file["keys"] = [2, 2, 0]
    outside = str(tmp_path / "secret.h5")
    with h5py.File(folder / "linked.nxs", "w") as file:
        file["entry1/tomo_entry/data/data"] = h5py.ExternalLink(outside, "/frames")
        result = file.create_group("entry/final_result_tomo")
        file["entry"].attrs["NX_class"] = "NXentry"
        result["data"] = h5py.ExternalLink(outside, "/frames")
    with h5py.File(folder / "own.nxs", "w") as file:
        group = file.create_group("entry1/tomo_entry/data")
        group["data"] = np.zeros((3, 4, 4))
        group.attrs["axes"] = ["rotation_angle", "detector_y", "detector_x"]
        for name, source, dtype in (("rotation_angle", "angles", "f8"), ("image_key", "keys", int)):
            layout = h5py.VirtualLayout((3,), dtype)
            layout[:] = h5py.VirtualSource(outside, source, (3,))
            group.create_virtual_dataset(name, layout)
    told = api.get("slices/volumes", params={"file": folder.at("linked.nxs")}).json()
    assert told["items"] == []
    for kind in ("scan", "result"):
        asked = {"below": folder.path.name, "q": "linked", "kind": kind}
        found = api.get("datasets", params=asked).json()["items"]
        assert all(item["shape"] is item["dtype"] is None for item in found)
    query = {"file": folder.at("own.nxs"), "path": "/entry1/tomo_entry/data/data"}
    described = api.get("slices/volume", params=query).json()
    assert described["axes"][0]["start"] is described["axes"][0]["values"] is None
    assert described["first"][0] == 1


def test_huge_planes_are_answered_coarsely_or_refused(
    start: Callable[..., Jupyter],
) -> None:
    server = start(SavuApp__limits={"slice_size": 2**20, "slice_cache": 2**20})
    with h5py.File(server.root / "huge.h5", "w") as file:
        file.create_dataset("sparse", (10**6, 10**6), "f4", chunks=(1000, 1000), fillvalue=7)
        wide = np.arange(4000 * 700, dtype="f4").reshape(4000, 700)
        file["wide"] = wide
        file.create_dataset("packed", data=wide, chunks=(100, 100), compression="gzip")
    with client_of(server) as api:
        assert ask(api, "huge.h5", "sparse", ":,:").status_code == 413
        coarse = values_of(ask(api, "huge.h5", "sparse", ":,:", step=4000))
        assert coarse.shape == (250, 250)
        assert (coarse == 7).all()
        for path in ("wide", "packed"):
            assert ask(api, "huge.h5", path, ":,:").status_code == 413
            np.testing.assert_array_equal(
                values_of(ask(api, "huge.h5", path, ":,:", step=7)), wide[::7, ::7]
            )
            np.testing.assert_array_equal(
                values_of(ask(api, "huge.h5", path, ":,:", region="390,410,95,105")),
                wide[390:410, 95:105],
            )


def test_many_at_once_are_all_answered_and_a_dead_process_is_replaced(
    start: Callable[..., Jupyter],
) -> None:
    server = start(SavuApp__limits={"slices": 3})
    values = numbers("<f4")
    with h5py.File(server.root / "volume.h5", "w") as file:
        file.create_dataset("data", data=values, chunks=CHUNKS, compression="gzip")
    with client_of(server) as api, ThreadPoolExecutor(24) as threads:

        def show(index: int) -> np.ndarray:
            return values_of(ask(api, "volume.h5", "data", f"{index % 13},:,:"))

        for index, shown in enumerate(threads.map(show, range(60))):
            np.testing.assert_array_equal(shown, values[index % 13])
        readers = [
            child
            for child in psutil.Process(server.process.pid).children()
            if "fast" in child.cmdline()
        ]
        assert len(readers) == 1
        readers[0].kill()
        readers[0].wait()
        np.testing.assert_array_equal(show(1), values[1])
