"""`jupyter savu submit`, `jobs`, `log`, `cancel` …: jobs on the command line.

With ``--json`` a command prints what the API told instead of words.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from jupyterlab_savu.client.api import Savu
from jupyterlab_savu.client.connection import SavuError
from jupyterlab_savu.client.job import Job

_SECONDS_BETWEEN_LOOKS = 0.5
_SECONDS_FOR_A_SCHEDULER = 5.0

Run = Callable[[Savu, argparse.Namespace], Any]


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands about jobs."""
    submit = _command(commands, "submit", "run a process list on one scan or many", _submit)
    submit.add_argument("list", metavar="LIST", help="in Jupyter's folder, or ROOT:PATH")
    submit.add_argument("data", nargs="+", metavar="DATA", help="a scan, named in the same way")
    submit.add_argument("--queue", default="preview", help="where to run it (preview)")
    submit.add_argument("--rows", help="the rows to run on, as 60:68, or : for all")
    submit.add_argument("--key", help="submitting again with the same word makes no other job")
    submit.add_argument(
        "--resource",
        action="append",
        default=[],
        metavar="NAME=N",
        help="ask the scheduler for it: nodes, tasks, cpus, memory (MiB), gpus, minutes",
    )
    submit.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a value for the script of the queue",
    )
    submit.add_argument(
        "--script", action="store_true", help="only print what the scheduler would get"
    )
    submit.add_argument("--plan", action="store_true", help="only print what it would take")
    submit.add_argument("--wait", action="store_true", help="wait for the end")

    _command(commands, "queues", "list where jobs can be sent", _queues)

    jobs = _command(commands, "jobs", "list the newest jobs", _jobs)
    jobs.add_argument("--active", action="store_true", help="only those that go on")
    jobs.add_argument("--group", help="only those of one submission of many scans")
    jobs.add_argument("--all", action="store_true", help="not only the newest 100")

    job = _command(commands, "job", "tell all about a job", _job)
    job.add_argument("id", metavar="ID")

    log = _command(commands, "log", "print the log of a job", _log, with_json=False)
    log.add_argument("id", metavar="ID")
    log.add_argument("--full", action="store_true", help="all that the engine printed")
    log.add_argument("-f", "--follow", action="store_true", help="go on until the job ends")

    cancel = _command(commands, "cancel", "end jobs", _cancel)
    cancel.add_argument("ids", nargs="+", metavar="ID")

    remove = _command(commands, "remove", "take jobs that have ended off the list", _remove)
    remove.add_argument("ids", nargs="+", metavar="ID")

    delete = _command(commands, "delete-data", "throw away the run folders of jobs", _delete)
    delete.add_argument("ids", nargs="+", metavar="ID")
    delete.add_argument("--yes", action="store_true", help="do it, not only tell what would go")

    again = _command(commands, "run-again", "submit what a job ran once more", _run_again)
    again.add_argument("id", metavar="ID")
    again.add_argument("--queue", help="where to run it (where it ran)")

    resume = _command(commands, "resume", "go on with a run that ended early", _resume)
    resume.add_argument("id", metavar="ID")

    outputs = _command(commands, "outputs", "list what a job has made", _outputs)
    outputs.add_argument("id", metavar="ID")


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    does: str,
    run: Run,
    *,
    with_json: bool = True,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=does, description=f"{does.capitalize()}.")
    parser.add_argument("--url", help="the address of the Jupyter server, if it is not found")
    if with_json:
        parser.add_argument("--json", action="store_true", help="print what the API told")
    parser.set_defaults(run=partial(_run, run))
    return parser


def _run(run: Run, arguments: argparse.Namespace) -> None:
    with Savu(arguments.url) as savu:
        told = run(savu, arguments)
    if told is not None and arguments.json:
        print(json.dumps(told, indent=1))


def _submit(savu: Savu, arguments: argparse.Namespace) -> Any:
    resources = {name: _number(text) for name, text in _pairs(arguments.resource)}
    values = dict(_pairs(arguments.set))
    if arguments.script:
        script = savu.script(arguments.queue, resources, values)
        print(script or f"{arguments.queue} runs jobs without a script", end="" if script else "\n")
        return None
    if arguments.plan:
        return _plan(savu, arguments)
    asked: dict[str, Any] = {
        "rows": arguments.rows,
        "key": arguments.key,
        "resources": resources,
        "values": values,
    }
    if len(arguments.data) == 1:
        jobs = [savu.submit(arguments.list, arguments.data[0], arguments.queue, **asked)]
    else:
        jobs = [*savu.submit_many(arguments.list, arguments.data, arguments.queue, **asked)]
    if not arguments.json:
        print(*(job.id for job in jobs), sep="\n", flush=True)
    if arguments.wait:
        for job in jobs:
            job.wait(progress=not arguments.json)
            if not arguments.json:
                print(job.result.place if job.result else "no result")
    return _told(jobs)


def _plan(savu: Savu, arguments: argparse.Namespace) -> Any:
    plans = [
        savu.plan(arguments.list, scan, arguments.queue, rows=arguments.rows)
        for scan in arguments.data
    ]
    if not arguments.json:
        for scan, plan in zip(arguments.data, plans, strict=True):
            print(scan if plan else f"{scan}: the engine of {arguments.queue} does not tell")
            for one in plan["passes"] if plan else ():
                plugins = ", ".join(one["plugins"]) or "storing the data anew"
                size = f"{one['workers']} x {one['memory'] / 2**20:.0f} MiB"
                print(f"  ~{one['seconds']:g} s  {size}  {plugins}")
            if plan:
                print(f"  ~{plan['seconds']:g} s in all, writes {plan['disk'] / 2**20:.0f} MiB")
    return plans


