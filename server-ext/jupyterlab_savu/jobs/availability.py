"""How busy the places behind the queues are: asked when somebody looks, and not too often."""

from __future__ import annotations

import dataclasses
import logging
import threading
import time
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import Future
from typing import Any

from jupyterlab_savu.jobs.backends.base import Availability, Backend, Unreachable

log = logging.getLogger(__name__)

#: Seconds that an answer counts.
_FRESH = 15.0

Told = dict[str, Availability]


class Availabilities:
    """What the back ends told last; `ask` puts a question to one on its own loop.

    Nobody waits for an answer: the next one who looks sees it.
    """

    def __init__(
        self,
        backends: Mapping[str, Backend],
        ask: Callable[[Coroutine[Any, Any, Told]], Future[Told]],
    ) -> None:
        self._backends = backends
        self._ask = ask
        self._told: dict[str, Told] = {}
        self._asked: dict[str, float] = {}
        self._lock = threading.Lock()

    def of(self, queue: str, backend: str) -> dict[str, Any] | None:
        """In the form of the API; None while it is not known."""
        self._refresh(backend)
        found = self._told.get(backend, {}).get(queue)
        return None if found is None else dataclasses.asdict(found)

    def _refresh(self, name: str) -> None:
        with self._lock:
            if time.monotonic() - self._asked.get(name, -_FRESH) < _FRESH:
                return
            self._asked[name] = time.monotonic()
        answer = self._ask(self._backends[name].availability())
        answer.add_done_callback(lambda done: self._take(name, done))

    def _take(self, name: str, done: Future[Told]) -> None:
        if done.cancelled():
            return
        error = done.exception()
        if error is None:
            self._told[name] = done.result()
            return
        # what is old may mislead
        self._told.pop(name, None)
        if not isinstance(error, Unreachable):
            log.warning("the availability of %s is not known: %r", name, error)
