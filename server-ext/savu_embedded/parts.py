"""A run as a whole, or in parts: what comes before the shares, each share, and their join.

Shares do the stages that `blocks.shared_stages` names, each for its rows. The stages before, and
what these must know of all rows, are prepared once (share 0), and the stages after follow the join.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from savu_core.runs import processed_name
from savu_core.shares import Share, begun_shares
from savu_embedded.blocks import share_span, shared_stages, stage_spans
from savu_embedded.errors import EngineError, RefusedError
from savu_embedded.output import ProcessedFile, Result
from savu_embedded.result_files import JoinedFile, join_results
from savu_embedded.run import Found, Runner, Work
from savu_embedded.state import Identity, Made, State, identity, load_state


def run_whole(work: Work) -> Path:
    """Run all stages, and return the file that links the results.

    Raises:
        EngineError: it failed, or was stopped through the folder's kill signal.
        OSError: a file could not be read or written.
    """
    runner = Runner(work, _state(work))
    processed = _processed(work)
    _link(runner, processed, {})
    runner.log_done(runner.stages[: runner.state.done])
    runner.run(len(runner.stages))
    _link(runner, processed, _results(runner))
    return processed.path


def prepare_shares(work: Work) -> None:
    """Do what comes before the shares.

    Raises:
        EngineError, OSError: as `run_whole`.
    """
    runner = Runner(work, _state(work))
    shared = _shared(runner)
    _link(runner, _processed(work), {})
    runner.log_done(runner.stages[: runner.state.done])
    runner.run(shared.start)
    runner.prepare(shared.start)


def run_share(work: Work, part: Share) -> None:
    """Run the shared stages for the rows of one share.

    Raises:
        RefusedError: what comes before the shares has not been done.
        EngineError, OSError: as `run_whole`.
    """
    prepared = load_state(work.folder)
    if prepared is not None:
        prepared.must_be(_expected(work))
    state = _state(work)
    if prepared is not None:
        state.centres.update(prepared.centres)
        state.statistics.update(prepared.statistics)
    others = [] if prepared is None else _found(prepared)
    runner = Runner(work, state, others)
    shared = _shared(runner)
    _must_be_prepared(runner, shared, prepared)
    stages = runner.stages[shared.start : shared.stop]
    runner.own = share_span(stages[0].length, part.number, part.of)
    runner.spans = dict(zip(shared, stage_spans(stages, runner.own), strict=True))
    runner.log_done(runner.stages[shared.start : state.done])
    state.done = max(state.done, shared.start)
    runner.run(shared.stop)


@dataclass(frozen=True)
class _Ready:
    """A complete share, and what it has made."""

    share: Share
    state: State


def join_shares(work: Work) -> Path:
    """Join the shares, run the stages after them, and return the file that links the results.

    Raises:
        RefusedError: no share has begun, or they are not of this list and scan.
        EngineError: shares are missing, whose rows read as NaN; or as `run_whole`.
        OSError: a file could not be read or written.
    """
    begun = begun_shares(work.folder)
    if not begun:
        raise RefusedError("No share has begun: there is nothing to join.")
    of = begun[0].of
    found = [(part, state) for part in begun if (state := load_state(part.folder)) is not None]
    for _, one in found:
        one.must_be(_expected(work))
    state = _state(work)
    runner = Runner(work, state)
    shared = _shared(runner)
    ready = [_Ready(part, one) for part, one in found if one.done >= shared.stop]
    if not ready:
        raise RefusedError(f"None of the {of} shares is complete: there is nothing to join.")
    runner.log_done(runner.stages[: shared.start])
    processed = _processed(work)
    joined = _join(runner, ready)
    results = {**_results(runner), **joined}
    _link(runner, processed, results)
    complete = {one.share.number for one in ready}
    if missing := [str(number) for number in range(1, of + 1) if number not in complete]:
        raise EngineError(
            f"Of {of} shares, {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing: "
            "their rows read as NaN. Run these again, then join."
        )
    runner.others = _joined_files(ready)
    runner.log_done(runner.stages[shared.start : max(shared.stop, state.done)])
    state.done = max(state.done, shared.stop)
    runner.run(len(runner.stages))
    _link(runner, processed, {**_results(runner), **joined})
    _tidy(work, ready, state)
    return processed.path


def _expected(work: Work) -> Identity:
    return identity(work.plan.plist, work.plan.scan, work.options)


def _state(work: Work) -> State:
    """Return what the run, or this part of it, has done, or a beginning."""
    expected = _expected(work)
    found = load_state(work.own)
    if found is None:
        state = State(expected)
        state.save(work.own)
        return state
    found.must_be(expected)
    return found


def _shared(runner: Runner) -> range:
    shared = shared_stages(runner.stages)
    if not shared:
        raise RefusedError("No plugin of this list works on rows, so they cannot be shared.")
    return shared


def _must_be_prepared(runner: Runner, shared: range, prepared: State | None) -> None:
    done = 0 if prepared is None else prepared.done
    if done < shared.start or not runner.is_prepared(shared.start):
        raise RefusedError(
            "This list needs work on all rows before the shares: run --share 0/N first."
        )


def _processed(work: Work) -> ProcessedFile:
    path = work.folder / processed_name(work.plan.scan)
    return ProcessedFile(path, work.plan.plist, work.plan.sources)


def _link(runner: Runner, processed: ProcessedFile, results: Mapping[int, Result]) -> None:
    """Write the file that links the results, given by index of their step."""
    plan = runner.work.plan
    final = {step.index for step in plan.final.values()}
    processed.write(
        [result for index, result in results.items() if index in final],
        {result.group: result for index, result in results.items() if index not in final},
    )


def _results(runner: Runner) -> dict[int, Result]:
    """Return the results that are in files of this folder, by index of their step."""
    return {
        made.step: _result(runner, made, made.files[0].path)
        for made in runner.state.made
        if made.kept
    }


def _result(runner: Runner, made: Made, path: Path) -> Result:
    return Result(made.name, path, made.files[0].group, runner.made[made.step])


def _join(runner: Runner, ready: Sequence[_Ready]) -> dict[int, Result]:
    """Join the results of the shares, as far as these are there."""
    results = {}
    for i, made in enumerate(ready[0].state.made):
        if made.kept:
            data = runner.made[made.step]
            length = data.members[0].shape[1]
            parts = [
                (one.state.made[i].files[0], *share_span(length, one.share.number, one.share.of))
                for one in ready
            ]
            file = made.files[0]
            path = runner.work.folder / file.path.name
            join_results(path, file.group, length, parts, data.lengths)
            results[made.step] = _result(runner, made, path)
    return results


def _joined_files(ready: Sequence[_Ready]) -> list[Found]:
    """Return what the shares have made, as the stages after them read it."""
    found = []
    for made in zip(*(one.state.made for one in ready), strict=True):
        files = zip(*(part.files for part in made), strict=True)
        joined = tuple(JoinedFile(parts) for parts in files)
        found.append(Found(made[0].name, made[0].step, joined))
    return found


def _tidy(work: Work, ready: Sequence[_Ready], state: State) -> None:
    """Remove what was handed on between the parts, once all is done."""
    for one in [*state.made, *(made for part in ready for made in part.state.made)]:
        if not one.kept:
            one.files[0].remove()
    state.made = [one for one in state.made if one.kept]
    state.save(work.own)


def _found(state: State) -> list[Found]:
    return [Found(made.name, made.step, made.files) for made in state.made]
