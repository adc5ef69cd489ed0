"""Fills a database of jobs, for `jobs_panel.mjs`.

    python bench/fill_jobs.py URL FOLDER NUMBER

URL is SQLAlchemy's, FOLDER the output root of the server that will show the jobs, which are of
the user who calls. They have ended, in various ways, and have no run folders.
"""

from __future__ import annotations

import getpass
import itertools
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

from jupyterlab_savu.jobs.model import Job, Reason, Record, State
from jupyterlab_savu.jobs.store import JobStore

_ENDS = [
    (State.SUCCEEDED, Reason.COMPLETED, 0),
    (State.SUCCEEDED, Reason.COMPLETED, 0),
    (State.FAILED, Reason.OUT_OF_MEMORY, 137),
    (State.SUCCEEDED, Reason.COMPLETED, 0),
    (State.CANCELLED, Reason.CANCELLED_BY_USER, 143),
]
_LISTS = ("demo_fbp", "phase_contrast", "rings_and_centre", "tuning_of_paganin")


def _time(begun: datetime, seconds: int) -> str:
    return (begun + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")


def jobs(folder: Path, number: int) -> Iterator[Job]:
    """So many jobs, a minute from one to the next, the last one now."""
    begin = datetime.now(timezone.utc).replace(microsecond=0) - timedelta(minutes=number)
    ends = itertools.cycle(_ENDS)
    for index in range(number):
        begun = begin + timedelta(minutes=index)
        name = f"{_LISTS[index % len(_LISTS)]}.nxs"
        run = f"{begun:%Y%m%d%H%M%S}_{name}"
        state, reason, code = next(ends)
        record = Record(
            id=f"{begun:%Y%m%dT%H%M%S}-{index:08x}",
            name=name,
            queue=("preview", "full")[index % 2],
            backend="local",
            engine="embedded",
            engine_version="1",
            host="bench",
            list={"root": "jupyter", "path": f"lists/{name}", "hash": "0" * 64},
            data={
                "root": "jupyter",
                "path": f"scans/scan_{index % 97}.nxs",
                "size": 1,
                "modified": _time(begin, 0),
            },
            folder={"root": "jupyter", "path": f"savu-runs/{run}"},
            run_folder=str(folder / run),
            command=("engine",),
            submitted=_time(begun, 0),
        )
        yield Job(
            record,
            state,
            reason,
            exit_code=code,
            progress=1.0 if state is State.SUCCEEDED else 0.4,
            steps=tuple(
                {"position": str(place), "name": step, "state": "done", "fraction": 1.0}
                for place, step in enumerate(("NxtomoLoader", "AstraReconCpu", "Hdf5Saver"), 1)
            ),
            started=_time(begun, 2),
            ended=_time(begun, 2 + index % 50),
        )


def main(url: str, folder: str, number: str) -> None:
    root = Path(folder).resolve()
    store = JobStore(url, f"{getpass.getuser()}:{root}")
    store.prepare()
    store.adopt(jobs(root, int(number)))
    store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