def _pairs(texts: list[str]) -> list[tuple[str, str]]:
    pairs = [text.partition("=") for text in texts]
    for name, sign, _ in pairs:
        if not sign:
            raise SavuError(f"{name!r} should be NAME=VALUE.", reason="usage")
    return [(name, value) for name, _, value in pairs]


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise SavuError(f"{text!r} is not a whole number.", reason="usage") from None


def _queues(savu: Savu, arguments: argparse.Namespace) -> Any:
    queues = savu.queues()
    deadline = time.monotonic() + _SECONDS_FOR_A_SCHEDULER
    # who asks first sets the schedulers going, and sees their answers when asking again
    while any(q["schedules"] and q["availability"] is None for q in queues):
        if time.monotonic() > deadline:
            break
        time.sleep(_SECONDS_BETWEEN_LOOKS)
        queues = savu.queues()
    if not arguments.json:
        for queue in queues:
            busy = f"{queue['running']} running, {queue['waiting']} waiting"
            print(f"{queue['name']:<12} {busy:<24} {_free(queue['availability'])}")
            if queue["description"]:
                print(f"{'':<12} {queue['description']}")
    return queues


def _free(told: dict[str, Any] | None) -> str:
    """How busy the place of a queue is."""
    if told is None:
        return ""
    free = f"{told['idle']} of {told['total']} {told['unit']} free, {told['pending']} jobs wait"
    start = told["expected_start"]
    return free if start is None else f"{free}, the next one would start at {start}"


def _jobs(savu: Savu, arguments: argparse.Namespace) -> Any:
    jobs = savu.jobs(
        active=True if arguments.active else None,
        limit=None if arguments.all else 100,
        group=arguments.group,
    )
    if not arguments.json:
        for job in jobs:
            print(f"{job.id}  {job.state:<9} {100 * job.progress:3.0f} %  {job.name}")
    return _told(jobs)


def _job(savu: Savu, arguments: argparse.Namespace) -> Any:
    job = savu.job(arguments.id)
    told = {**job.to_json(), "record": job.record()}
    if not arguments.json:
        print(f"{job.name}: {job.state}, {100 * job.progress:.0f} %")
        if job.message:
            print(f"  {job.message}")
        for step in told["steps"]:
            done = f"{100 * step['fraction']:3.0f} %"
            print(f"  {step['position']:>3} {step['name']:<30} {step['state']:<8} {done}")
        print(f"  folder   {job.folder}")
        print(f"  command  {' '.join(told['record']['command'])}")
    return told


def _log(savu: Savu, arguments: argparse.Namespace) -> None:
    job = savu.job(arguments.id)
    which = "full" if arguments.full else "user"
    offset = 0
    while True:
        # asked first: what is written until the job ends is then read below
        ended = job.refresh().ended or not arguments.follow
        text, offset = job.log_since(offset, which)
        print(text, end="", flush=True)
        if ended:
            return
        time.sleep(_SECONDS_BETWEEN_LOOKS)


def _cancel(savu: Savu, arguments: argparse.Namespace) -> Any:
    jobs = [savu.job(job_id).cancel() for job_id in arguments.ids]
    if not arguments.json:
        print(*(job.state for job in jobs), sep="\n")
    return _told(jobs)


def _remove(savu: Savu, arguments: argparse.Namespace) -> Any:
    for job_id in arguments.ids:
        savu.job(job_id).remove()
        if not arguments.json:
            print(f"{job_id} is off the list; its run folder stays")
    return arguments.ids


def _delete(savu: Savu, arguments: argparse.Namespace) -> Any:
    told = []
    for job_id in arguments.ids:
        job = savu.job(job_id)
        data = job.data()
        what = f"{job.folder}: {data['files']} files, {data['size'] / 1e6:.1f} MB"
        if arguments.yes:
            moved = job.delete_data()
            data["moved"] = "trash" if moved is None else str(moved)
            what += f" are in {data['moved']}" if moved else " are in the trash"
        told.append(data)
        if not arguments.json:
            print(what)
    if not arguments.yes and not arguments.json:
        raise SavuError("Nothing was deleted: add --yes to throw this away.", reason="asked")
    return told


def _run_again(savu: Savu, arguments: argparse.Namespace) -> Any:
    return _made(savu.job(arguments.id).run_again(arguments.queue), arguments)


def _resume(savu: Savu, arguments: argparse.Namespace) -> Any:
    return _made(savu.job(arguments.id).resume(), arguments)


def _made(job: Job, arguments: argparse.Namespace) -> Any:
    if not arguments.json:
        print(job.id)
    return job.to_json()


def _outputs(savu: Savu, arguments: argparse.Namespace) -> Any:
    outputs = savu.job(arguments.id).outputs()
    if not arguments.json:
        for output in outputs:
            print(f"{output.place}  {output.dataset}")
    return [{**output.place.to_json(), "dataset": output.dataset} for output in outputs]


def _told(jobs: list[Job]) -> list[dict[str, Any]]:
    return [job.to_json() for job in jobs]
