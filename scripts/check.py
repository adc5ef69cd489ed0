"""Runs the demo through the public API and judges the result against the phantom.

The server is named by JUPYTER_SERVER_URL and JUPYTER_TOKEN; the argument is the folder it shows.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from jupyterlab_savu.client import Job, JobFailed, Savu, SavuError

SCAN, LIST = "scan.nxs", "demo_fbp.nxs"
# pixels
CENTRE_BOUND = 0.5
# Of the phantom's root mean square: noise and the streaks of 181 angles alone make 0.098, with a
# centre one pixel off 0.130.
ERROR_BOUND = 0.12


def run_preview(savu: Savu) -> Job:
    job = savu.submit(LIST, SCAN, queue="preview")
    print(f"job {job.id}: {LIST} on {SCAN}")
    return job.wait(progress=True, timeout=300)


def compare(result: Path, scan: Path) -> dict[str, Any]:
    """What `python -m savu_embedded.verify` says: the engine is only ever run as a command."""
    command = [sys.executable, "-m", "savu_embedded.verify", str(result), str(scan)]
    answer = subprocess.run(  # noqa: S603 - our own interpreter and module
        command, capture_output=True, text=True, check=False
    )
    if answer.returncode:
        sys.exit(f"The result cannot be compared with the phantom:\n{answer.stderr}")
    told: dict[str, Any] = json.loads(answer.stdout)
    return told


def faults(told: dict[str, Any], shape: tuple[int, ...]) -> list[str]:
    found = []
    if tuple(told["size"]) != shape:
        found.append(f"the file holds {told['size']}, the API tells {list(shape)}")
    if told["centre"] is None or abs(told["centre"] - told["centre_true"]) > CENTRE_BOUND:
        found.append(f"the centre is more than {CENTRE_BOUND} pixels off")
    # also not fulfilled by NaN
    if not told["error"] <= ERROR_BOUND:
        found.append(f"the error is above {ERROR_BOUND}")
    return found


def main() -> None:
    folder = Path(sys.argv[1])
    try:
        with Savu(os.environ["JUPYTER_SERVER_URL"], os.environ["JUPYTER_TOKEN"]) as savu:
            job = run_preview(savu)
            if job.result is None:
                sys.exit("The job has ended without a result.")
            path = folder / job.result.path
            shape = job.result.read().shape
    except JobFailed as failure:
        sys.exit(f"The job has failed: {failure}\n{failure.job.log('full')}")
    except (SavuError, TimeoutError) as error:
        sys.exit(str(error))
    told = compare(path, folder / SCAN)
    print(f"result  {path}")
    print(f"size    {' x '.join(map(str, shape))} voxels")
    print(f"centre  {told['centre']} pixels (true: {told['centre_true']})")
    print(f"error   {told['error']:.3f} of the phantom (at most {ERROR_BOUND})")
    found = faults(told, shape)
    if found:
        sys.exit(f"Wrong: {'; '.join(found)}.")
    print("The result is right.")


if __name__ == "__main__":
    main()
