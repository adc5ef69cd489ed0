"""Lists with values to be filled in, and their ``.savu`` files."""

from __future__ import annotations

from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyterlab_savu.routes import parameters
from jupyterlab_savu.routes.base import SavuHandler, Services


class TemplateHandler(SavuHandler):
    @authenticated
    @authorized
    async def post(self) -> None:
        asked = (await self.body(parameters.Template)).model_dump()
        files = self.services.files
        self.answer(
            await self.call(files.call, "files", "template.resolve", list_path=None, **asked)
        )


class ContentHandler(SavuHandler):
    @authenticated
    @authorized
    async def get(self) -> None:
        asked = self.query(parameters.File)
        files = self.services.files
        self.answer(await self.call(files.list_of_template, asked.root, asked.path))

    @authenticated
    @authorized
    async def post(self) -> None:
        asked = self.query(parameters.File)
        body = await self.body(parameters.NewTemplate)
        self.answer(await self.call(_create, self.services, asked, body), 201)


def _create(
    services: Services, asked: parameters.File, body: parameters.NewTemplate
) -> dict[str, Any]:
    files = services.files
    told = body.model_dump()
    return files.create_template(
        asked.root,
        asked.path,
        files.roots.locate_new(body.place.root, body.place.path),
        told["plist"],
        told["values"],
    )
