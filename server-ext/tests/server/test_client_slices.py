"""Volumes, views and paths of the Python client, against a real server."""

from __future__ import annotations

import base64
import io
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import h5py
import numpy as np
import pytest
from conftest import Folder
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as numbers
from jupyter import TOKEN, Jupyter
from PIL import Image

from jupyterlab_savu.client import Place, Savu, SavuError, Volume
from jupyterlab_savu.client.view import MIME

SHAPE = (9, 7, 11)
SCAN = "/entry1/tomo_entry/data/data"


@pytest.fixture(scope="module")
def savu(jupyter: Jupyter) -> Iterator[Savu]:
    with Savu(jupyter.url, TOKEN) as client:
        yield client


@pytest.fixture(scope="module")
def volumes(jupyter: Jupyter) -> Iterator[Folder]:
    """A folder with `volumes.h5`, which has been at rest for some time."""
    folder = Folder(jupyter.root / "client slices", jupyter)
    folder.path.mkdir()
    values = np.random.default_rng(3).normal(0, 40, SHAPE)
    values[2, 3, 4] = np.nan
    with h5py.File(folder / "volumes.h5", "w") as file:
        file.create_dataset("float", data=values.astype("f4"), chunks=(4, 4, 4))
        file["big_endian"] = np.abs(np.nan_to_num(values)).astype(">u2")
        file["truth"] = values > 0
        file["complex"] = (np.nan_to_num(values) + 3j).astype("c8")
        file["four"] = np.arange(2 * 3 * 4 * 5, dtype="i4").reshape(2, 3, 4, 5)
        file["flat"] = values[0]
        file["line"] = values[0, 0]
        file["text"] = "words"
        wide = file.create_dataset("wide", (8200, 8300), "u1", chunks=(512, 512), fillvalue=7)
        wide[4000:4200, 4100:4200] = np.arange(100)
    with h5py.File(folder / "words.h5", "w") as file:
        file["text"] = "words"
    for name in ("volumes.h5", "words.h5"):
        os.utime(folder / name, (time.time() - 60,) * 2)
    yield folder


def held(folder: Folder, dataset: str) -> np.ndarray:
    with h5py.File(folder / "volumes.h5") as file:
        values: np.ndarray = file[dataset][()]
        return values


@given(data=st.data())
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_index_answers_what_numpy_does(
    savu: Savu, volumes: Folder, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(["float", "big_endian", "four", "flat"]))
    values = held(volumes, name)
    index = data.draw(numbers.basic_indices(values.shape, allow_newaxis=False))
    read = savu.volume(volumes.at("volumes.h5"), name)[index]
    np.testing.assert_array_equal(read, values[index])
    assert np.asarray(read).dtype == values.dtype.newbyteorder("=")


def test_a_volume_is_like_an_array(savu: Savu, volumes: Folder) -> None:
    at = volumes.at("volumes.h5")
    volume = savu.volume(at, "float")
    values = held(volumes, "float")
    assert (volume.shape, volume.ndim, len(volume)) == (SHAPE, 3, SHAPE[0])
    assert (volume.size, volume.nbytes) == (values.size, values.nbytes)
    assert volume.chunks == (4, 4, 4)
    np.testing.assert_array_equal(np.asarray(volume), values)
    np.testing.assert_array_equal(np.stack(list(volume)), values)
    volume[..., 12 % SHAPE[2]][:] = 0  # an array of its own
    np.testing.assert_array_equal(volume[..., 1], values[..., 1])
    np.testing.assert_array_equal(savu.volume(at, "truth")[:], held(volumes, "truth"))
    np.testing.assert_allclose(savu.volume(at, "complex")[1], np.abs(held(volumes, "complex"))[1])
    np.testing.assert_array_equal(savu.read(at, "float", (..., 3)), values[..., 3])


def test_a_scan_is_found_with_its_axes(savu: Savu, folder: Folder) -> None:
    (found, *_) = savu.volumes(folder.at("scan.nxs"))
    assert (found["path"], found["kind"]) == (SCAN, "scan")
    volume = savu.volume(folder.at("scan.nxs"))
    assert (volume.dataset, volume.dtype) == (SCAN, np.dtype(found["dtype"]))
    assert list(volume.patterns.items())[:2] == [("PROJECTION", (1, 2)), ("SINOGRAM", (0, 2))]
    assert volume.axis("detector_y") == volume.axis(-2) == 1
    with pytest.raises(SavuError, match="its axes are: 0 rotation_angle, 1 detector_y"):
        volume.axis("detector_z")


