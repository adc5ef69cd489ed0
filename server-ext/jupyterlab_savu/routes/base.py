"""What all routes share: who may call them, how they answer, and how they fail."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

from jupyter_server.base.handlers import APIHandler
from jupyter_server.extension.handler import ExtensionHandlerMixin
from tornado.web import HTTPError

from jupyterlab_savu.bridge.connected import ConnectedSavus
from jupyterlab_savu.data.files import FileService
from jupyterlab_savu.data.slices.service import SliceService
from jupyterlab_savu.data.stopping import Stop
from jupyterlab_savu.faults import Fault
from jupyterlab_savu.jobs.engines import Engines
from jupyterlab_savu.jobs.service import JobService
from jupyterlab_savu.routes.parameters import Model, Search, parse_body, parse_query, text

Arguments = ParamSpec("Arguments")
Value = TypeVar("Value")

_SECONDS_TO_RETRY = 3

#: The words for faults that Jupyter and Tornado find: reason and message by status.
_WORDS = {
    400: ("bad_request", "The request is malformed."),
    403: ("forbidden", "You are not signed in to this Jupyter server, or may not do this."),
    404: ("not_found", "There is no such address on this server."),
    405: ("method", "This address does not know that method."),
    413: ("too_large", "The request is too large."),
}
_UNEXPECTED = (
    "unexpected",
    "Something went wrong in the server; its log tells more under the number of this error.",
)


@dataclass(frozen=True)
class Services:
    """What the routes call. All but `slices` blocks, so it is called in `threads`."""

    files: FileService
    jobs: JobService
    engines: Engines
    slices: SliceService
    savus: ConnectedSavus
    threads: Executor


class Refused(HTTPError):  # noqa: N818 - says what it is
    """A fault on its way to the client."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.status, fault.message)
        self.fault = fault


class SavuHandler(ExtensionHandlerMixin, APIHandler):
    """The base of all routes. Each verb of a subclass is `@authenticated` and `@authorized`."""

    auth_resource = "contents"
    _stop: Stop | None = None

    @property
    def services(self) -> Services:
        services: Services = self.settings["savu_services"]
        return services

    def set_default_headers(self) -> None:
        super().set_default_headers()
        self.set_header("Cache-Control", "no-store")

    async def search(self, kind: str, asked: Search) -> None:
        """Answer a page of what is below a folder; the search ends when the browser goes."""
        with Stop() as self._stop:
            found = await self.call(
                self.services.files.search,
                kind,
                asked.root,
                asked.below,
                asked.q,
                asked.limit,
                asked.cursor,
                self._stop,
            )
        self.answer(found)

    def on_connection_close(self) -> None:
        super().on_connection_close()
        if self._stop is not None:
            self._stop.set()

    def query(self, model: type[Model]) -> Model:
        """The query parameters."""
        try:
            return parse_query(model, self.request.query_arguments)
        except Fault as fault:
            raise Refused(fault) from None

    async def body(self, model: type[Model]) -> Model:
        """The JSON body; a large one takes its time."""
        return await self.call(parse_body, model, self.request.body)

    async def call(
        self,
        function: Callable[Arguments, Value],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Value:
        """What `function` returns, called in a thread; its faults go to the client."""
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(
                self.services.threads, lambda: function(*args, **kwargs)
            )
        except Fault as fault:
            raise Refused(fault) from None

    def answer(self, value: Any, status: int = 200) -> None:
        """Answer plain data as JSON."""
        self.set_status(status)
        self.finish(text(value))

    def answer_text(self, value: str) -> None:
        """Answer JSON that was made elsewhere."""
        self.finish(value)

    def expected_hash(self) -> str:
        """The hash of what the client has seen.

        Raises:
            Refused: 428, when it is not there.
        """
        given = self.request.headers.get("If-Match", "").strip()
        if not given:
            raise Refused(
                Fault(
                    "Changing this needs the hash of what was read, in the header If-Match.",
                    status=428,
                    reason="hash_needed",
                    place="If-Match",
                )
            )
        return given.removeprefix("W/").strip('"')

    @property
    def deletes_to_trash(self) -> bool:
        """Whether Jupyter is told to send what is deleted to the trash."""
        return bool(getattr(self.contents_manager, "delete_to_trash", False))

    def answer_bytes(self, body: bytes | memoryview, content_type: str) -> None:
        self.finish(bytes(body), set_content_type=content_type)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Errors in the one shape of the contract: no trace, no page."""
        error = kwargs.get("exc_info", (None, None))[1]
        number = secrets.token_hex(4)
        told: dict[str, Any]
        if isinstance(error, Refused):
            fault = error.fault
            told = {"message": fault.message, "reason": fault.reason, "id": number}
            if fault.place is not None:
                told["place"] = fault.place
        else:
            reason, message = _WORDS.get(status_code, _UNEXPECTED)
            told = {"message": message, "reason": reason, "id": number}
        if status_code == 503:
            # whatever is missing, it is waited for
            self.set_header("Retry-After", str(_SECONDS_TO_RETRY))
        if status_code == 405:
            self.set_header("Allow", ", ".join(sorted(self._allowed())))
        self.log.log(
            40 if status_code >= 500 else 20,
            "savu error %s: %s %s: %s",
            number,
            status_code,
            told["reason"],
            told["message"],
        )
        self.finish(text(told))

    def _allowed(self) -> set[str]:
        verbs = ("get", "post", "put", "delete", "patch", "head")
        return {
            verb.upper()
            for verb in verbs
            if getattr(type(self), verb) is not getattr(SavuHandler, verb)
        } | {"OPTIONS"}
