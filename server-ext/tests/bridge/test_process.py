"""The process of a connected Savu: warm, restarted, limited in time, and clear when it is none."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyterlab_savu.bridge.connected import ConnectedSavu
from jupyterlab_savu.bridge.process import SavuError, SavuProcess
from jupyterlab_savu.faults import Fault


@pytest.fixture
def process(stand_in: list[str]) -> Iterator[SavuProcess]:
    started = SavuProcess("stand-in", stand_in, seconds=20)
    yield started
    started.close()


def test_one_process_answers_all_calls(process: SavuProcess) -> None:
    assert process.call("number") == process.call("number")


def test_calls_of_several_threads_take_turns(process: SavuProcess) -> None:
    numbers: list[int] = []
    threads = [
        threading.Thread(target=lambda: numbers.append(process.call("number"))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(numbers) == 8
    assert len(set(numbers)) == 1


def test_an_error_of_savu_is_told_and_the_process_goes_on(process: SavuProcess) -> None:
    before = process.call("number")
    with pytest.raises(SavuError, match=r"FileNotFoundError.*nothing\.nxs"):
        process.call("open", path="/nothing.nxs", out=None)
    assert process.call("number") == before


def test_a_process_that_dies_is_started_again(process: SavuProcess) -> None:
    before = process.call("number")
    with pytest.raises(Fault, match="no more memory") as fault:
        process.call("die")
    assert (fault.value.status, fault.value.reason) == (503, "savu")
    assert process.call("number") != before


def test_a_slow_call_is_stopped_and_the_next_one_answered(process: SavuProcess) -> None:
    before = process.call("number")
    begin = time.monotonic()
    with pytest.raises(Fault, match=r"within 0\.3 seconds") as fault:
        process.call("slow", limit=0.3, wait=60)
    assert (fault.value.status, fault.value.reason) == (504, "timeout")
    assert time.monotonic() - begin < 20
    assert process.call("number") != before


def test_closing_ends_a_call(process: SavuProcess) -> None:
    process.call("number")
    threading.Timer(0.3, process.close).start()
    with pytest.raises(Fault, match="shutting down"):
        process.call("slow", wait=60)


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (["/no/such/python"], "/no/such/python: No such file or directory"),
        ([str(Path(__file__).parent)], "Permission denied"),
        ([sys.executable, "-c", "import savu"], "No module named 'savu'"),
        ([sys.executable, "-c", "print('Welcome to module load')"], "without a word"),
        ([sys.executable], "No module named 'savu'"),
    ],
)
def test_an_interpreter_that_is_no_savu_is_named_with_the_reason(
    command: list[str], message: str
) -> None:
    savu = ConnectedSavu("wrong", command=command, folder=None)
    assert savu.state()["state"] == "starting"
    with pytest.raises(Fault) as fault:
        savu.known()
    savu.close()
    assert fault.value.status == 503
    assert "'wrong'" in fault.value.message
    assert message in fault.value.message
    assert savu.state()["state"] == "failed"
    assert savu.state()["problem"] == fault.value.message
