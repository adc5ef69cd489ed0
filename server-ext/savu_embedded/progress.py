"""Progress of a streamed chain, as lines of Savu's user.log."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence

from savu_core.runs import RunLog

# Lines for one plugin are at least so far apart, in seconds.
_INTERVAL = 0.25


class Progress:
    """Adds up what the tasks have done of each step, and logs it.

    `names` are the plugins by number of their step, `sizes` the rows of the tasks. Since every
    block runs through the whole chain, the plugins advance side by side. The steps `reported` have
    something to say at their end, which `finish` logs.
    """

    def __init__(
        self,
        log: RunLog,
        names: Mapping[int, str],
        sizes: Sequence[int],
        reported: Collection[int] = (),
    ) -> None:
        self._log = log
        self._names = names
        self._sizes = sizes
        self._reported = reported
        self._done = {number: [0.0] * len(sizes) for number in names}
        self._logged: dict[int, tuple[float, int]] = {}

    def update(self, task: int, step: int, fraction: float) -> None:
        """Note that `fraction` of a task is done of a step."""
        self._done[step][task] = fraction
        now = time.monotonic()
        if step not in self._logged:
            self._log.running(self._names[step])
            self._log.progress(self._names[step], 0)
            self._logged[step] = now, 0
        when, percent = self._logged[step]
        done = self._fraction(step)
        if (now - when >= _INTERVAL or done == 1) and int(100 * done) > percent:
            self._log.progress(self._names[step], done)
            self._logged[step] = now, int(100 * done)
            if done == 1 and step not in self._reported:
                self._log.report(self._names[step])

    def finish(self, step: int, message: str) -> None:
        """Log what a step, all of which is done, has to say."""
        self._log.report(self._names[step], message)

    def _fraction(self, step: int) -> float:
        done = sum(part * size for part, size in zip(self._done[step], self._sizes, strict=True))
        return done / sum(self._sizes)
