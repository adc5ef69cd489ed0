"""Queues and jobs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from jupyter_server.auth.decorator import authorized
from sqlalchemy.exc import SQLAlchemyError
from tornado.web import authenticated

from jupyterlab_savu.faults import Fault
from jupyterlab_savu.jobs.submission import Submission
from jupyterlab_savu.routes import parameters
from jupyterlab_savu.routes.base import SavuHandler

_Arguments = ParamSpec("_Arguments")
_Value = TypeVar("_Value")


class _JobsHandler(SavuHandler):
    # a job runs programs on the server's account, as a kernel does
    auth_resource = "savu-jobs"

    async def call(
        self,
        function: Callable[_Arguments, _Value],
        *args: _Arguments.args,
        **kwargs: _Arguments.kwargs,
    ) -> _Value:
        def call_with_store() -> _Value:
            self.services.jobs.wait_for_start()
            try:
                return function(*args, **kwargs)
            except SQLAlchemyError as error:
                self.log.error("the database of jobs cannot be used: %s", error)
                raise Fault(
                    "The database of jobs cannot be used at the moment. The jobs themselves go "
                    "on. Ask again in a few seconds; if this stays, tell the person who set up "
                    "this server: its log tells why.",
                    status=503,
                    reason="busy",
                ) from None

        return await super().call(call_with_store)


class QueuesHandler(_JobsHandler):
    @authenticated
    @authorized
    async def get(self) -> None:
        self.answer({"items": await self.call(self.services.jobs.queues)})


class ScriptHandler(_JobsHandler):
    @authenticated
    @authorized
    async def post(self, queue: str) -> None:
        asked = await self.body(parameters.ScriptRequest)
        jobs = self.services.jobs
        script = await self.call(jobs.script, queue, asked.resources, asked.values)
        self.answer({"script": script})


class PlansHandler(_JobsHandler):
    @authenticated
    @authorized
    async def post(self) -> None:
        asked = await self.body(parameters.Submission)
        submission = _submission(asked, scans=(asked.data.model_dump(),))
        self.answer({"plan": await self.call(self.services.jobs.plan, submission)})


class JobsHandler(_JobsHandler):
    @authenticated
    @authorized
    async def get(self) -> None:
        asked = self.query(parameters.JobSearch)
        jobs = self.services.jobs
        # a page may be large: its text is made in the thread, too
        page = await self.call(
            lambda: parameters.text(jobs.page(asked.active, asked.group, asked.limit, asked.cursor))
        )
        self.answer_text(page)

    @authenticated
    @authorized
    async def post(self) -> None:
        asked = await self.body(parameters.Submission)
        submission = _submission(asked, scans=(asked.data.model_dump(),))
        jobs, new = await self.call(self.services.jobs.submit, submission)
        self.answer(jobs[0].to_api(), 201 if new else 200)


class JobGroupsHandler(_JobsHandler):
    @authenticated
    @authorized
    async def post(self) -> None:
        asked = await self.body(parameters.GroupSubmission)
        scans = tuple(scan.model_dump() for scan in asked.scans)
        submission = _submission(asked, scans=scans, together=True)

        def submit() -> tuple[str, bool]:
            jobs, new = self.services.jobs.submit(submission)
            told = {"group": jobs[0].record.group, "items": [job.to_api() for job in jobs]}
            # of many jobs this is a long text
            return parameters.text(told), new

        told, new = await self.call(submit)
        self.set_status(201 if new else 200)
        self.answer_text(told)


class JobHandler(_JobsHandler):
    @authenticated
    @authorized
    async def get(self, job_id: str) -> None:
        self.answer((await self.call(self.services.jobs.get, job_id)).to_api())

    @authenticated
    @authorized
    async def delete(self, job_id: str) -> None:
        await self.call(self.services.jobs.remove, job_id)
        self.set_status(204)
        self.finish()


class CancelHandler(_JobsHandler):
    @authenticated
    @authorized
    async def post(self, job_id: str) -> None:
        self.answer((await self.call(self.services.jobs.cancel, job_id)).to_api(), 202)


class RunAgainHandler(_JobsHandler):
    @authenticated
    @authorized
    async def post(self, job_id: str) -> None:
        asked = await self.body(parameters.RunAgain)
        jobs = self.services.jobs
        job, new = await self.call(jobs.run_again, job_id, asked.queue, asked.key)
        self.answer(job.to_api(), 201 if new else 200)


class ResumeHandler(_JobsHandler):
    @authenticated
    @authorized
    async def post(self, job_id: str) -> None:
        self.answer((await self.call(self.services.jobs.resume, job_id)).to_api(), 201)


class DataHandler(_JobsHandler):
    @authenticated
    @authorized
    async def get(self, job_id: str) -> None:
        told = await self.call(self.services.jobs.data, job_id)
        self.set_header("ETag", f'"{told["hash"]}"')
        self.answer(told)

    @authenticated
    @authorized
    async def delete(self, job_id: str) -> None:
        jobs = self.services.jobs
        expected = self.expected_hash()
        self.answer(await self.call(jobs.delete_data, job_id, expected, self.deletes_to_trash))

    def compute_etag(self) -> None:
        """The hash of the folder is the ETag; Tornado must not compute one of the answer."""


class ListHandler(_JobsHandler):
    @authenticated
    @authorized
    async def get(self, job_id: str) -> None:
        self.answer(await self.call(self.services.jobs.list_as_run, job_id))


class RecordHandler(_JobsHandler):
    @authenticated
    @authorized
    async def get(self, job_id: str) -> None:
        self.answer(await self.call(self.services.jobs.record, job_id))


class OutputsHandler(_JobsHandler):
    @authenticated
    @authorized
    async def get(self, job_id: str) -> None:
        self.answer({"items": await self.call(self.services.jobs.outputs, job_id)})


class LogHandler(_JobsHandler):
    @authenticated
    @authorized
    async def get(self, job_id: str) -> None:
        asked = self.query(parameters.LogRange)
        jobs = self.services.jobs
        self.answer(await self.call(jobs.log, job_id, asked.log, asked.offset, asked.length))


def _submission(asked: parameters.Submitted, **more: Any) -> Submission:
    content = asked.plist.content
    return Submission(
        queue=asked.queue,
        plist={"root": asked.plist.root, "path": asked.plist.path},
        content=None if content is None else content.model_dump(),
        rows=asked.rows,
        resources=asked.resources,
        values=asked.values,
        key=asked.key,
        **more,
    )
