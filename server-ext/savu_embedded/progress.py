"""Progress of a streamed chain, as lines of Savu's user.log."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from savu_core.runs import RunLog

# Lines for one plugin are at least so far apart, in seconds.
_INTERVAL = 0.25


class Progress:
    """Adds up what the tasks have done of each step, and logs it.

    `names` are the plugins by number of their step, `sizes` the rows of the tasks. Since every
    block runs through the whole chain, the plugins advance side by side.
    """

    def __init__(self, log: RunLog, names: Mapping[int, str], sizes: Sequence[int]) -> None:
        self._log = log
        self._names = names
        self._sizes = sizes
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
        if now - when < _INTERVAL:
            return
        done = self._fraction(step)
        if int(100 * done) > percent:
            self._log.progress(self._names[step], done)
            self._logged[step] = now, int(100 * done)

    def finish(self, reports: Mapping[int, str]) -> None:
        """Log that all steps are done, and what they have to say."""
        for step, name in self._names.items():
            if self._logged[step][1] < 100:
                self._log.progress(name, 1.0)
            message = reports.get(step)
            if message is None:
                self._log.report(name)
            else:
                self._log.report(name, message)

    def _fraction(self, step: int) -> float:
        done = sum(part * size for part, size in zip(self._done[step], self._sizes, strict=True))
        return done / sum(self._sizes)