def test_a_slice_that_is_too_large_for_one_answer_is_read_in_parts(
    savu: Savu, volumes: Folder
) -> None:
    wide = savu.volume(volumes.at("volumes.h5"), "wide")
    assert wide.nbytes > 64 * 2**20, "one answer"
    values = wide[:]
    np.testing.assert_array_equal(
        values[4000:4200, 4100:4200], np.broadcast_to(range(100), (200, 100))
    )
    values[4000:4200, 4100:4200] = 7
    assert (values == 7).all()


def test_more_than_the_memory_is_refused(savu: Savu, volumes: Folder) -> None:
    with h5py.File(volumes / "huge.h5", "w") as file:
        file.create_dataset("huge", (10**6, 10**4, 10**4), "f4", chunks=(1, 1000, 1000))
    huge = savu.volume(volumes.at("huge.h5"), "huge")
    with pytest.raises(MemoryError, match=r"372529\.0 GiB.*fewer slices"):
        huge[:]
    assert huge[10**5, ::5000, ::5000].shape == (2, 2)


def test_figures_and_profiles_are_those_of_the_values(savu: Savu, volumes: Folder) -> None:
    volume = savu.volume(volumes.at("volumes.h5"), "float")
    values = held(volumes, "float")
    for index in (np.s_[2], np.s_[:, 3], np.s_[2, 1:5, 3:9], np.s_[..., 4]):
        told = volume.statistics(index, bins=16)
        part = values[index]
        finite = part[np.isfinite(part)]
        assert (told["count"], told["not_finite"]) == (finite.size, part.size - finite.size)
        np.testing.assert_allclose(
            [told[name] for name in ("min", "max", "mean", "std")],
            [finite.min(), finite.max(), finite.mean(), finite.std()],
            rtol=1e-4,
        )
        assert told["histogram"].sum() == finite.size
        assert len(told["edges"]) == 17
    distances, line = volume.profile(0, (1, 2), (1, 8))
    np.testing.assert_allclose(line, values[0, 1, 2:9], rtol=1e-6)
    np.testing.assert_allclose(distances, np.arange(7))
    np.testing.assert_allclose(
        volume.profile(np.s_[0, 1:, 2:], (0, 0), (0, 6))[1], values[0, 1, 2:9], rtol=1e-6
    )
    assert np.isnan(volume.profile(2, (3, 3), (3, 5))[1][1])
    for wrong in (np.s_[:], np.s_[2, ::2], np.s_[2:4, :3]):
        with pytest.raises(SavuError, match="no slice of /float, and no region of one"):
            volume.statistics(wrong)


def test_what_the_server_still_has_is_not_sent_again(savu: Savu, volumes: Folder) -> None:
    path = volumes / "changing.h5"

    def write(value: int, age: float) -> None:
        with h5py.File(path, "w") as file:
            file["data"] = np.full((3, 40, 50), value, "i4")
        os.utime(path, (time.time() - age,) * 2)

    write(1, 60)
    volume = savu.volume(volumes.at("changing.h5"), "data")
    sizes = []
    hooks = savu.connection._http.event_hooks
    savu.connection._http.event_hooks = {
        "response": [lambda answer: sizes.append((answer.status_code, len(answer.read())))]
    }
    try:
        for _ in range(2):
            assert (volume[1] == 1).all()
        assert sizes == [(200, 8000), (304, 0)]
        write(2, 30)
        assert (volume[1] == 2).all()
        assert sizes[2] == (200, 8000)
    finally:
        savu.connection._http.event_hooks = hooks


@pytest.mark.parametrize(
    ("file", "dataset", "message"),
    [
        ("gone.h5", None, "There is no .*gone.h5"),
        ("volumes.h5", "nothing", "nothing"),
        ("volumes.h5", "line", "two or more dimensions"),
        ("volumes.h5", "text", "two or more dimensions"),
        ("words.h5", None, "no dataset in two or more dimensions; `metadata` tells"),
    ],
)
def test_what_is_no_volume_is_told(
    savu: Savu, volumes: Folder, file: str, dataset: str | None, message: str
) -> None:
    with pytest.raises(SavuError, match=message):
        savu.volume(volumes.at(file), dataset)


