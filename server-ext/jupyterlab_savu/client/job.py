"""A job of the server."""

from __future__ import annotations

import builtins
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from jupyterlab_savu.client.connection import SavuError
from jupyterlab_savu.client.places import Place
from jupyterlab_savu.client.showing import JOBS, Table, follower, job_html

if TYPE_CHECKING:
    import numpy as np

    from jupyterlab_savu.client.api import Savu
    from jupyterlab_savu.client.process_list import ProcessList
    from jupyterlab_savu.client.selecting import Selection
    from jupyterlab_savu.client.view import View
    from jupyterlab_savu.client.volume import Volume

_FINAL = ("succeeded", "failed", "cancelled")
_LOG_PART = 1048576
#: Seconds that a wait outlasts a server which is away, as when it is started again.
_PATIENCE = 60.0


class JobFailed(SavuError):  # noqa: N818 - says what happened
    """A job did not succeed; the message is the engine's. `job` is the job."""

    def __init__(self, job: Job) -> None:
        message = job.message or f"The job was {job.state}."
        super().__init__(message, reason=job.reason or "unknown")
        self.job = job


class Result:
    """What a job has made: a file, and the path of the main dataset in it."""

    def __init__(self, savu: Savu, told: dict[str, Any]) -> None:
        self._savu = savu
        self.place = Place(told["root"], told["path"])
        self.dataset: str | None = told["dataset"]

    @property
    def path(self) -> str:
        return self.place.path

    def read(self, selection: Selection | None = None) -> np.ndarray:
        """The values of the main dataset, or of a part of it (see `Savu.read`)."""
        if self.dataset is None:
            raise SavuError(f"{self.place} has no main dataset; read one with Savu.read.")
        return self._savu.read(self.place, self.dataset, selection)

    def volume(self) -> Volume:
        """The main dataset, or else that of most interest, to be read in parts."""
        return self._savu.volume(self.place, self.dataset)

    def view(self, **how: Any) -> View:
        """The slice view of the main dataset, with the arguments of `Savu.view`."""
        return self._savu.view(self.place, self.dataset, **how)

    def __repr__(self) -> str:
        return f"Result({str(self.place)!r}, dataset={self.dataset!r})"


