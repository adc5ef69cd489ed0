"""Slices of datasets, as values."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado.iostream import StreamClosedError
from tornado.web import authenticated

from jupyterlab_savu.data.slices.service import Answer
from jupyterlab_savu.faults import Fault
from jupyterlab_savu.routes import parameters
from jupyterlab_savu.routes.base import Refused, SavuHandler


class _SliceHandler(SavuHandler):
    _reading: asyncio.Task[Any] | None = None
    _gone = False

    def on_connection_close(self) -> None:
        self._gone = True
        if self._reading is not None:
            self._reading.cancel()
        super().on_connection_close()

    async def slice(self, asked: parameters.PlaneOf, operation: str, **more: Any) -> None:
        """Answer what the service says; a client that has gone stops it."""
        try:
            self._reading = asyncio.current_task()
            async with self.services.slices.answer(asked.asked(operation, **more)) as answer:
                await self.send(answer)
        except Fault as fault:
            raise Refused(fault) from None
        except asyncio.CancelledError:
            if not self._gone:
                raise

    async def send(self, answer: Answer) -> None:
        self.answer({k: v for k, v in answer.told.items() if k not in ("tag", "same")})


class SliceHandler(_SliceHandler):
    @authenticated
    @authorized
    async def get(self) -> None:
        asked = self.query(parameters.Slice)
        known = self.request.headers.get("If-None-Match")
        await self.slice(
            asked,
            "values",
            as_bytes=asked.bits is not None,
            contrast=asked.contrast,
            known=known,
        )

    async def send(self, answer: Answer) -> None:
        told = dict(answer.told)
        tag, same = told.pop("tag"), told.pop("same")
        if tag is not None:
            self.set_header("Etag", tag)
            self.set_header("Cache-Control", "private, no-cache")
        if same:
            self.set_status(304)
            self.finish()
            return
        self.set_header("Savu-Slice", json.dumps(told))
        self.set_header("Content-Type", "application/octet-stream")
        self.set_header("Content-Length", str(len(answer.values)))
        connection: Any = self.request.connection
        try:
            self.flush()
            # the memory as it is: a copy of it would cost as much as reading it
            await connection.write(answer.values)
            self.finish(set_content_type="application/octet-stream")
        except StreamClosedError:
            return


class StatisticsHandler(_SliceHandler):
    @authenticated
    @authorized
    async def get(self) -> None:
        asked = self.query(parameters.SliceStatistics)
        await self.slice(asked, "statistics", bins=asked.bins)


class ProfileHandler(_SliceHandler):
    @authenticated
    @authorized
    async def get(self) -> None:
        asked = self.query(parameters.SliceProfile)
        await self.slice(asked, "profile", start=asked.line[:2], stop=asked.line[2:])


class VolumesHandler(SavuHandler):
    @authenticated
    @authorized
    async def get(self) -> None:
        asked = self.query(parameters.DataFile)
        self.answer(await self.call(self.services.files.volumes, asked.root, asked.file))


class VolumeHandler(SavuHandler):
    @authenticated
    @authorized
    async def get(self) -> None:
        asked = self.query(parameters.Volume)
        self.answer(await self.call(self.services.files.volume, asked.root, asked.file, asked.path))


class FramesHandler(SavuHandler):
    @authenticated
    @authorized
    async def get(self) -> None:
        asked = self.query(parameters.Volume)
        self.answer(await self.call(self.services.files.frames, asked.root, asked.file, asked.path))


class GrowthHandler(SavuHandler):
    @authenticated
    @authorized
    async def get(self) -> None:
        asked = self.query(parameters.Volume)
        self.answer(await self.call(self.services.files.growth, asked.root, asked.file, asked.path))
