"""HDF5 files in H5Grove's interface, which h5web speaks."""

from __future__ import annotations

from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyterlab_savu.routes import parameters
from jupyterlab_savu.routes.base import SavuHandler


class _DataHandler(SavuHandler):
    async def ask(self, name: str, asked: parameters.DataObject, **arguments: Any) -> None:
        files = self.services.files
        frame = await self.call(
            files.question, name, asked.root, asked.file, path=asked.path, **arguments
        )
        headers = dict(frame.header["headers"])
        content_type = headers.pop("Content-Type")
        for header, value in headers.items():
            self.set_header(header, value)
        self.answer_bytes(frame.body, content_type)


class MetadataHandler(_DataHandler):
    @authenticated
    @authorized
    async def get(self) -> None:
        asked = self.query(parameters.Metadata)
        await self.ask("meta", asked, resolve_links=asked.resolve_links)


class AttributesHandler(_DataHandler):
    @authenticated
    @authorized
    async def get(self) -> None:
        asked = self.query(parameters.Attributes)
        await self.ask("attr", asked, keys=asked.attr_keys)


class ValuesHandler(_DataHandler):
    @authenticated
    @authorized
    async def get(self) -> None:
        asked = self.query(parameters.Values)
        await self.ask(
            "data",
            asked,
            selection=asked.selection,
            encoding=asked.encoding,
            dtype=asked.dtype,
            flatten=asked.flatten,
        )


class StatisticsHandler(_DataHandler):
    @authenticated
    @authorized
    async def get(self) -> None:
        asked = self.query(parameters.Selected)
        await self.ask("stats", asked, selection=asked.selection)


class PathsHandler(_DataHandler):
    @authenticated
    @authorized
    async def get(self) -> None:
        await self.ask("paths", self.query(parameters.DataObject))
