"""A process that reads slices: ``python -m jupyterlab_savu.data.slices.process``.

There are two: `fast` finds the bytes itself and answers several requests at once, `plain` reads
through HDF5, one request after the other, so that HDF5's lock delays none of the first. Requests
come as lines of JSON from standard input; values go into memory that the server shares.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jupyterlab_savu.data.roots import Roots
from jupyterlab_savu.data.slices import pictures
from jupyterlab_savu.data.slices.faults import in_words
from jupyterlab_savu.data.slices.filters import NotReadable
from jupyterlab_savu.data.slices.memory import attach
from jupyterlab_savu.data.slices.plain import read_plainly
from jupyterlab_savu.data.slices.planes import Plane
from jupyterlab_savu.data.slices.reader import Request, SliceReader, Values
from jupyterlab_savu.data.slices.slabs import Cancelled
from jupyterlab_savu.faults import Fault

Memory = NDArray[np.uint8]
Read = Callable[[Request, Memory], Values]
State = Callable[[Request], str | None]


def tag_of(state: str | None, asked: dict[str, Any]) -> str | None:
    """The entity tag of an answer: of the dataset as it is, and of what is asked of it."""
    if state is None:
        return None
    own = ("id", "slot", "known")
    question = json.dumps([state, {k: v for k, v in asked.items() if k not in own}])
    return f'"{hashlib.sha256(question.encode()).hexdigest()[:32]}"'


def answer_values(read: Read, request: Request, memory: Memory, asked: dict[str, Any]) -> Any:
    """The values in the shared memory, as they are or as bytes between two of them."""
    found = read(request, memory)
    values = found.values
    told: dict[str, Any] = {"missing": found.missing}
    if asked["as_bytes"]:
        given = asked["contrast"]
        written = found.written
        low, high = given or pictures.contrast(values, written)
        told["contrast"] = [low, high]
        values = pictures.to_bytes(values, low, high)
        if written is not None:
            values[~written] = pictures.NOTHING
        memory[: values.nbytes] = values.reshape(-1)
    return {
        **told,
        "shape": list(values.shape),
        "dtype": values.dtype.str,
        "size": values.nbytes,
    }


def answer_statistics(read: Read, request: Request, memory: Memory, asked: dict[str, Any]) -> Any:
    found = read(request, memory)
    return pictures.statistics(found.values, asked["bins"], found.written)


def answer_profile(read: Read, request: Request, memory: Memory, asked: dict[str, Any]) -> Any:
    """The values along a line, of which only the surrounding rectangle is read."""
    (row, column), (to_row, to_column) = asked["start"], asked["stop"]
    region = (
        int(min(row, to_row)),
        int(max(row, to_row)) + 2,
        int(min(column, to_column)),
        int(max(column, to_column)) + 2,
    )
    found = read(replace(request, region=region), memory)
    values, written = found.values, found.written
    if written is not None:
        values = np.where(written, values, np.nan)
    top, left = region[0], region[2]
    line, distances = pictures.profile(
        values, (row - top, column - left), (to_row - top, to_column - left)
    )
    return {"values": line, "distances": distances}


ANSWERS = {"values": answer_values, "statistics": answer_statistics, "profile": answer_profile}


class Process:
    """Answers requests into `memory`, which is cut into slots of `slot` bytes."""

    def __init__(
        self,
        roots: Roots,
        read: Read,
        state: State,
        memory: Memory,
        slot: int,
        threads: int,
    ) -> None:
        self._roots = roots
        self._read = read
        self._state = state
        self._memory = memory
        self._slot = slot
        self._pool = ThreadPoolExecutor(threads)
        self._running: dict[int, threading.Event] = {}
        self._out = os.fdopen(os.dup(1), "w")
        self._lock = threading.Lock()

    def serve(self) -> None:
        """Answer until standard input ends."""
        for line in sys.stdin:
            asked = json.loads(line)
            if "cancel" in asked:
                event = self._running.get(asked["cancel"])
                if event is not None:
                    event.set()
                continue
            self._running[asked["id"]] = threading.Event()
            self._pool.submit(self._work, asked)

    def _work(self, asked: dict[str, Any]) -> None:
        cancelled = self._running[asked["id"]]
        try:
            told = self._answer(asked, cancelled)
        except Fault as fault:
            told = {"fault": fault.to_json()}
        except Exception:
            told = {"error": traceback.format_exc()}
        del self._running[asked["id"]]
        with self._lock:
            self._out.write(json.dumps({"id": asked["id"], **told}) + "\n")
            self._out.flush()

    def _answer(self, asked: dict[str, Any], cancelled: threading.Event) -> dict[str, Any]:
        region = asked["region"]
        request = Request(
            self._roots.locate_file(asked["root"], asked["file"]).path,
            asked["path"],
            Plane(tuple(asked["at"]), asked["walk"]),
            None if region is None else tuple(region),
            asked["step"],
            cancelled,
        )
        memory = self._memory[asked["slot"] * self._slot :][: self._slot]
        try:
            if cancelled.is_set():
                raise Cancelled
            tag = tag_of(self._state(request), asked)
            if tag is not None and tag == asked.get("known"):
                return {"value": {"tag": tag, "same": True}}
            told = ANSWERS[asked["operation"]](self._read, request, memory, asked)
            return {"value": {"tag": tag, "same": False, **told}}
        except Cancelled:
            return {"cancelled": True}
        except NotReadable as error:
            return {"not_readable": str(error)}
        except Exception as error:
            fault = in_words(error, request.path, request.name)
            if fault is None:
                raise
            raise fault from None


def main(arguments: list[str]) -> None:
    """Arguments: the kind, the shared memory, bytes of a slot, slots, bytes that may be kept."""
    kind, shared = arguments[:2]
    slot, slots, kept = map(int, arguments[2:])
    roots = Roots.from_json(json.loads(sys.stdin.readline()))
    memory = np.frombuffer(attach(shared, slot * slots), np.uint8)
    # HDF5 also looks for the files of links relative to the current folder
    os.chdir(Path.cwd().anchor)
    if kind == "fast":
        reader = SliceReader(roots, kept)
        process = Process(roots, reader.read, reader.state, memory, slot, slots)
    else:

        def read(request: Request, to: Memory) -> Values:
            return read_plainly(request, roots, to)

        # what HDF5 gathers from several files has no one state
        process = Process(roots, read, lambda _: None, memory, slot, 1)
    # the answers keep their own descriptor: whatever a library prints goes to standard error
    os.dup2(2, 1)
    process.serve()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
