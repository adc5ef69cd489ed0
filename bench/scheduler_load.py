"""What the server costs a scheduler, and what a scheduler costs the server.

    python bench/scheduler_load.py [--jobs N] [--seconds S]

Starts Slurm, a command node and a Jupyter server of its own, as root on Debian (see
server-ext/tests/schedulers). First, submitting through the API until Slurm has the job, against
`ssh NODE sbatch`, as a user types it, and against sbatch over a connection that stays open. Then
N jobs in the queue and five browsers that ask for them each second: queries of the scheduler, and
how long the event loop of the server was kept from its work. Ends with 1 when a goal is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "server-ext" / "tests" / "schedulers"))
sys.path.insert(0, str(Path(__file__).parents[1] / "server-ext" / "tests" / "server"))

import httpx
from jupyter import Jupyter
from slurm import Slurm
from sshd import CommandNodes

from jupyterlab_savu.jobs.transport.ssh import SSH, Login
from savu_core.catalogue import new_plugin
from savu_core.files import write_process_list
from savu_core.model import ProcessList

SCAN = Path(__file__).parents[1] / "server-ext" / "tests" / "data" / "phantom_tomo_a.nxs"
SCRIPT = "#!/bin/sh\nexit 0\n"
BROWSERS = 5
INTERVAL = 2.0
#: Goals: the API against what a user types, and milliseconds that the event loop may be kept.
MOST_TIMES, MOST_STALL = 2.0, 50.0

_LAG = """
import asyncio, time
async def measure():
    with open({file!r}, "w") as told:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.01)
            print(1000 * (time.perf_counter() - before - 0.01), file=told, flush=True)
def _load_jupyter_server_extension(app):
    asyncio.get_event_loop().create_task(measure())
def _jupyter_server_extension_points():
    return [{{"module": "lag_meter"}}]