def bundle_of(view: Any) -> dict[str, Any]:
    bundle, _ = view._repr_mimebundle_()
    assert TOKEN not in json.dumps(bundle)
    return dict(bundle)


def picture_of(bundle: dict[str, Any]) -> np.ndarray:
    with Image.open(io.BytesIO(base64.b64decode(bundle["image/png"]))) as picture:
        return np.asarray(picture)


def test_a_view_tells_what_it_shows_and_holds_a_picture(savu: Savu, folder: Folder) -> None:
    at = folder.at("scan.nxs")
    view = savu.view(at, slice=4, axis="detector_y", height=300)
    bundle = bundle_of(view)
    stored = bundle[MIME]
    assert stored == {
        "version": 1, "root": "jupyter", "path": at, "dataset": SCAN, "plane": ":,4,:",
        "height": 300, "contrast": None, "region": None, "view": stored["view"],
    }  # fmt: skip
    assert bundle["text/plain"] == f"View({at!r}, {SCAN!r}, ':,4,:')"
    sinogram = savu.volume(at)[:, 4]
    picture = picture_of(bundle)
    assert picture.shape == sinogram.shape
    low, high = np.percentile(sinogram, (0.5, 99.5))
    expected = np.clip((sinogram - low) / (high - low), 0, 1) * 254 + 1
    np.testing.assert_allclose(picture, expected, atol=12)


def test_a_large_slice_is_stored_as_a_small_picture(savu: Savu, volumes: Folder) -> None:
    bundle = bundle_of(savu.view(volumes.at("volumes.h5"), "wide"))
    assert picture_of(bundle).shape == (631, 639)
    assert len(bundle["image/png"]) < 100_000


@pytest.mark.parametrize(
    ("asked", "plane"),
    [
        ({}, ":,:,2"),
        ({"slice": 3}, ":,:,3"),
        ({"slice": -1}, ":,:,10"),
        ({"slice": np.s_[:, 5]}, ":,5,:"),
        ({"slice": ":,5,:"}, ":,5,:"),
        ({"slice": "...,5"}, ":,:,5"),
        ({"axis": 1}, ":,3,:"),
        ({"slice": np.int64(2), "axis": 0}, "2,:,:"),
    ],
)
def test_the_slice_to_begin_with_is_chosen(
    savu: Savu, volumes: Folder, asked: dict[str, Any], plane: str
) -> None:
    named = {
        "path": "/float", "title": "float", "unit": None, "shape": SHAPE, "dtype": "f4",
        "chunks": None, "axes": [{"name": None}] * 3, "first": [4, 3, 2],
        "patterns": [{"name": "VOLUME_XZ", "shown": [0, 1]}],
    }  # fmt: skip
    volume = Volume(savu, Place("jupyter", volumes.at("volumes.h5")), named)
    assert volume.view(**asked).plane == plane


def test_what_is_no_slice_is_told(savu: Savu, volumes: Folder) -> None:
    at = volumes.at("volumes.h5")
    with pytest.raises(IndexError, match="axis 0 has 9 indices; 9 is none"):
        savu.view(at, "float", slice=9)
    for wrong in ({"slice": np.s_[1, 2]}, {"slice": np.s_[1, :3]}, {"slice": (1,), "axis": 0}):
        with pytest.raises(SavuError, match="is no slice of /float"):
            savu.view(at, "float", **wrong)
    with pytest.raises(SavuError, match="one picture"):
        savu.view(at, "flat", slice=2)
    with pytest.raises(SavuError, match="There is no"):
        savu.view(volumes.at("gone.h5"))
    assert savu.view(at, "flat").plane == ":,:"


def test_a_file_without_pictures_is_shown_as_well(savu: Savu, volumes: Folder) -> None:
    bundle = bundle_of(savu.view(volumes.at("words.h5")))
    assert (bundle[MIME]["dataset"], bundle[MIME]["plane"]) == (None, None)
    assert "image/png" not in bundle


