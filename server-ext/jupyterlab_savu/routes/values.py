"""What typed values, tunings and previews mean."""

from __future__ import annotations

from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyterlab_savu.routes import parameters
from jupyterlab_savu.routes.base import SavuHandler, Services


class ValueHandler(SavuHandler):
    @authenticated
    @authorized
    async def post(self) -> None:
        asked = (await self.body(parameters.TypedValue)).model_dump()
        self.answer(await self.call(self.services.files.judge, "value.read", **asked))


class TuningHandler(SavuHandler):
    @authenticated
    @authorized
    async def post(self) -> None:
        asked = (await self.body(parameters.TypedValue)).model_dump()
        self.answer(await self.call(self.services.files.judge, "value.tune", **asked))


class PreviewHandler(SavuHandler):
    @authenticated
    @authorized
    async def post(self) -> None:
        asked = await self.body(parameters.PreviewOf)
        self.answer(await self.call(_preview, self.services, asked))


def _preview(services: Services, asked: parameters.PreviewOf) -> dict[str, Any]:
    data = None
    if asked.data is not None:
        data = str(services.files.roots.locate_file(asked.data.root, asked.data.path).path)
    taken: dict[str, Any] = services.files.call(
        "files",
        "value.preview",
        preview=asked.preview,
        data=data,
        data_path=asked.data_path,
        loaded=asked.loaded,
        roots=services.files.roots.to_json(),
    )
    return taken