class Job:
    """A job as the server told it last; `refresh` and `wait` ask again."""

    def __init__(self, savu: Savu, told: dict[str, Any]) -> None:
        self._savu = savu
        self._told = told

    @property
    def id(self) -> str:
        return str(self._told["id"])

    @property
    def name(self) -> str:
        """The name of the process list."""
        return str(self._told["name"])

    @property
    def state(self) -> str:
        """created, queued, starting, running, finishing, succeeded, failed or cancelled."""
        return str(self._told["state"])

    @property
    def reason(self) -> str | None:
        reason: str | None = self._told["reason"]
        return reason

    @property
    def message(self) -> str | None:
        message: str | None = self._told["message"]
        return message

    @property
    def progress(self) -> float:
        """From 0 to 1."""
        return float(self._told["progress"])

    @property
    def ended(self) -> bool:
        return self.state in _FINAL

    @property
    def result(self) -> Result | None:
        """What the job has made, once it has succeeded."""
        told = self._told["result"]
        return None if told is None else Result(self._savu, told)

    @property
    def folder(self) -> Place:
        """The run folder."""
        return Place(self._told["folder"]["root"], self._told["folder"]["path"])

    def to_json(self) -> dict[str, Any]:
        """All that the API tells."""
        return dict(self._told)

    def refresh(self) -> Job:
        """Ask the server for the present state."""
        self._told = self._savu.connection.get("jobs", self.id)
        return self

    def wait(
        self,
        progress: bool | Callable[[Job], None] = False,
        timeout: float | None = None,
        interval: float = 0.5,
    ) -> Job:
        """Wait for the end, and return the job; a server that is away for a minute is waited for.

        Args:
            progress: called with the job whenever it has changed; True draws it anew each time in a
                notebook, and prints a line elsewhere.
            timeout: in seconds; without it, the wait has no end of its own.
            interval: seconds between two looks.

        Raises:
            JobFailed: the job failed or was cancelled.
            SavuError: the server does not tell of it.
            TimeoutError: it goes on after `timeout`.
        """
        tell = follower() if progress is True else progress or None
        deadline = None if timeout is None else time.monotonic() + timeout
        before: tuple[str, float] | None = None
        while True:
            self._refresh_patiently(deadline)
            if tell is not None and before != (self.state, self.progress):
                before = (self.state, self.progress)
                tell(self)
            if self.ended:
                break
            if deadline is not None and time.monotonic() > deadline:
                raise TimeoutError(f"job {self.id} is still {self.state} after {timeout:g} s")
            time.sleep(interval)
        if self.state != "succeeded":
            raise JobFailed(self)
        return self

    def _refresh_patiently(self, deadline: float | None) -> None:
        given_up = time.monotonic() + _PATIENCE
        given_up = given_up if deadline is None else min(given_up, deadline)
        while True:
            try:
                self.refresh()
                return
            except SavuError as error:
                passing = error.reason in ("unreachable", "busy")
                if not passing or time.monotonic() > given_up:
                    raise
            time.sleep(1)

    def cancel(self) -> Job:
        """Ask the job to end; no effect on one that has."""
        self._told = self._savu.connection.request("POST", "jobs", self.id, "cancel").json()
        return self

    def remove(self) -> None:
        """Take a job that has ended off the list of jobs; its run folder stays."""
        self._savu.connection.request("DELETE", "jobs", self.id)

    def data(self) -> dict[str, Any]:
        """The run folder: what `delete_data` would throw away, as ``files`` and ``size`` in
        bytes."""
        told: dict[str, Any] = self._savu.connection.get("jobs", self.id, "data")
        return told

    def delete_data(self) -> Place | None:
        """Throw away the run folder of a job that has ended; the job stays listed.

        Returns:
            The folder that holds it now, or None when it is in the trash.
        """
        told = self._savu.connection.request(
            "DELETE", "jobs", self.id, "data", headers={"If-Match": f'"{self.data()["hash"]}"'}
        ).json()
        self.refresh()
        place = told["folder"]
        return None if place is None else Place(place["root"], place["path"])

    def run_again(self, queue: str | None = None, *, key: str | None = None) -> Job:
        """Submit what this job ran once more, by default to the same queue."""
        told = self._savu.connection.request(
            "POST", "jobs", self.id, "run-again", body={"queue": queue, "key": key}
        )
        return Job(self._savu, told.json())

    def resume(self) -> Job:
        """Go on with a run that failed or was cancelled, after its last checkpoint.

        Raises:
            SavuError: there is nothing to go on with (reason ``no_checkpoint``).
        """
        told = self._savu.connection.request("POST", "jobs", self.id, "resume")
        return Job(self._savu, told.json())

    def list(self) -> ProcessList:
        """The process list that runs, restricted as it was for this job."""
        # the lists submit jobs
        from jupyterlab_savu.client.process_list import decode

        told = self._savu.connection.get("jobs", self.id, "list")
        source = self._told["list"]
        return decode(self._savu, Place(source["root"], source["path"]), told)

    def record(self) -> dict[str, Any]:
        """What was submitted: command, engine and its version, host and run folder."""
        told: dict[str, Any] = self._savu.connection.get("jobs", self.id, "record")
        return told

    def outputs(self) -> builtins.list[Result]:
        """All that the job has made so far, final results first."""
        told = self._savu.connection.get("jobs", self.id, "outputs")["items"]
        return [Result(self._savu, output) for output in told]

    def view(self, **how: Any) -> View:
        """The slice view of the result, or of what there is so far, with the arguments of
        `Savu.view`.

        Raises:
            SavuError: there is nothing yet (reason ``not_found``).
        """
        result = self.refresh().result or next(iter(self.outputs()), None)
        if result is None:
            raise SavuError(
                f"The job has made nothing to look at yet; it is {self.state}. "
                "Wait for it with `wait`, and read its `log` if it has failed.",
                reason="not_found",
            )
        return result.view(**how)

    def log(self, which: str = "user") -> str:
        """The engine's messages for users, or with ``full`` all that it printed."""
        return self.log_since(0, which)[0]

    def log_since(self, offset: int, which: str = "user") -> tuple[str, int]:
        """What a log holds from byte `offset` on, and the offset to go on with."""
        texts = []
        while True:
            part = self._savu.connection.get(
                "jobs", self.id, "log", log=which, offset=offset, length=_LOG_PART
            )
            texts.append(part["text"])
            done = part["next"] == offset or part["next"] >= part["size"]
            offset = part["next"]
            if done:
                return "".join(texts), offset

    @property
    def group(self) -> str | None:
        """What the jobs of one submission of many scans share."""
        group: str | None = self._told["group"]
        return group

    def __repr__(self) -> str:
        return f"Job({self.id!r}, {self.name!r}, {self.state}, {100 * self.progress:.0f} %)"

    def _repr_html_(self) -> str:
        return job_html(self)


class JobGroup(Sequence[Job]):
    """The jobs that run one list on many scans, in the order of the scans."""

    def __init__(self, group_id: str, jobs: Sequence[Job]) -> None:
        self.id = group_id
        self._jobs = tuple(jobs)

    def __len__(self) -> int:
        return len(self._jobs)

    def __getitem__(self, index: Any) -> Any:
        return self._jobs[index]

    def __iter__(self) -> Iterator[Job]:
        return iter(self._jobs)

    def wait(
        self, progress: bool | Callable[[Job], None] = False, timeout: float | None = None
    ) -> JobGroup:
        """Wait until all have ended, and return the group.

        Args:
            progress: as in `Job.wait`.
            timeout: in seconds, for all of them together.

        Raises:
            JobFailed: one has failed or was cancelled; the others have ended as well.
            TimeoutError: one goes on after `timeout`.
        """
        tell = follower(self) if progress is True else progress
        deadline = None if timeout is None else time.monotonic() + timeout
        failed: JobFailed | None = None
        for job in self._jobs:
            left = None if deadline is None else max(deadline - time.monotonic(), 0)
            try:
                job.wait(tell, left)
            except JobFailed as failure:
                failed = failed or failure
        if failed is not None:
            raise failed
        return self

    def cancel(self) -> None:
        """Ask all of them to end."""
        for job in self._jobs:
            job.cancel()

    def __repr__(self) -> str:
        return f"JobGroup({self.id!r}, {list(self._jobs)!r})"

    def _repr_html_(self) -> str:
        return Table(self._jobs, JOBS)._repr_html_()
