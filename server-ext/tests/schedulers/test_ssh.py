"""Slurm through command nodes that fail in every way."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from daemons import until
from driver import Driver, python
from slurm import Slurm
from sshd import CommandNodes

from jupyterlab_savu.jobs.backends.base import Phase, Task, Unreachable
from jupyterlab_savu.jobs.model import Reason

MakeDriver = Callable[..., Driver]


@pytest.fixture(autouse=True)
def leave_nothing(slurm: Slurm) -> Iterator[None]:
    yield
    slurm.ask("scancel", "--me", check=False)


def jobs_named(slurm: Slurm, task: Task) -> list[str]:
    name = f"savu-{task.id}"
    return slurm.ask("squeue", "-h", "--states=all", "--name", name, "-o", "%i").split()


def test_a_job_runs_through_a_command_node(over_ssh: MakeDriver) -> None:
    driver = over_ssh()
    # a blank, a quote and what a shell would run: nobody takes them for more than a name
    task = driver.submit("/bin/sh", "-c", "exit 3", name="a b'$(touch canary);&#")
    ended = driver.until(task)
    assert (ended.reason, ended.exit_code) == (Reason.EXIT_CODE, 3)
    assert not list(driver.runs.rglob("canary"))


def test_the_next_node_is_asked_when_the_first_is_down(
    over_ssh: MakeDriver, command_nodes: CommandNodes
) -> None:
    driver = over_ssh()
    first, second = command_nodes.addresses
    with command_nodes.down(first):
        answer = driver.wait_for(driver.backend.ask(["printenv", "COMMAND_NODE"]))
        assert answer.stdout.strip() == second
    # connected while it works, the node that was down does not come back in between
    answer = driver.wait_for(driver.backend.ask(["printenv", "COMMAND_NODE"]))
    assert answer.stdout.strip() == second


def test_a_node_that_hangs_is_left_after_the_time_out(
    over_ssh: MakeDriver, command_nodes: CommandNodes
) -> None:
    driver = over_ssh()
    first = command_nodes.addresses[0]
    began = time.monotonic()
    with command_nodes.hanging(first):
        task = driver.submit("/bin/true")
    waited = time.monotonic() - began
    assert 1.5 < waited < 8
    assert driver.until(task).exit_code == 0


def test_all_nodes_are_named_when_none_answers(
    over_ssh: MakeDriver, command_nodes: CommandNodes
) -> None:
    driver = over_ssh()
    task = driver.task("/bin/true")
    with command_nodes.down(*command_nodes.addresses), pytest.raises(Unreachable) as told:
        driver.hand_over(task)
    assert all(node in str(told.value) for node in command_nodes.nodes)
    # it has certainly not arrived, and need not be waited for
    assert driver.wait_for(driver.backend.find(task, time.time())) is None


def test_a_node_with_another_key_is_not_spoken_to(
    over_ssh: MakeDriver, command_nodes: CommandNodes
) -> None:
    known = command_nodes.folder / "others"
    known.write_text((command_nodes.folder / "known_hosts").read_text().replace("[127", "[128"))
    with pytest.raises(Unreachable, match="not trusted"):
        over_ssh(known_hosts=str(known)).submit("/bin/true")


def test_a_connection_cut_after_sbatch_leaves_one_job(
    over_ssh: MakeDriver, command_nodes: CommandNodes, slurm: Slurm, place: Path
) -> None:
    # Slurm has the job, and its answer is still to come
    slow = place / "slow"
    slow.mkdir(exist_ok=True)
    script = slow / "sbatch"
    script.write_text('#!/bin/sh\n/usr/bin/sbatch "$@" && sleep 5\n')
    script.chmod(0o755)
    driver = over_ssh(environment={"PATH": f"{slow}:/usr/bin:/bin"})
    task = driver.task("/bin/true")

    async def submit_and_cut() -> None:
        submitting = asyncio.ensure_future(driver.backend.submit(task))
        await asyncio.to_thread(until, lambda: jobs_named(slurm, task))
        command_nodes.cut()
        with pytest.raises(Unreachable):
            await submitting

    tried = time.time()
    driver.wait_for(submit_and_cut())
    handle = driver.wait_for(driver.backend.find(task, tried))
    assert jobs_named(slurm, task) == [handle]
    assert driver.until(replace(task, handle=handle)).exit_code == 0


def test_what_is_not_certain_is_not_submitted_again(
    over_ssh: MakeDriver, command_nodes: CommandNodes
) -> None:
    driver = over_ssh()
    task = driver.task("/bin/true")
    # the command may still be on its way
    with pytest.raises(Unreachable, match="not certain"):
        driver.wait_for(driver.backend.find(task, time.time() - 5))
    assert driver.wait_for(driver.backend.find(task, time.time() - 60)) is None


def test_greetings_and_federations_do_not_hide_the_number(on_slurm: Driver) -> None:
    number = on_slurm.backend._number
    assert number("Welcome to the cluster 7\n123\n") == "123"
    assert number("123;cluster\n") == "123"
    assert number("Welcome\n") is None


def test_phases_are_told_over_ssh(over_ssh: MakeDriver) -> None:
    driver = over_ssh()
    task = driver.submit(*python("import time; time.sleep(60)"))
    driver.until(task, Phase.RUNNING)
    driver.end(task)
    assert driver.until(task).reason is Reason.CANCELLED_BY_SITE