"""
_EXTRA = """
import sys
sys.path.insert(0, {place!r})
c.ServerApp.jpserver_extensions["lag_meter"] = True
"""


def typed(nodes: CommandNodes, slurm: Slurm) -> float:
    """Seconds of `ssh NODE sbatch`."""
    host, _, port = nodes.nodes[0].partition(":")
    command = ["ssh", "-F", "none", "-p", port, "-i", str(nodes.folder / "id")]
    command += ["-o", f"UserKnownHostsFile={nodes.folder / 'known_hosts'}", host]
    begun = time.perf_counter()
    subprocess.run(
        [*command, "sbatch", "-o", "/dev/null"],
        input=SCRIPT.encode(),
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return time.perf_counter() - begun


async def open_connection(nodes: CommandNodes, runs: int) -> list[float]:
    """Seconds of sbatch over one connection."""
    settings = nodes.settings
    login = Login(
        nodes=tuple(nodes.nodes),
        keys=(nodes.folder / "id",),
        known_hosts=nodes.folder / "known_hosts",
    )
    transport = SSH(login, float(str(settings["command_seconds"])))
    seconds = []
    for _ in range(runs + 1):
        begun = time.perf_counter()
        await transport.run(["sbatch", "-o", "/dev/null"], SCRIPT)
        seconds.append(time.perf_counter() - begun)
    await transport.close()
    return seconds[1:]


def through_api(client: httpx.Client) -> float:
    """Seconds from the request until Slurm has the job."""
    body = {"queue": "far", "list": {"path": "steps.nxs"}, "data": {"path": "scan.nxs"}}
    begun = time.perf_counter()
    job = client.post("jobs", json=body).raise_for_status().json()
    while job["state"] == "created":
        time.sleep(0.005)
        job = client.get(f"jobs/{job['id']}").json()
    return time.perf_counter() - begun


def watch(client: httpx.Client, jobs: int, seconds: float, calls: Path, lag: Path) -> bool:
    """Print what many jobs cost; whether the goals are met."""
    body = {"queue": "held", "list": {"path": "steps.nxs"}}
    begun = time.perf_counter()
    for first in range(0, jobs, 500):
        count = min(500, jobs - first)
        scans = [{"path": "scan.nxs"}] * count
        client.post("job-groups", json={**body, "scans": scans}).raise_for_status()
    print(f"{jobs} jobs accepted in {time.perf_counter() - begun:.1f} s", flush=True)
    while len(client.get("jobs", params={"active": "true", "limit": 1000}).json()["items"]) < 1:
        time.sleep(1)
    while any(queue["waiting"] < jobs for queue in queues(client, "held")):
        time.sleep(1)
    deadline = time.monotonic() + 600
    while client.get("jobs", params={"limit": 1}).json()["items"][0]["state"] == "created":
        assert time.monotonic() < deadline, "the jobs do not get to Slurm"
        time.sleep(1)
    print(f"all of them at Slurm after {time.perf_counter() - begun:.1f} s", flush=True)
    stop = threading.Event()

    def browse() -> None:
        with httpx.Client(base_url=client.base_url, headers=client.headers, timeout=60) as own:
            while not stop.wait(1):
                own.get("jobs", params={"limit": 200})
                own.get("queues")

    browsers = [threading.Thread(target=browse) for _ in range(BROWSERS)]
    for browser in browsers:
        browser.start()
    time.sleep(5)
    seen, stalls = len(calls.read_text().splitlines()), len(lag.read_text().splitlines())
    time.sleep(seconds)
    queries = calls.read_text().splitlines()[seen:]
    lags = [float(line) for line in lag.read_text().splitlines()[stalls:-1]]
    stop.set()
    for browser in browsers:
        browser.join()
    most = seconds / INTERVAL + 1
    asked = sum("--me" in line for line in queries)
    print(f"queries for jobs in {seconds:g} s: {asked} (at most {most:.0f})")
    print(f"event loop kept for: median {statistics.median(lags):.1f} ms, most {max(lags):.1f} ms")
    return asked <= most and max(lags) <= MOST_STALL


def queues(client: httpx.Client, name: str) -> list[dict[str, int]]:
    return [queue for queue in client.get("queues").json()["items"] if queue["name"] == name]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--runs", type=int, default=15)
    options = parser.parse_args()
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="savu-load-")))
        place.chmod(0o755)
        slurm = Slurm(place / "slurm")
        stack.callback(slurm.stop)
        slurm.start()
        nodes = CommandNodes(place / "ssh", slurm.environment)
        stack.callback(nodes.stop)
        nodes.start()
        counted = place / "bin"
        counted.mkdir()
        calls, lag = place / "calls", place / "lag"
        calls.touch()
        (counted / "squeue").write_text(
            f'#!/bin/sh\necho "$@" >> {calls}\nexec /usr/bin/squeue "$@"\n'
        )
        (counted / "squeue").chmod(0o755)
        (place / "lag_meter.py").write_text(_LAG.format(file=str(lag)))
        environment = {**slurm.environment, "PATH": f"{counted}:/usr/bin:/bin"}
        cluster = {"kind": "slurm", "environment": environment, "intervals": [INTERVAL, INTERVAL]}
        server = Jupyter(
            place / "jupyter",
            {
                "SavuApp.backends": {
                    "cluster": cluster,
                    "far": {**nodes.settings, "kind": "slurm", "intervals": [INTERVAL, INTERVAL]},
                },
                "SavuApp.queues": [
                    {"name": "far", "backend": "far", "partition": "full"},
                    {"name": "held", "backend": "cluster", "partition": "full"},
                ],
            },
            extra=_EXTRA.format(place=str(place)),
        )
        stack.callback(server.stop)
        server.start()
        return measure(server, slurm, nodes, options, calls, lag)


def measure(
    server: Jupyter,
    slurm: Slurm,
    nodes: CommandNodes,
    options: argparse.Namespace,
    calls: Path,
    lag: Path,
) -> int:
    shutil.copy(SCAN, server.root / "scan.nxs")
    steps = ("NxtomoLoader", "AstraReconCpu")
    plist = ProcessList([new_plugin(name, str(i)) for i, name in enumerate(steps, 1)])
    write_process_list(server.root / "steps.nxs", plist, create=True)
    with httpx.Client(base_url=server.url + "savu/", headers=server.headers, timeout=300) as client:
        through_api(client)
        # in turns, so that other work on the machine is the same for both
        seconds = [(typed(nodes, slurm), through_api(client)) for _ in range(options.runs)]
        bare = statistics.median(one for one, _ in seconds)
        ours = statistics.median(one for _, one in seconds)
        kept = statistics.median(asyncio.run(open_connection(nodes, options.runs)))
        print(f"ssh NODE sbatch           {1000 * bare:6.0f} ms")
        print(f"sbatch, connection open   {1000 * kept:6.0f} ms")
        print(f"through the API           {1000 * ours:6.0f} ms = {ours / bare:.2f} x", flush=True)
        slurm.ask("scancel", "--me")
        slurm.ask("scontrol", "update", "PartitionName=full", "State=DOWN")
        light = watch(client, options.jobs, options.seconds, calls, lag)
    return 0 if light and ours <= MOST_TIMES * bare else 1


if __name__ == "__main__":
    sys.exit(main())
