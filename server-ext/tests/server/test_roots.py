"""Confinement of paths, and the worker processes, without a server."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from jupyterlab_savu.data.frames import Frame, read_frame, write_frame
from jupyterlab_savu.data.pool import WorkerPool
from jupyterlab_savu.data.roots import Root, Roots
from jupyterlab_savu.faults import Fault


@pytest.fixture(scope="module")
def roots(tmp_path_factory: pytest.TempPathFactory) -> Roots:
    """Two roots, one below the other's neighbour, with links of every kind."""
    home = tmp_path_factory.mktemp("home").resolve()
    for name in ("root/a/b", "archive", "outside", "root/.dot"):
        (home / name).mkdir(parents=True)
    for name in ("root/a/x", "root/a/b/y", "archive/z", "outside/secret", "root/.dot/h"):
        (home / name).write_text(name)
    (home / "root" / "out").symlink_to(home / "outside")
    (home / "root" / "up").symlink_to("..")
    (home / "root" / "arch").symlink_to(home / "archive")
    (home / "root" / "self").symlink_to("self")
    (home / "root" / "dot").symlink_to(".dot")
    return Roots([Root("jupyter", home / "root", True), Root("archive", home / "archive", False)])


NAMES = [
    "a",
    "b",
    "x",
    "y",
    "z",
    "..",
    ".",
    "",
    "out",
    "up",
    "arch",
    "self",
    "secret",
    "root",
    "outside",
    "archive",
    ".dot",
    "dot",
    "h",
    "\0",
    "\\",
    "~",
    "a" * 300,
    "\ud800",
]


@given(parts=st.lists(st.sampled_from(NAMES) | st.text(max_size=5), max_size=6))
@example(parts=["up", "outside", "secret"])
@example(parts=["a", "..", "..", "outside", "secret"])
@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_path_is_inside_or_not_found(roots: Roots, parts: list[str]) -> None:
    path = "/".join(parts)
    allowed = [root.path for root in roots]
    for locate in (roots.locate, roots.locate_new):
        try:
            located = locate("jupyter", path)
        except Fault as fault:
            assert fault.status == 404
            continue
        real = Path(os.path.realpath(located.path))
        assert any(real.is_relative_to(folder) for folder in allowed)
        assert not any(part.startswith(".") for part in real.relative_to(allowed[0].parent).parts)


def test_a_link_between_roots_obeys_the_stricter(roots: Roots) -> None:
    assert roots.locate("jupyter", "a/x").writable
    assert not roots.locate("jupyter", "arch/z").writable
    assert not roots.locate("archive", "z").writable


def test_a_root_that_is_not_mounted_is_told(tmp_path: Path) -> None:
    roots = Roots([Root("disk", tmp_path / "unmounted", True)])
    for path in ("", "scan.nxs"):
        with pytest.raises(Fault, match="The folder of 'disk' is not there"):
            roots.locate("disk", path)


def test_files_in_values_are_looked_for_inside_the_roots_only(roots: Roots) -> None:
    home = next(iter(roots)).path.parent
    for name in ("root/a/x", "archive/z", "root/arch/z"):
        assert roots.look(str(home / name), "file") is None
        assert "there is no folder" in (roots.look(str(home / name), "folder") or "")
    assert roots.look(str(home / "root/a"), "folder") is None
    assert "there is no file" in (roots.look(str(home / "root/a/typo"), "file") or "")
    assert "whole path" in (roots.look("root/a/x", "file") or "")


@pytest.mark.parametrize("folder", ["outside", "root/out", "root/../outside", "root/.dot"])
def test_nothing_is_told_of_files_outside_the_roots(roots: Roots, folder: str) -> None:
    home = next(iter(roots)).path.parent
    for name in ("secret", "h", "nothing", "nothing/at/all"):
        path = f"{home}/{folder}/{name}"
        assert roots.look(path, "file") == (
            f"{path} cannot be seen from here: it is outside the folders of this server"
        )


def test_hidden_files_are_seen_where_jupyter_shows_them(roots: Roots) -> None:
    shown = Roots(list(roots), allow_hidden=True)
    assert shown.locate("jupyter", ".dot/h").path.name == "h"
    assert Roots.from_json(shown.to_json()).locate("jupyter", "dot/h").path.name == "h"


@given(st.dictionaries(st.text(max_size=9), st.text(max_size=9)), st.binary(max_size=200))
def test_frames_arrive_as_they_were_sent(header: dict[str, str], body: bytes) -> None:
    stream = io.BytesIO()
    write_frame(stream, Frame(header, body))
    stream.seek(0)
    assert read_frame(stream) == Frame(header, body)
    assert read_frame(stream) is None
    for cut in range(1, len(stream.getvalue())):
        with pytest.raises(EOFError):
            read_frame(io.BytesIO(stream.getvalue()[:cut]))


@pytest.fixture
def pool() -> Iterator[WorkerPool]:
    made = WorkerPool({"files": 1}, seconds=20, memory=2**32)
    yield made
    made.close()


def test_faults_come_back_from_a_worker(pool: WorkerPool, tmp_path: Path) -> None:
    assert pool.call("files", "ready") is None
    with pytest.raises(Fault) as told:
        pool.call("files", "list.read", path=str(tmp_path / "gone.nxs"))
    assert told.value.status == 404
    with pytest.raises(RuntimeError, match="KeyError"):
        pool.call("files", "no such operation")
    assert pool.call("files", "ready") is None


def test_a_call_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    pool = WorkerPool({"files": 1}, seconds=0.5, memory=2**32)
    # opening a pipe that nobody writes to never returns
    os.mkfifo(tmp_path / "pipe")
    began = time.monotonic()
    with pytest.raises(Fault) as told:
        pool.call(
            "files",
            "data.meta",
            file=str(tmp_path / "pipe"),
            path="/",
            resolve_links=None,
            roots={"roots": [], "allow_hidden": False},
            limit=1,
        )
    assert told.value.reason == "timeout"
    assert time.monotonic() - began < 20
    pool.close()
