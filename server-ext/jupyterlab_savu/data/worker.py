"""A worker process: HDF5 is read here and never in the Jupyter server.

A damaged file can crash or stop HDF5, and HDF5 holds a lock while it reads; both then happen to
this process. Run as ``python -m jupyterlab_savu.data.worker``: it takes calls from standard
input and answers on standard output, one after the other, in frames of `frames`.
"""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from typing import Any, BinaryIO

from jupyterlab_savu.data.frames import Frame, read_frame, write_frame
from jupyterlab_savu.faults import Fault, too_large


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer calls until `requests` ends."""
    # imported late: a process that is about to end need not load HDF5
    from jupyterlab_savu.data.operations import OPERATIONS

    while (frame := read_frame(requests)) is not None:
        try:
            result = OPERATIONS[frame.header["operation"]](**frame.header["arguments"])
            answer = result if isinstance(result, Frame) else Frame({"value": result})
        except Fault as fault:
            answer = Frame({"fault": fault.to_json()})
        except MemoryError:
            told = too_large("This needs more memory than one request may take.").to_json()
            answer = Frame({"fault": told})
        except Exception:
            answer = Frame({"error": traceback.format_exc()})
        write_frame(answers, answer)


def _limit_memory(size: int) -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (size, size))


def main(arguments: list[str]) -> None:
    # the answers keep their own descriptor: whatever a library prints goes to standard error
    answers: Any = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    # HDF5 also looks for the files of links relative to the current folder
    os.chdir(Path.cwd().anchor)
    for name in ("HDF5_EXT_PREFIX", "HDF5_VDS_PREFIX", "HDF5_EXTFILE_PREFIX"):
        os.environ.pop(name, None)
    _limit_memory(int(arguments[0]))
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main(sys.argv[1:])
