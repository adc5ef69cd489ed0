"""An extension of a Jupyter server that notes how long its event loop was kept from its work.

Each line of the file that SAVU_LAG_FILE names holds the time (of time.time) and by how many
milliseconds a call then came late.
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


async def _measure() -> None:
    told = _lines()
    while True:
        before = time.perf_counter()
        await asyncio.sleep(_STEP)
        print(time.time(), 1000 * (time.perf_counter() - before - _STEP), file=told, flush=True)


def _lines() -> TextIO:
    return Path(os.environ["SAVU_LAG_FILE"]).open("a")
