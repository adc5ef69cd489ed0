"""`jupyter savu submit`, `jobs`, `log` and `cancel`: jobs on the command line."""

from __future__ import annotations

import argparse

from jupyterlab_savu.client.api import Savu


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands about jobs."""
    submit = _command(commands, "submit", "run a process list on a scan")
    submit.add_argument("list", metavar="LIST", help="in Jupyter's folder, or ROOT:PATH")
    submit.add_argument("data", metavar="DATA", help="the scan, named in the same way")
    submit.add_argument("--queue", default="preview", help="where to run it (preview)")
    submit.add_argument("--wait", action="store_true", help="wait for the end")
    submit.set_defaults(run=_submit)

    jobs = _command(commands, "jobs", "list the newest jobs")
    jobs.add_argument("--active", action="store_true", help="only those that go on")
    jobs.set_defaults(run=_jobs)

    log = _command(commands, "log", "print the log of a job")
    log.add_argument("id", metavar="ID")
    log.add_argument("--full", action="store_true", help="all that the engine printed")
    log.set_defaults(run=_log)

    cancel = _command(commands, "cancel", "end a job")
    cancel.add_argument("id", metavar="ID")
    cancel.set_defaults(run=_cancel)


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, does: str
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=does, description=f"{does.capitalize()}.")
    parser.add_argument("--url", help="the address of the Jupyter server, if it is not found")
    return parser


def _submit(arguments: argparse.Namespace) -> None:
    with Savu(arguments.url) as savu:
        job = savu.submit(arguments.list, arguments.data, arguments.queue)
        print(job.id, flush=True)
        if arguments.wait:
            job.wait(progress=True)
            print(job.result.place if job.result else "no result")


def _jobs(arguments: argparse.Namespace) -> None:
    with Savu(arguments.url) as savu:
        for job in savu.jobs(active=True if arguments.active else None):
            print(f"{job.id}  {job.state:<9} {100 * job.progress:3.0f} %  {job.name}")


def _log(arguments: argparse.Namespace) -> None:
    with Savu(arguments.url) as savu:
        print(savu.job(arguments.id).log("full" if arguments.full else "user"), end="")


def _cancel(arguments: argparse.Namespace) -> None:
    with Savu(arguments.url) as savu:
        print(savu.job(arguments.id).cancel().state)
