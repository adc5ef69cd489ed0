"""A save that is killed, runs out of room or meets another writer never loses a list.

The kernel itself ends or refuses the writes: a limit on the size of files stops a process between
two bytes, and SIGKILL between two steps.
"""

from __future__ import annotations

import errno
import multiprocessing
import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from savu_core import atomic
from savu_core.catalogue import new_plugin
from savu_core.files import (
    ChangedOnDisk,
    file_hash,
    process_list_bytes,
    read_process_list,
    write_process_list,
)
from savu_core.model import ProcessList

OLD = ProcessList([new_plugin("NxtomoLoader")])
NEW = ProcessList([new_plugin("NxtomoLoader", "1"), new_plugin("AstraReconCpu", "2")])
THEIRS = ProcessList([new_plugin("NxtomoLoader", "1"), new_plugin("MedianFilter", "2")])
SIZE = len(process_list_bytes(NEW))
#: How often a step of a save may come before something is wrong with these tests.
MANY = 200


@pytest.fixture
def path(tmp_path: Path) -> Path:
    target = tmp_path / "list.nxs"
    write_process_list(target, OLD, create=True)
    return target


def in_child(act: Callable[[], object]) -> int:
    """The exit code of a child process that acts; a negative one is the signal that ended it."""
    # what is shown here of a forked process is its own: pytest must not see it end
    child = multiprocessing.get_context("fork").Process(target=act)
    child.start()
    child.join(60)
    assert child.exitcode is not None
    return child.exitcode


def names(path: Path) -> list[str]:
    return names_of(read_process_list(path)[0])


def names_of(plist: ProcessList) -> list[str]:
    return [plugin.name for plugin in plist.plugins]


def save(path: Path) -> str:
    return write_process_list(path, NEW, expected_hash=file_hash(path))


def traced(act: Callable[[], object], at: Callable[[int], None]) -> None:
    """Act, and call `at` with the number of each step of the atomic writing before it is done."""
    step = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal step
        if frame.f_code.co_filename != atomic.__file__:
            return None
        if event == "line":
            at(step)
            step += 1
        return trace

    sys.settrace(trace)
    try:
        act()
    finally:
        sys.settrace(None)


def assert_is_whole(path: Path, before: bytes) -> bool:
    """Whether the new list is there; nothing but the old and the new one may be."""
    content = path.read_bytes()
    is_new = names(path) == names_of(NEW)
    assert content == before or is_new
    # a process that is killed leaves at most its own hidden file
    assert all(
        other == path or (other.name.startswith(".") and other.suffix == ".tmp")
        for other in path.parent.iterdir()
    )
    return is_new


@pytest.mark.parametrize("size", [0, 1, 8, 511, 4096, SIZE // 2, SIZE - 1])
def test_a_process_killed_between_two_bytes_leaves_the_old_list(path: Path, size: int) -> None:
    before = path.read_bytes()

    def act() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        save(path)

    assert in_child(act) == -signal.SIGXFSZ
    assert not assert_is_whole(path, before)
    save(path)
    assert assert_is_whole(path, before)


def test_a_process_killed_at_any_step_leaves_the_old_or_the_new_list(path: Path) -> None:
    before = path.read_bytes()
    outcomes = []
    for last in range(MANY):
        path.write_bytes(before)

        def kill(step: int, last: int = last) -> None:
            if step == last:
                os.kill(os.getpid(), signal.SIGKILL)

        code = in_child(lambda kill=kill: traced(lambda: save(path), kill))
        outcomes.append(assert_is_whole(path, before))
        if code == 0:
            break
        assert code == -signal.SIGKILL
    # the old list up to one step, the new one from there on
    assert outcomes == sorted(outcomes)
    assert outcomes[0] is False
    assert outcomes[-1] is True
    assert len(outcomes) > 20


@pytest.mark.parametrize("size", [0, 1, 511, SIZE // 2, SIZE - 1])
def test_a_disk_that_is_full_at_any_byte_leaves_the_old_list_and_says_so(
    path: Path, size: int
) -> None:
    before = path.read_bytes()

    def act() -> None:
        # Python ignores the signal, and so the write fails
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        with pytest.raises(OSError) as error:
            save(path)
        os._exit(error.value.errno or 0)

    assert in_child(act) == errno.EFBIG
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_a_file_that_somebody_else_writes_at_any_step_is_kept(path: Path) -> None:
    before = path.read_bytes()
    theirs = process_list_bytes(THEIRS)
    kept = []
    for chosen in range(MANY):
        path.write_bytes(before)
        steps = []

        def write(step: int, chosen: int = chosen, steps: list[int] = steps) -> None:
            steps.append(step)
            if step == chosen:
                path.write_bytes(theirs)

        try:
            traced(lambda: save(path), write)
        except ChangedOnDisk:
            assert path.read_bytes() == theirs
            kept.append(True)
        else:
            assert names(path) in (names_of(NEW), names_of(THEIRS))
            kept.append(path.read_bytes() == theirs)
        assert [other.name for other in path.parent.iterdir()] == ["list.nxs"]
        if chosen >= len(steps):
            break
    # one step lies between the last look at the file and its replacement
    assert sum(not one for one in kept[:-1]) <= 1


def test_saves_of_many_processes_leave_one_of_their_lists(path: Path) -> None:
    before = file_hash(path)

    def act() -> None:
        try:
            write_process_list(path, NEW, expected_hash=before)
        except ChangedOnDisk:
            os._exit(1)

    context = multiprocessing.get_context("fork")
    children = [context.Process(target=act) for _ in range(6)]
    for child in children:
        child.start()
    for child in children:
        child.join(60)
    assert sorted(child.exitcode or 0 for child in children) == [0, 1, 1, 1, 1, 1]
    assert names(path) == names_of(NEW)
