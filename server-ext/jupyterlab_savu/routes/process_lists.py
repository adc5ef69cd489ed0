"""Process lists: find, read, write, delete, download and check them."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyterlab_savu.faults import Fault
from jupyterlab_savu.routes import parameters
from jupyterlab_savu.routes.base import SavuHandler, Services
from savu_core.checks import Problem


class ProcessListsHandler(SavuHandler):
    @authenticated
    @authorized
    async def get(self) -> None:
        await self.search("list", self.query(parameters.Search))


class ContentHandler(SavuHandler):
    @authenticated
    @authorized
    async def get(self) -> None:
        asked = self.query(parameters.File)
        stored = await self.call(self.services.files.read_list, asked.root, asked.path)
        self.set_header("ETag", f'"{stored["hash"]}"')
        self.answer(stored)

    @authenticated
    @authorized
    async def post(self) -> None:
        asked = self.query(parameters.File)
        plist = (await self.body(parameters.ProcessList)).model_dump()
        files = self.services.files
        self.answer(await self.call(files.create_list, asked.root, asked.path, plist), 201)

    @authenticated
    @authorized
    async def put(self) -> None:
        asked = self.query(parameters.File)
        plist = (await self.body(parameters.ProcessList)).model_dump()
        files = self.services.files
        expected = self.expected_hash()
        self.answer(await self.call(files.replace_list, asked.root, asked.path, plist, expected))

    @authenticated
    @authorized
    async def delete(self) -> None:
        asked = self.query(parameters.File)
        expected = self.expected_hash()
        files = self.services.files
        kept = await self.call(
            files.delete_list, asked.root, asked.path, expected, self.deletes_to_trash
        )
        self.answer({"kept": kept})

    def compute_etag(self) -> None:
        """The hash of the file is the ETag; Tornado must not compute one of the answer."""


class DownloadHandler(SavuHandler):
    @authenticated
    @authorized
    async def get(self) -> None:
        asked = self.query(parameters.File)
        name, content = await self.call(self.services.files.download_list, asked.root, asked.path)
        self.set_attachment_header(name)
        self.answer_bytes(content, "application/x-hdf5")


class CheckHandler(SavuHandler):
    @authenticated
    @authorized
    async def post(self) -> None:
        asked = await self.body(parameters.Check)
        self.answer(await self.call(_check, self.services, asked))


class CompareHandler(SavuHandler):
    @authenticated
    @authorized
    async def post(self) -> None:
        asked = await self.body(parameters.Comparison)
        sides = {"left": asked.left.model_dump(), "right": asked.right.model_dump()}
        self.answer(await self.call(self.services.files.call, "files", "list.compare", **sides))


class RefreshHandler(SavuHandler):
    @authenticated
    @authorized
    async def post(self) -> None:
        asked = await self.body(parameters.Refresh)
        self.answer(await self.call(_refresh, self.services, asked))


def _check(services: Services, asked: parameters.Check) -> dict[str, Any]:
    engine = runs = None
    if asked.queue is not None:
        runs = services.jobs.queue(asked.queue).engine
        engine = services.engines.capabilities(runs)
    data = None
    if asked.data is not None:
        data = str(services.files.roots.locate_file(asked.data.root, asked.data.path).path)
    savu = None if asked.savu is None else services.savus[asked.savu]
    plist = asked.plist.model_dump()
    verdict = services.files.judge(
        "list.check",
        plist=plist,
        supported=engine and engine.plugins,
        lacks=list(engine.lacks) if engine else [],
        data=data,
        facts=savu and savu.facts_for([plugin["name"] for plugin in plist["plugins"]]),
    )
    if savu is not None:
        found = [Problem(**problem) for problem in verdict["problems"]]
        # what runs on another engine is not stopped by what this Savu cannot do
        stops = runs is None or runs == savu.name
        verdict["problems"] += [
            asdict(problem if stops else replace(problem, severity="warning"))
            for problem in savu.judge(plist, found)
        ]
    return verdict


def _refresh(services: Services, asked: parameters.Refresh) -> dict[str, Any]:
    plist = asked.plist.model_dump()
    count = len(plist["plugins"])
    indices = list(range(count)) if asked.plugins is None else sorted(set(asked.plugins))
    if any(index >= count for index in indices):
        raise Fault(f"The list has {count} plugins, counted from 0.", place="/plugins")
    if asked.savu is not None:
        # what is no list must not reach Savu
        services.files.call("files", "list.validate", plist=plist)
        refreshed, notices = services.savus[asked.savu].refresh(
            plist, indices, defaults=asked.defaults
        )
    else:
        notices = []
        refreshed = services.files.call(
            "files", "list.refresh", plist=plist, indices=indices, defaults=asked.defaults
        )
    return {"list": refreshed, "notices": notices}
