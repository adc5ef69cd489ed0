"""What files are, and finding scans and results."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyterlab_savu.routes.base import SavuHandler
from jupyterlab_savu.routes.parameters import AnyPath, DatasetSearch, FileFacts, Location


class FileHandler(SavuHandler):
    @authenticated
    @authorized
    async def get(self) -> None:
        asked = self.query(FileFacts)
        files = self.services.files
        self.answer(await self.call(files.file, asked.root, asked.path, asked.hash))


class LocationHandler(SavuHandler):
    @authenticated
    @authorized
    async def get(self) -> None:
        asked = self.query(AnyPath)
        located = await self.call(self.services.files.roots.locate, asked.root, asked.path)
        self.answer({"location": str(located.path)})


class PlaceHandler(SavuHandler):
    @authenticated
    @authorized
    async def get(self) -> None:
        asked = self.query(Location)
        self.answer({"place": await self.call(self.services.files.roots.find, asked.location)})


class DatasetsHandler(SavuHandler):
    @authenticated
    @authorized
    async def get(self) -> None:
        asked = self.query(DatasetSearch)
        await self.search(asked.kind, asked)
