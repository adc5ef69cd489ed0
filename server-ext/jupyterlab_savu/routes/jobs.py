"""Queues and jobs."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyterlab_savu.jobs.service import Submission
from jupyterlab_savu.routes import parameters
from jupyterlab_savu.routes.base import SavuHandler


class _JobsHandler(SavuHandler):
    # a job runs programs on the server's account, as a kernel does
    auth_resource = "savu-jobs"


class QueuesHandler(_JobsHandler):
    @authenticated
    @authorized
    async def get(self) -> None:
        self.answer({"items": await self.call(self.services.jobs.queues)})


class JobsHandler(_JobsHandler):
    @authenticated
    @authorized
    async def get(self) -> None:
        asked = self.query(parameters.JobSearch)
        jobs = self.services.jobs
        self.answer(await self.call(jobs.page, asked.active, asked.limit, asked.cursor))

    @authenticated
    @authorized
    async def post(self) -> None:
        asked = await self.body(parameters.Submission)
        content = asked.plist.content
        submission = Submission(
            queue=asked.queue,
            list_root=asked.plist.root,
            list_path=asked.plist.path,
            data_root=asked.data.root,
            data_path=asked.data.path,
            content=None if content is None else content.model_dump(),
            key=asked.key,
        )
        job, new = await self.call(self.services.jobs.submit, submission)
        self.answer(job.to_api(), 201 if new else 200)


class JobHandler(_JobsHandler):
    @authenticated
    @authorized
    async def get(self, job_id: str) -> None:
        self.answer((await self.call(self.services.jobs.get, job_id)).to_api())


class CancelHandler(_JobsHandler):
    @authenticated
    @authorized
    async def post(self, job_id: str) -> None:
        self.answer((await self.call(self.services.jobs.cancel, job_id)).to_api(), 202)


class LogHandler(_JobsHandler):
    @authenticated
    @authorized
    async def get(self, job_id: str) -> None:
        asked = self.query(parameters.LogRange)
        jobs = self.services.jobs
        self.answer(await self.call(jobs.log, job_id, asked.log, asked.offset, asked.length))
