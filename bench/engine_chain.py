"""A whole chain of the embedded engine, from file to file: workers, memory and start-up.

The list corrects flat fields, removes outliers and stripes, reconstructs and writes. Wall-clock
times say little on a machine that does other work; the processor time of the busiest process is
what a run would take if nothing else ran, as long as there is a core for each process.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np
import psutil
from measure import THREADS, verdict

from savu_core.catalogue import new_plugin
from savu_core.files import write_process_list
from savu_core.model import ProcessList
from savu_embedded.phantom import PRESETS, write_scan

CHAIN = (
    ("NxtomoLoader", {}),
    ("DarkFlatFieldCorrection", {}),
    ("DezingerSinogram", {"outlier_mu": 0.5}),
    ("RingRemovalSorting", {}),
    ("AstraReconCpu", {"FBP_filter": "hann"}),
)
LIBRARIES = "import numpy, scipy.fft, scipy.ndimage, h5py, finufft"
ENVIRONMENT = {**os.environ, **dict.fromkeys(THREADS, "1")}


@dataclass
class Run:
    """Seconds of the clock and of the processor, for the busiest process and all; peak bytes."""

    wall: float = 0.0
    busiest: float = 0.0
    processor: float = 0.0
    memory: int = 0


def write_list(path: Path, centre: float) -> None:
    plist = ProcessList()
    for position, (name, changes) in enumerate(CHAIN, 1):
        plugin = new_plugin(name, str(position))
        plugin.parameters.update(changes)
        if name == "AstraReconCpu":
            plugin.parameters["centre_of_rotation"] = centre
        plist.plugins.append(plugin)
    write_process_list(path, plist)


def tall_scan(scan: Path, path: Path, times: int) -> None:
    """Write a scan of so many times the rows, which are those of `scan` again and again."""
    with h5py.File(scan) as source, h5py.File(path, "w") as file:
        source.copy("entry1", file)
        place = "entry1/tomo_entry/instrument/detector/data"
        data = source[place]
        frames, rows, columns = data.shape
        for name in (place, "entry1/tomo_entry/data/data"):
            del file[name]
        tall = file.create_dataset(place, (frames, rows * times, columns), data.dtype)
        for frame in range(frames):
            tall[frame] = np.tile(data[frame], (times, 1))
        file["entry1/tomo_entry/data/data"] = file[place]


def engine(scan: Path, plist: Path, folder: Path, workers: int) -> Run:
    """Run the chain in a new folder, which is removed, and watch its processes."""
    run, began = Run(), time.monotonic()
    with tempfile.TemporaryDirectory(dir=folder) as out:
        command = [sys.executable, "-m", "savu_embedded", scan, plist, out, "-q"]
        process = psutil.Popen([*command, "--processes", str(workers)], env=ENVIRONMENT)
        spent: dict[int, float] = {}
        while process.poll() is None:
            for one in (process, *process.children(recursive=True)):
                try:
                    times, memory = one.cpu_times(), peak_memory(one)
                except (psutil.Error, OSError):
                    continue
                spent[one.pid] = times.user + times.system
                if one.pid != process.pid:
                    run.memory = max(run.memory, memory)
            time.sleep(0.05)
        if process.returncode:
            raise SystemExit(process.returncode)
    run.wall = time.monotonic() - began
    run.busiest, run.processor = max(spent.values()), sum(spent.values())
    return run


def peak_memory(process: psutil.Process) -> int:
    """Return the most bytes that a process has had in memory, or has now where none tells."""
    status = Path(f"/proc/{process.pid}/status")
    if not status.exists():
        return int(process.memory_info().rss)
    peak = [line for line in status.read_text().splitlines() if line.startswith("VmHWM:")]
    return 1024 * int(peak[0].split()[1]) if peak else 0


def start_up(arguments: list[str]) -> float:
    """Return the least processor time of some starts of Python, in seconds."""
    times = []
    for _ in range(7):
        before = os.times()
        subprocess.run([sys.executable, *arguments], env=ENVIRONMENT, check=True)
        after = os.times()
        spent = after.children_user + after.children_system
        times.append(spent - before.children_user - before.children_system)
    return min(times)


def main() -> int:
    """Print the table; exit with 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--preset", choices=PRESETS, default="bench")
    parser.add_argument("--times", type=int, default=8, help="rows of the tall scan (default: 8 x)")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--folder", type=Path, help="for scan and results (default: a new one)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        folder = Path(name)
        preset = PRESETS[options.preset]
        scan, tall, plist = (folder / name for name in ("scan.nxs", "tall.nxs", "list.nxs"))
        write_scan(scan, preset)
        tall_scan(scan, tall, options.times)
        write_list(plist, (preset.columns - 1) / 2 + preset.off_axis)
        runs = [
            {count: engine(scan, plist, folder, count) for count in (1, 2)}
            for _ in range(options.rounds)
        ]
        large = engine(tall, plist, folder, 2)
    rows = preset.rows
    print(
        f"{preset.angles} angles x {rows} rows x {preset.columns} columns; load, {os.getloadavg()}"
    )
    print(f"{'workers':>7} {'rows':>6} {'wall s':>8} {'busiest s':>9} {'all s':>8} {'MB each':>8}")
    for count, height, run in [
        *((count, rows, run) for turn in runs for count, run in turn.items()),
        (2, rows * options.times, large),
    ]:
        print(
            f"{count:7} {height:6} {run.wall:8.1f} {run.busiest:9.1f} {run.processor:8.1f} "
            f"{run.memory / 1e6:8.0f}"
        )
    engine_start = start_up(["-c", "import savu_embedded.session"])
    libraries = start_up(["-c", LIBRARIES])
    print(f"start-up: engine {1000 * engine_start:.0f} ms, libraries {1000 * libraries:.0f} ms")
    one, two = (
        {part: min(getattr(turn[count], part) for turn in runs) for part in ("wall", "busiest")}
        for count in (1, 2)
    )
    small = max(run.memory for turn in runs for run in turn.values())
    return verdict(
        [
            ("two workers faster than one, by the clock", one["wall"] / two["wall"], 1.6),
            ("two workers faster, by processor time", one["busiest"] / two["busiest"], 1.6),
            ("600 MB by the memory of a worker", 600e6 / max(small, large.memory), 1),
            ("memory of few rows by that of many", small / large.memory, 0.95),
            ("1.5 times the libraries by the start-up", 1.5 * libraries / engine_start, 1),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
