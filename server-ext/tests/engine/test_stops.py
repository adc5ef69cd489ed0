"""What goes wrong on the way: full disks, dead workers, and requests to stop."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import psutil
import pytest

from savu_core.runs import read_run, result_datasets
from savu_embedded.errors import EngineError
from savu_embedded.faults import plain
from savu_embedded.result_files import ResultFile, create_result

from .conftest import CHAIN, FBP, Engine, MakeList, command, environment

#: Centring on so fine a grid takes far longer than any test.
ENDLESS = ("VoCentering", {"in_datasets": ["tomo"], "step": 0.00002})
#: Seconds in which a run has stopped amid it, on a busy machine, too.
SOON = 60


def limit_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))


def test_a_file_that_may_not_grow_fails_the_run(
    scan: Path, make_list: MakeList, engine: Engine, tmp_path: Path
) -> None:
    done = engine(scan, make_list(*CHAIN, FBP), preexec_fn=limit_files)
    assert done.returncode == 1
    assert "may not grow this large" in done.stderr
    status = read_run(tmp_path / "run")
    assert status.state == "failed"
    assert "may not grow this large" in str(status.message)
    assert result_datasets(tmp_path / "run" / "tiny_processed.nxs") == []


def test_a_full_disk_is_told() -> None:
    full = ResultFile(Path("/dev/full"), "group", (4, 4, 4), 0, 0)
    with pytest.raises(OSError) as caught:
        full.write(0, np.zeros((2, 4, 4)))
    assert plain(caught.value).startswith("The disk is full")


def test_a_disk_without_room_for_a_log_is_told(
    scan: Path, make_list: MakeList, engine: Engine, tmp_path: Path
) -> None:
    logs = tmp_path / "run" / "shares" / "1_of_1" / "run_log"
    logs.mkdir(parents=True)
    (logs / "log.txt").symlink_to("/dev/full")
    done = engine(scan, make_list(*CHAIN, FBP), "--share", "1/1")
    assert done.returncode == 1
    assert done.stderr.startswith("savu-embedded: The disk is full")
    assert len(done.stderr.splitlines()) == 1
    assert "share 1 of 1: The disk is full" in str(read_run(tmp_path / "run").message)


def test_a_name_that_the_disk_does_not_take_is_told(tmp_path: Path) -> None:
    with pytest.raises(OSError) as caught:
        create_result(tmp_path / f"{'n' * 300}.h5", "group", (4, 4, 4))
    assert plain(caught.value).startswith("A name is too long for this disk")


def test_a_result_larger_than_the_disk_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="GB free, and the result needs"):
        create_result(tmp_path / "huge.h5", "group", (10**6, 10**6, 10**6))
    assert not (tmp_path / "huge.h5").exists()


@contextmanager
def started(*arguments: object) -> Iterator[psutil.Popen]:
    process = psutil.Popen(
        command(*arguments),
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stdout.close()
        process.stderr.close()


def workers(process: psutil.Popen) -> list[psutil.Process]:
    return [c for c in process.children() if any("spawn_main" in word for word in c.cmdline())]


def wait_until(condition: Callable[[], object], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


def is_running(folder: Path) -> bool:
    return read_run(folder).state == "running"


def test_a_killed_worker_fails_the_run(scan: Path, make_list: MakeList, tmp_path: Path) -> None:
    plist = make_list(*CHAIN, ENDLESS, FBP)
    with started(scan, plist, tmp_path, "-f", "run", "--processes", 2) as process:
        wait_until(lambda: workers(process))
        workers(process)[0].kill()
        _, errors = process.communicate(timeout=SOON)
    assert process.returncode == 1
    assert "A worker process was ended by SIGKILL" in errors
    status = read_run(tmp_path / "run")
    assert status.state == "failed"
    assert "SIGKILL" in str(status.message)


def test_the_kill_signal_stops_a_run_amid_a_step(
    scan: Path, make_list: MakeList, tmp_path: Path
) -> None:
    plist = make_list(*CHAIN, ENDLESS, FBP)
    with started(scan, plist, tmp_path, "-f", "run", "--processes", 2) as process:
        wait_until(lambda: is_running(tmp_path / "run"))
        children = workers(process)
        (tmp_path / "run" / "killsignal").touch()
        process.communicate(timeout=SOON)
    assert process.returncode == 3
    assert not any(child.is_running() for child in children)
    assert read_run(tmp_path / "run").state == "killed"
    assert result_datasets(tmp_path / "run" / "tiny_processed.nxs") == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_run_and_its_workers(
    scan: Path, make_list: MakeList, tmp_path: Path, number: signal.Signals
) -> None:
    plist = make_list(*CHAIN, ENDLESS, FBP)
    with started(scan, plist, tmp_path, "-f", "run", "--processes", 2) as process:
        wait_until(lambda: is_running(tmp_path / "run"))
        children = workers(process)
        process.send_signal(number)
        process.communicate(timeout=SOON)
    assert process.returncode == 128 + number
    assert not any(child.is_running() for child in children)
    status = read_run(tmp_path / "run")
    assert status.state == "failed"
    assert number.name in str(status.message)


def test_workers_end_when_the_engine_is_gone(
    scan: Path, make_list: MakeList, tmp_path: Path
) -> None:
    plist = make_list(*CHAIN, ENDLESS, FBP)
    with started(scan, plist, tmp_path, "-f", "run", "--processes", 1) as process:
        wait_until(lambda: is_running(tmp_path / "run"))
        (child,) = workers(process)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        wait_until(lambda: not child.is_running() or child.status() == "zombie")
