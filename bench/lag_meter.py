"""An extension of a Jupyter server that notes how long its event loop was kept from its work.

Each line of the file that SAVU_LAG_FILE names holds the time (of time.time) and by how many
milliseconds a call came late: by the clock, and without what the thread has waited for a processor
that other work of the machine had.
"""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path
from typing import Any, TextIO

_STEP = 0.01


def _load_jupyter_server_extension(app: Any) -> None:
    app.settings["lag_meter"] = asyncio.get_event_loop().create_task(_measure())


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "lag_meter"}]


class _Waited:
    """For how many milliseconds the thread that makes this was ready and had no processor."""

    def __init__(self) -> None:
        # until the end of the server
        self._kernel = Path("/proc/thread-self/schedstat").open()  # noqa: SIM115

    def __call__(self) -> float:
        self._kernel.seek(0)
        return int(self._kernel.read().split()[1]) / 1e6


async def _measure() -> None:
    waited = _Waited()
    told = _lines()
    while True:
        before, waited_before = time.perf_counter(), waited()
        await asyncio.sleep(_STEP)
        late = 1000 * (time.perf_counter() - before - _STEP)
        own = max(0.0, late - (waited() - waited_before))
        print(time.time(), late, own, file=told, flush=True)


def _lines() -> TextIO:
    return Path(os.environ["SAVU_LAG_FILE"]).open("a")
