"""Progress of a streamed chain, as lines of Savu's user.log."""

from __future__ import annotations

import time
from collections.abc import Sequence

from savu_core.runs import RunLog
from savu_embedded.steps import Step

# Lines for one plugin are at least so far apart, in seconds.
_INTERVAL = 0.25


class Progress:
    """Adds up what the tasks have done of each step, and logs it.

    `sizes` are the rows of the tasks. Since every block runs through the whole chain, the plugins
    advance side by side; so many rows were done `before`. As in Savu, the percentage of a plugin
    begins anew for each of its own tuned values. Steps that are `reported` have something to say at
    their end, which `finish` logs.
    """

    def __init__(
        self,
        log: RunLog,
        steps: Sequence[Step],
        sizes: Sequence[int],
        before: int = 0,
        reported: bool = False,
    ) -> None:
        self._sizes = sizes
        self._before = before
        self._reported = reported
        self._lines = {step.index: _Lines(log, step) for step in steps}
        self._done = {step.index: [0.0] * len(sizes) for step in steps}

    def update(self, task: int, step: int, fraction: float) -> None:
        """Note that `fraction` of a task is done of the step with this index."""
        self._done[step][task] = fraction
        done = self._fraction(step)
        self._lines[step].advance(done)
        if done == 1 and not self._reported:
            self._lines[step].report()

    def finish(self, step: int, message: str) -> None:
        """Log what a step, all of which is done, has to say."""
        self._lines[step].report(message)

    def _fraction(self, step: int) -> float:
        parts = zip(self._done[step], self._sizes, strict=True)
        done = self._before + sum(part * size for part, size in parts)
        return done / (self._before + sum(self._sizes))


class _Lines:
    """What is logged of one step."""

    def __init__(self, log: RunLog, step: Step) -> None:
        self._log = log
        self._name = step.name
        self._passes = len(step.choices.members)
        self._pass = 0
        self._percent = 0
        self._when: float | None = None
        self._reported = False

    def advance(self, done: float) -> None:
        now = time.monotonic()
        if self._when is None:
            self._log.running(self._name)
            self._log.progress(self._name, 0)
            self._when = now
        if now - self._when < _INTERVAL and done < 1:
            return
        at = min(int(done * self._passes), self._passes - 1)
        while self._pass < at:
            self._log.progress(self._name, 1)
            self._log.progress(self._name, 0)
            self._pass, self._percent = self._pass + 1, 0
        part = done * self._passes - at
        if int(100 * part) > self._percent:
            self._log.progress(self._name, part)
            self._percent, self._when = int(100 * part), now

    def report(self, *message: str) -> None:
        if not self._reported:
            self._log.report(self._name, *message)
            self._reported = True
