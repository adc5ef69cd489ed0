"""How the work is cut: blocks, shares of the rows, and worker processes."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from savu_embedded.datasets import Span
from savu_embedded.errors import RefusedError
from savu_embedded.memory import Need
from savu_embedded.stages import Stage

#: Blocks and shares begin at a multiple of it: slices are reconstructed in pairs, and the last
#: bits of one depend on the other.
GRID = 2
# A read of fewer rows than this from frames costs as much as one of so many.
_ROWS = 8
#: Megabytes that a worker may take, unless told otherwise.
MEMORY = 550
# Work on fewer values than this is done before worker processes have started.
_VALUES_WORTH_WORKERS = 20_000_000


@dataclass(frozen=True)
class Options:
    """`processes` and `block` (rows) are chosen when None; `keep` keeps intermediate results.

    `memory` is what a worker may take, in megabytes, as long as that is enough for two rows.
    What was begun goes on at the last complete `resume`: a stage ("plugin") or a block
    ("subplugin"); None begins anew. `iterate` are the `methods.iterative.Rules` that are not as
    they are by default.
    """

    processes: int | None = None
    block: int | None = None
    keep: bool = False
    memory: int = MEMORY
    resume: str | None = None
    iterate: dict[str, float] | None = None


def cut_blocks(
    span: Span, values: int, stored: int, need: Need, options: Options
) -> tuple[list[Span], int]:
    """Return the blocks of a stage over `span`, and how many processes to start for them.

    Each row or frame has `values` values, `stored` rows are stored together, and `need` is what a
    worker needs for a block.
    """
    first, last = span
    processes = count_processes(options, values * (last - first))
    block = _block_length(last - first, need, stored, options, processes)
    return [(start, min(start + block, last)) for start in range(first, last, block)], processes


def unwritten(block: Span, is_written: Callable[[int, int], bool]) -> Span | None:
    """Return the block without what was written at its beginning and end, None if all was."""
    parts = range(block[0], block[1], GRID)
    left = [start for start in parts if not is_written(start, min(start + GRID, block[1]))]
    return (left[0], min(left[-1] + GRID, block[1])) if left else None


def count_processes(options: Options, values: int) -> int:
    """Return how many processes to start for work on so many values, 0 for none."""
    if options.processes is not None:
        return max(1, options.processes)
    if values < _VALUES_WORTH_WORKERS:
        return 0
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(usable or 1, 16)


def shared_stages(stages: Sequence[Stage]) -> range:
    """Return the stages that shares of the rows can do, each by itself; as many as possible.

    They follow each other, are cut by rows, and only the first may have to know all of its input.
    """
    best = range(0)
    start = 0
    for number, stage in enumerate(stages):
        if stage.cut != "rows":
            start = number + 1
        elif number > start and (stage.needs_all or stage.length != stages[start].length):
            start = number
        found = range(start, number + 1)
        if stage.cut == "rows" and _weight(stages, found) >= _weight(stages, best):
            best = found
    return best


def share_span(length: int, number: int, of: int) -> Span:
    """Return the rows of share `number`, from 1, of `of` shares of `length` rows.

    Raises:
        RefusedError: there are more shares than parts that rows can be cut into.
    """
    parts = math.ceil(length / GRID)
    if of > parts:
        raise RefusedError(f"{length} rows can be cut into at most {parts} shares, not {of}.")
    first, last = (GRID * (parts * i // of) for i in (number - 1, number))
    return first, min(last, length)


def stage_spans(stages: Sequence[Stage], own: Span) -> list[Span]:
    """Return the rows that each of `stages` must work on for the rows `own` of the last.

    The rows beside them that later stages must see are added, up to where a block can begin.
    """
    spans = [own]
    for stage in reversed(stages[1:]):
        first, last = stage.sees(spans[0])
        first, last = first - first % GRID, min(last + last % GRID, stage.read_length)
        spans.insert(0, (first, last))
    return spans


def _weight(stages: Sequence[Stage], which: range) -> tuple[int, int]:
    """Return what is compared of stages: those that make volumes cost most."""
    steps = [step for number in which for step in stages[number].steps]
    return sum(step.plugin.makes == "volume" for step in steps), len(steps)


def _block_length(length: int, need: Need, stored: int, options: Options, processes: int) -> int:
    """Return how many rows or frames a block has.

    Rows that are stored together are read together, as far as memory allows, but no process waits
    while others have more than the least.
    """
    if options.block is not None:
        return max(GRID, options.block + options.block % GRID)
    most = max(GRID, need.most(options.memory * 1_000_000))
    share = math.ceil(length / max(1, processes))
    block = min(max(_ROWS, stored), most, share + share % GRID)
    return max(GRID, block - block % GRID)
