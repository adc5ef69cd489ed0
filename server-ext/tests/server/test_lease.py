"""Who looks after the jobs: one process at a time, also where locks cannot be trusted."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from postgresql import postgresql_server

from jupyterlab_savu.jobs import lease, processes
from jupyterlab_savu.jobs.lease import FileLease, Keeper, Lease, TableLease
from jupyterlab_savu.jobs.store import JobStore

Make = Callable[[], Lease]


@pytest.fixture(scope="module")
def postgresql_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with postgresql_server(tmp_path_factory.mktemp("postgresql")) as url:
        yield url


@pytest.fixture(params=["file", "table"])
def make(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Make]:
    """Makes candidates for one lease, which soon lapses, on machines of their own."""
    monkeypatch.setattr(lease, "LAPSE", 0.4)
    machines = iter(range(1000))
    monkeypatch.setattr(processes, "machine", lambda: f"machine {next(machines)}")
    if request.param == "file":
        yield lambda: FileLease(tmp_path / "jobs.lease")
        return
    store = JobStore(request.getfixturevalue("postgresql_url"), f"me {tmp_path}")
    store.prepare()
    yield lambda: TableLease(store)
    store.close()


def test_the_first_one_holds_it_as_long_as_it_beats(make: Make) -> None:
    first, second = make(), make()
    assert first.hold()
    until = time.monotonic() + 1
    while time.monotonic() < until:
        assert not second.hold()
        assert first.hold()
        time.sleep(0.02)


def test_one_that_is_silent_loses_it_for_good(make: Make) -> None:
    first, second = make(), make()
    assert first.hold()
    assert not second.hold()
    time.sleep(0.5)
    assert second.hold()
    assert not first.hold()
    assert second.hold()


def test_one_that_goes_leaves_it_at_once(make: Make) -> None:
    first, second = make(), make()
    assert first.hold()
    assert not second.hold()
    first.release()
    assert second.hold()
    first.release()
    assert second.hold()


def test_of_many_that_want_it_one_gets_it(make: Make) -> None:
    holder = make()
    assert holder.hold()
    candidates = [make() for _ in range(8)]
    for candidate in candidates:
        assert not candidate.hold()
    time.sleep(0.5)
    gate = threading.Barrier(len(candidates))
    got: list[bool] = []

    def take(candidate: Lease) -> None:
        gate.wait()
        got.append(candidate.hold())

    threads = [threading.Thread(target=take, args=(each,)) for each in candidates]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got.count(True) == 1


def test_a_dead_process_of_this_machine_is_not_waited_for(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from jupyterlab_savu.jobs.lease import FileLease;"
        "print(FileLease(Path(sys.argv[1])).hold())"
    )
    path = tmp_path / "jobs.lease"
    told = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "True"
    assert FileLease(path).hold()


def test_the_clocks_of_machines_need_not_agree(tmp_path: Path) -> None:
    path = tmp_path / "jobs.lease"
    ahead: dict[str, Any] = {"holder": "x", "machine": "far", "beats": 1}
    ahead["process"] = processes.told(psutil.Process())
    Path(f"{path}-7").write_text(json.dumps(ahead))
    other = FileLease(path)
    assert not other.hold()
    assert {file.name for file in tmp_path.iterdir()} == {"jobs.lease-7"}


def test_a_file_that_cannot_be_read_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "LAPSE", 0.2)
    (tmp_path / "jobs.lease-3").write_bytes(b"{")
    other = FileLease(tmp_path / "jobs.lease")
    assert not other.hold()
    time.sleep(0.3)
    assert other.hold()
    assert [file.name for file in tmp_path.iterdir()] == ["jobs.lease-4"]


def test_a_keeper_is_sure_only_while_nobody_else_can_have_taken_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lease, "LAPSE", 0.3)
    monkeypatch.setattr(lease, "BEAT", 0.05)
    taken: list[float] = []

    class Fragile:
        works = True

        def hold(self) -> bool:
            if not self.works:
                raise OSError("the disk is away")
            return True

        def release(self) -> None:
            pass

    fragile = Fragile()
    keeper = Keeper(fragile, lambda: taken.append(time.monotonic()))
    keeper.start()
    assert keeper.holds
    assert len(taken) == 1
    fragile.works = False
    time.sleep(0.1)
    assert keeper.holds
    time.sleep(0.4)
    assert not keeper.holds
    fragile.works = True
    time.sleep(0.2)
    assert keeper.holds
    # what was missed meanwhile has to be looked at
    assert len(taken) == 2
    keeper.close()
    assert not keeper.holds
