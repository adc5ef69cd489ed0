"""Time from submitting the demo list to its finished preview, through the public API.

    python bench/submit_to_preview.py [--runs N] [--url URL]

The server is one of `npm start`, or shows another folder with the demo. The first run, which finds
cold caches, is listed with the others; the median leaves it out.
"""

from __future__ import annotations

import argparse
import statistics
import time

from jupyterlab_savu.client import Savu

#: Seconds between two looks at a job.
_INTERVAL = 0.05


def run(savu: Savu) -> tuple[float, float]:
    """Seconds to the first progress of the engine, and to the finished preview."""
    begun = time.perf_counter()
    started: list[float] = []
    job = savu.submit("demo_fbp.nxs", "scan.nxs", queue="preview")

    def note(told: object) -> None:
        if job.state == "running" and not started:
            started.append(time.perf_counter() - begun)

    job.wait(progress=note, interval=_INTERVAL, timeout=300)
    total = time.perf_counter() - begun
    return (started[0] if started else total), total


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="the address of the Jupyter server, if it is not found")
    parser.add_argument("--runs", type=int, default=6)
    options = parser.parse_args()
    print("run  engine started  finished")
    totals = []
    with Savu(options.url) as savu:
        for number in range(1, options.runs + 1):
            started, total = run(savu)
            totals.append(total)
            print(f"{number:3d}  {started:12.2f} s  {total:6.2f} s", flush=True)
    if len(totals) > 1:
        print(f"median without the first: {statistics.median(totals[1:]):.2f} s")


if __name__ == "__main__":
    main()
