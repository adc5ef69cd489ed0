"""HDF5 data in H5Grove's interface, as h5web asks for them."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import httpx
import numpy as np
import psutil
import pytest
from conftest import Folder, client_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jupyter import Jupyter

DATA = "/entry1/tomo_entry/data/data"


@pytest.fixture
def frames(folder: Folder) -> np.ndarray:
    with h5py.File(folder / "scan.nxs") as file:
        values: np.ndarray = file[DATA][()]
        return values


def test_answers_as_h5web_needs(api: httpx.Client, folder: Folder, frames: np.ndarray) -> None:
    file = folder.at("scan.nxs")
    told = api.get("data/meta/", params={"file": file, "path": DATA, "resolve_links": "only_valid"})
    assert told.json()["kind"] == "dataset"
    assert tuple(told.json()["shape"]) == frames.shape
    query = {"file": file, "path": DATA, "selection": "3,:,:", "format": "bin", "dtype": "safe"}
    answer = api.get("data/data/", params={**query, "flatten": "true"})
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.content == frames[3].astype(frames.dtype.newbyteorder("<")).tobytes()
    without_slash = api.get("data/data", params={**query, "flatten": "true"})
    assert without_slash.content == answer.content
    entry = {"file": file, "path": "/entry1"}
    group = api.get("data/meta/", params=entry).json()
    assert "tomo_entry" in [child["name"] for child in group["children"]]
    names = [attribute["name"] for attribute in group["attributes"]]
    attributes = api.get("data/attr/", params={**entry, "attr_keys": names}).json()
    assert list(attributes) == names
    stats = api.get("data/stats/", params={"file": file, "path": DATA, "selection": "3"}).json()
    assert (stats["min"], stats["max"]) == (frames[3].min(), frames[3].max())
    assert DATA in api.get("data/paths/", params={"file": file}).json()


@given(data=st.data())
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_selection_is_numpys(
    api: httpx.Client, folder: Folder, frames: np.ndarray, data: st.DataObject
) -> None:
    index, texts = [], []
    for length in frames.shape[: data.draw(st.integers(0, 3))]:
        if data.draw(st.booleans()):
            i = data.draw(st.integers(0, length - 1))
            index.append(i)
            texts.append(str(i))
        else:
            start, stop = data.draw(st.integers(0, length)), data.draw(st.integers(0, length + 2))
            step = data.draw(st.integers(1, 5))
            index.append(slice(start, stop, step))
            texts.append(f"{start}:{stop}:{step}")
    query = {"file": folder.at("scan.nxs"), "path": DATA, "selection": ",".join(texts)}
    answer = api.get("data/data/", params={**query, "format": "npy"})
    assert answer.status_code == 200, answer.text
    values = np.load(io.BytesIO(answer.content))
    np.testing.assert_array_equal(values, frames[tuple(index)])


@pytest.mark.parametrize(
    ("query", "status", "place"),
    [
        ({"path": "/entry1/nothing"}, 404, None),
        ({"path": "entry1"}, 404, None),
        ({"path": "/entry1/tomo_entry/data/data/below"}, 404, None),
        ({"path": "/entry1"}, 422, "path"),
        ({"path": DATA, "selection": "x"}, 422, "selection"),
        ({"path": DATA, "selection": "::-1"}, 422, "selection"),
        ({"path": DATA, "selection": "0,0,0,0"}, 422, "selection"),
        ({"path": DATA, "selection": "99999"}, 422, "selection"),
        ({"path": DATA, "format": "xml"}, 422, "format"),
        ({"path": DATA, "flatten": "perhaps"}, 422, "flatten"),
        ({"path": DATA, "selection": "0", "format": "tiff", "dtype": "huge"}, 422, "dtype"),
    ],
)
def test_a_faulty_question_is_told(
    api: httpx.Client, folder: Folder, query: dict[str, str], status: int, place: str | None
) -> None:
    answer = api.get("data/data/", params={"file": folder.at("scan.nxs"), **query})
    assert (answer.status_code, answer.json().get("place")) == (status, place)


def test_no_answer_is_larger_than_the_limit(api: httpx.Client, folder: Folder) -> None:
    with h5py.File(folder / "huge.h5", "w") as file:
        # without chunks that are written, this takes no disk
        file.create_dataset("huge", (10**6, 10**6), "f8", chunks=(1000, 1000))
        file.create_dataset("edge", (2**17, 2), "f4", chunks=(1024, 2))
        texts = file.create_dataset("texts", (200,), h5py.string_dtype())
        texts[:] = ["x" * 10_000] * 200
    for query in (
        {"path": "/huge"},
        {"path": "/huge", "format": "bin", "selection": "0:1000"},
        {"path": "/edge"},
        {"path": "/texts"},
    ):
        answer = api.get("data/data/", params={"file": folder.at("huge.h5"), **query})
        assert (answer.status_code, answer.json()["reason"]) == (413, "too_large")
    query = {"file": folder.at("huge.h5"), "path": "/edge", "format": "bin"}
    assert len(api.get("data/data/", params=query).content) == 2**20
    answer = api.get("data/stats/", params={"file": folder.at("huge.h5"), "path": "/huge"})
    assert answer.status_code == 413


def _link(kind: str, file: h5py.File, target: Path) -> str:
    """Make something in `file` that leads to dataset `secret` in `target`; returns its path."""
    if kind == "external link":
        file["out"] = h5py.ExternalLink(str(target), "/secret")
    elif kind == "relative link":
        file["out"] = h5py.ExternalLink(f"../../{target.name}", "/secret")
    elif kind == "soft link to an external link":
        file["link"] = h5py.ExternalLink(str(target), "/")
        file["out"] = h5py.SoftLink("/link/secret")
    elif kind == "below an external link":
        file["link"] = h5py.ExternalLink(str(target), "/")
        return "/link/secret"
    elif kind == "virtual dataset":
        layout = h5py.VirtualLayout((4,), "i4")
        layout[:] = h5py.VirtualSource(str(target), "secret", (4,))
        file.create_virtual_dataset("out", layout)
    elif kind == "virtual dataset of a virtual dataset":
        name = f"inner-of-{Path(file.filename).name}"
        with h5py.File(Path(file.filename).with_name(name), "w") as inner:
            _link("virtual dataset", inner, target)
        layout = h5py.VirtualLayout((4,), "i4")
        layout[:] = h5py.VirtualSource(name, "out", (4,))
        file.create_virtual_dataset("out", layout)
    elif kind == "virtual dataset over a link":
        file["link"] = h5py.ExternalLink(str(target), "/secret")
        layout = h5py.VirtualLayout((4,), "i4")
        layout[:] = h5py.VirtualSource(".", "link", (4,))
        file.create_virtual_dataset("out", layout)
    elif kind == "external storage":
        file.create_dataset("out", (4,), "i4", external=[(str(target), 0, 16)])
    return "/out"


KINDS = [
    "external link",
    "relative link",
    "soft link to an external link",
    "below an external link",
    "virtual dataset",
    "virtual dataset of a virtual dataset",
    "virtual dataset over a link",
    "external storage",
]


@pytest.mark.parametrize("kind", KINDS)
def test_links_do_not_lead_out_of_the_roots(
    api: httpx.Client, jupyter: Jupyter, folder: Folder, kind: str
) -> None:
    outside = jupyter.home / "outside.h5"
    inside = folder / "inside.h5"
    for path in (outside, inside):
        with h5py.File(path, "w") as file:
            file["secret"] = np.arange(4, dtype="i4")
    with h5py.File(folder / "links.h5", "w") as file:
        out = _link(kind, file, outside)
    with h5py.File(folder / "good.h5", "w") as file:
        _link(kind.replace("relative", "external"), file, inside)
    query = {"file": folder.at("links.h5"), "path": out}
    assert api.get("data/data/", params=query).status_code in (404, 422)
    told = api.get("data/meta/", params={"file": folder.at("links.h5"), "path": "/"}).json()
    children = {child["name"]: child for child in told["children"]}
    if kind == "external link":
        assert children["out"]["kind"] == "external_link"
    assert api.get("data/stats/", params=query).status_code in (404, 422)
    # the same inside the roots is followed
    query["file"] = folder.at("good.h5")
    assert api.get("data/data/", params=query).status_code == 200


def test_a_result_is_read_through_its_links(api: httpx.Client, folder: Folder) -> None:
    with h5py.File(folder / "step.h5", "w") as file:
        file["1-step/data"] = np.arange(6.0)
    with h5py.File(folder / "x_processed.nxs", "w") as file:
        file["entry/final_result_tomo"] = h5py.ExternalLink("step.h5", "1-step")
    query = {"file": folder.at("x_processed.nxs"), "path": "/entry/final_result_tomo/data"}
    assert api.get("data/data/", params=query).json() == list(range(6))
    (folder / "step.h5").unlink()
    assert api.get("data/data/", params=query).status_code == 404


def test_data_that_are_gone_are_told(api: httpx.Client, folder: Folder) -> None:
    with h5py.File(folder / "x_processed.nxs", "w") as file:
        file["entry/data"] = h5py.ExternalLink("gone.h5", "1-step/data")
    query = {"file": folder.at("x_processed.nxs"), "path": "/entry/data"}
    for question in ("data", "stats", "attr"):
        answer = api.get(f"data/{question}/", params=query)
        assert answer.status_code == 404
        assert "the file with its data was moved or deleted" in answer.json()["message"]


def test_a_file_being_written_is_read(api: httpx.Client, folder: Folder) -> None:
    with h5py.File(folder / "live.h5", "w", libver="latest") as file:
        dataset = file.create_dataset("x", (4,), "f4", maxshape=(None,), chunks=(4,))
        file.swmr_mode = True
        dataset[:] = 7
        dataset.flush()
        answer = api.get("data/data/", params={"file": folder.at("live.h5"), "path": "/x"})
        assert answer.json() == [7, 7, 7, 7]
    # and nothing holds it: a user can open it for writing
    with h5py.File(folder / "live.h5", "r+") as file:
        file["x"][0] = 8


@given(content=st.binary(max_size=300), at=st.integers(0, 20_000), cut=st.booleans())
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_damage_never_breaks_the_server(
    api: httpx.Client, folder: Folder, content: bytes, at: int, cut: bool
) -> None:
    whole = (folder / "steps.nxs").read_bytes()
    damaged = whole[:at] + content + (b"" if cut else whole[at + len(content) :])
    (folder / "damaged.nxs").write_bytes(damaged)
    place = {"path": folder.at("damaged.nxs")}
    file = {"file": place["path"]}
    for answer in (
        api.get("files", params={**place, "hash": "true"}),
        api.get("process-lists/content", params=place),
        api.get("data/meta/", params=file),
        api.get("data/paths/", params=file),
        api.get("data/data/", params={**file, "path": "/entry/plugin/1/data"}),
    ):
        assert answer.status_code < 500 or answer.json()["reason"] in ("crashed", "timeout")


def test_a_crash_harms_one_request_only(start: Callable[..., Jupyter], folder: Folder) -> None:
    server = start(SavuApp__limits={"data_workers": 1})
    (server.root / "scan.nxs").write_bytes((folder / "scan.nxs").read_bytes())
    query = {"file": "scan.nxs", "path": DATA, "selection": "0"}
    with client_of(server) as api:
        good = api.get("data/data/", params=query).json()
        assert server.process is not None
        workers = [
            child
            for child in psutil.Process(server.process.pid).children(recursive=True)
            if "jupyterlab_savu.data.worker" in child.cmdline()
        ]
        assert workers
        for worker in workers:
            worker.kill()
        answer = api.get("data/data/", params=query)
        assert (answer.status_code, answer.json()["reason"]) == (500, "crashed")
        assert api.get("data/data/", params=query).json() == good


def test_slow_reading_stops_at_its_limit_and_blocks_nobody(
    start: Callable[..., Jupyter],
) -> None:
    server = start(SavuApp__limits={"request_seconds": 2, "answer_size": 2**30})
    with h5py.File(server.root / "slow.h5", "w") as file:
        # a virtual dataset of very many tiny parts takes HDF5 minutes
        file["part"] = np.arange(2.0)
        layout = h5py.VirtualLayout((20_000, 2), "f8")
        for i in range(20_000):
            layout[i] = h5py.VirtualSource(".", "part", (2,))
        file.create_virtual_dataset("all", layout)
    worst: list[float] = []
    done = threading.Event()

    def look() -> None:
        with httpx.Client(headers=server.headers) as plain:
            while not done.is_set():
                began = time.monotonic()
                plain.get(server.url + "api/status")
                worst.append(time.monotonic() - began)

    watching = threading.Thread(target=look)
    watching.start()
    query: dict[str, Any] = {"file": "slow.h5", "path": "/all", "format": "bin"}
    with client_of(server) as api:
        answer = api.get("data/data/", params=query)
    done.set()
    watching.join()
    assert answer.status_code in (200, 504), answer.text
    assert max(worst) < 1.0