def test_the_link_of_a_view_opens_the_same(savu: Savu, volumes: Folder) -> None:
    name = "a & b #1 100% ü.h5"
    (volumes / name).write_bytes((volumes / "words.h5").read_bytes())
    link = urlsplit(savu.view(volumes.at(name)).link)
    assert link.path == "/a%40b/lab"
    assert "+" not in link.query
    assert parse_qs(link.query) == {"savu-data": [volumes.at(name)], "savu-root": ["jupyter"]}
    told = parse_qs(urlsplit(savu.view(volumes.at("volumes.h5"), "float", slice=1).link).query)
    assert (told["savu-dataset"], told["savu-plane"]) == (["/float"], ["1,:,:"])


@pytest.mark.parametrize(
    ("told", "address"),
    [
        ({"PUBLIC_HUB_URL": "https://hub.example/j/hub/"}, "https://hub.example/j/hub"),
        ({"BASE_URL": "/j/"}, "/j/hub"),
        ({}, "/hub"),
    ],
)
def test_on_a_hub_the_link_opens_on_the_server_of_the_reader(
    savu: Savu,
    volumes: Folder,
    monkeypatch: pytest.MonkeyPatch,
    told: dict[str, str],
    address: str,
) -> None:
    monkeypatch.setenv("JUPYTERHUB_SERVICE_PREFIX", urlsplit(savu.connection.url).path)
    for name, value in told.items():
        monkeypatch.setenv(f"JUPYTERHUB_{name}", value)
    at = volumes.at("volumes.h5")
    link, _, query = savu.view(at, "float").link.partition("?")
    assert link == f"{address}/user-redirect/lab"
    location = parse_qs(query)["savu-location"][0]
    assert location == str(volumes / "volumes.h5")
    assert savu.place_of(location) == savu.place(at)


def test_a_job_shows_its_result(savu: Savu, folder: Folder) -> None:
    job = savu.submit(folder.at("steps.nxs"), folder.at("scan.nxs"), "preview").wait()
    assert job.result is not None
    volume = job.result.volume()
    np.testing.assert_array_equal(volume[:, 2], job.result.read((slice(None), 2)))
    told = bundle_of(job.view(slice=2, axis=1))[MIME]
    assert (told["path"], told["dataset"], told["plane"]) == (
        job.result.path,
        job.result.dataset,
        ":,2,:",
    )
    failed = savu.submit(folder.at("steps.nxs"), folder.at("scan.nxs"), "crashing")
    with pytest.raises(SavuError):
        failed.wait()
    with pytest.raises(SavuError, match="nothing to look at yet; it is failed"):
        failed.view()


def test_files_are_named_as_the_server_or_as_the_notebook_does(
    savu: Savu, folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = folder.server.root
    inner = folder / "inner"
    inner.mkdir()
    (inner / "own.nxs").write_bytes((folder / "scan.nxs").read_bytes())
    (inner / folder.path.name).mkdir()
    (inner / folder.path.name / "scan.nxs").touch()
    archive = folder.server.home / "archive" / "kept.nxs"
    archive.write_bytes(b"")
    (tmp_path / "elsewhere.nxs").touch()
    monkeypatch.chdir(inner)
    at = {
        # as the server does, also where the notebook's folder has a file of the same name
        folder.at("scan.nxs"): folder.at("scan.nxs"),
        "own.nxs": folder.at("inner/own.nxs"),
        "./own.nxs": folder.at("inner/own.nxs"),
        "../scan.nxs": folder.at("scan.nxs"),
        str(inner / "own.nxs"): folder.at("inner/own.nxs"),
        "./new.nxs": folder.at("inner/new.nxs"),
        "new.nxs": "new.nxs",
        "": "",
    }
    assert {path: savu.place(path).path for path in at} == at
    assert savu.place(Path("own.nxs")).path == folder.at("inner/own.nxs")
    assert savu.place(root).path in ("", ".")
    assert savu.place(archive) == savu.place("archive:kept.nxs") == Place("archive", "kept.nxs")
    assert savu.volume("own.nxs").shape == savu.volume(folder.at("scan.nxs")).shape
    savu.list(folder.at("steps.nxs")).save("./again.nxs")
    assert (inner / "again.nxs").exists()
    with pytest.raises(SavuError, match="lies in no folder that the server shows"):
        savu.place(tmp_path / "elsewhere.nxs")
    with pytest.raises(SavuError, match=r"There is no 'nowhere\.nxs'"):
        savu.volume("nowhere.nxs")
