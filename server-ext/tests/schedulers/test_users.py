"""Two users of one cluster, each through a command node as themselves."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from daemons import until
from driver import Driver
from slurm import Slurm
from sshd import CommandNodes

from jupyterlab_savu.jobs.backends.base import Phase

USERS = ("savutest1", "savutest2")


@pytest.fixture(scope="module")
def users() -> Iterator[tuple[str, str]]:
    made = []
    for name in USERS:
        # without a password, and not locked either: SSH lets only such accounts in
        command = ["useradd", "--no-create-home", "--home-dir", "/", "--password", "*", name]
        subprocess.run(command, check=True)
        made.append(name)
    yield USERS
    for name in made:
        # connections that are closed take a moment
        until(
            lambda name=name: subprocess.run(["userdel", name], capture_output=True).returncode == 0
        )


def test_users_neither_see_nor_end_the_jobs_of_others(
    users: tuple[str, str],
    over_ssh: Callable[..., Driver],
    slurm: Slurm,
    command_nodes: CommandNodes,
) -> None:
    mine, theirs = (over_ssh(user=name) for name in users)
    task = mine.task("/bin/sh", "-c", "id -un; sleep 30")
    job = task.folder / "job"
    job.mkdir()
    job.chmod(0o777)
    task = mine.hand_over(task)
    mine.until(task, Phase.RUNNING)
    # the same job, asked for by another user
    stolen = replace(task)
    assert theirs.observe(stolen) == {}
    theirs.end(stolen, force=True)
    assert slurm.ask("squeue", "-h", "-j", task.handle or "", "-o", "%u %T") == (
        f"{users[0]} RUNNING\n"
    )
    mine.end(task)
    mine.until(task)
    output = job / "output.log"
    assert output.read_text() == f"{users[0]}\n"
    assert output.stat().st_uid == pwd.getpwnam(users[0]).pw_uid != os.getuid()
