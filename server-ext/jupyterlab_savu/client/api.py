"""The nouns and verbs of the API."""

from __future__ import annotations

import builtins
import io
import json
from collections.abc import Iterable, Mapping
from itertools import islice
from types import TracebackType
from typing import Any

import numpy as np

from jupyterlab_savu.client.connection import Connection, SavuError, find_server
from jupyterlab_savu.client.job import Job, JobGroup
from jupyterlab_savu.client.places import AnyPath, Place, find, inside
from jupyterlab_savu.client.process_list import ProcessList, decode
from jupyterlab_savu.client.selecting import Selection, text_of
from jupyterlab_savu.client.showing import JOBS, Table, fields
from jupyterlab_savu.client.view import View
from jupyterlab_savu.client.volume import SliceReader, Volume
from savu_core import catalogue, model


class Savu:
    """A Jupyter server with jupyterlab-savu.

    Without arguments it is the server that runs this notebook, or that shows the current folder.
    How files are named, `place` tells.
    """

    def __init__(self, url: str | None = None, token: str | None = None) -> None:
        self.connection = Connection(find_server(url, token))
        self.slices = SliceReader(self.connection)

    def __enter__(self) -> Savu:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.connection.close()

    def __repr__(self) -> str:
        return f"Savu({self.connection.url!r})"

    def info(self) -> dict[str, Any]:
        """The version, the roots and the engines of the server."""
        told: dict[str, Any] = self.connection.get("info")
        return told

    def plugins(self, q: str = "") -> builtins.list[dict[str, Any]]:
        """The plugins whose name, category or summary holds all words of `q`."""
        found = self.connection.pages("plugins", q=q)
        return Table(found, fields(Plugin="name", Category="category", Summary="summary"))

    def plugin(self, name: str) -> dict[str, Any]:
        """One plugin with its parameters."""
        told: dict[str, Any] = self.connection.get("plugins", name)
        return told

    def file(self, path: AnyPath) -> dict[str, Any]:
        """What a file is: a list, a scan, a result, or something else."""
        told: dict[str, Any] = self.connection.get("files", **self.place(path).to_json())
        return told

    def lists(self, below: AnyPath = "", q: str = "") -> builtins.list[dict[str, Any]]:
        """The process lists below a folder whose path holds all words of `q`."""
        folder = self.place(below)
        found = self.connection.pages("process-lists", root=folder.root, below=folder.path, q=q)
        return Table(found, fields(Path="path", Plugins="plugins"))

    def datasets(
        self, below: AnyPath = "", q: str = "", kind: str = "scan"
    ) -> builtins.list[dict[str, Any]]:
        """The scans, or with `kind` ``result`` the results, below a folder."""
        folder = self.place(below)
        found = self.connection.pages(
            "datasets", root=folder.root, below=folder.path, q=q, kind=kind
        )
        return Table(found, fields(Path="path", Dataset="dataset", Shape="shape"))

    def list(self, path: AnyPath) -> ProcessList:
        """The process list in a file."""
        at = self.place(path)
        return decode(self, at, self.connection.get("process-lists", "content", **at.to_json()))

    def create_list(self, path: AnyPath, plugins: builtins.list[str]) -> ProcessList:
        """A new file with these plugins, with their defaults.

        Raises:
            SavuError: also when there is a file (reason ``exists``).
        """
        made = model.ProcessList()
        for number, name in enumerate(plugins, 1):
            try:
                made.plugins.append(catalogue.new_plugin(name, str(number)))
            except KeyError:
                raise SavuError(f"There is no plugin {name!r}.", reason="not_found") from None
        at = self.place(path)
        self.connection.request(
            "POST", "process-lists", "content", query=at.to_json(), body=made.to_json()
        )
        return self.list(at)

    def delete_list(self, path: AnyPath) -> Place | None:
        """Delete a process list.

        Returns:
            Where the file was put; None when it is in the trash of the server.
        """
        at = self.place(path).to_json()
        known = self.connection.get("process-lists", "content", **at)["hash"]
        answer = self.connection.request(
            "DELETE", "process-lists", "content", query=at, headers={"If-Match": f'"{known}"'}
        )
        kept = answer.json()["kept"]
        return None if kept is None else Place(**kept)

    def metadata(self, path: AnyPath, dataset: str = "/") -> dict[str, Any]:
        """What an HDF5 object is: its shape and type, or its members, and its attributes."""
        at = self.place(path)
        told: dict[str, Any] = self.connection.get(
            "data", "meta", "", root=at.root, file=at.path, path=inside(dataset)
        )
        return told

    def read(self, path: AnyPath, dataset: str, selection: Selection | None = None) -> np.ndarray:
        """The numbers of a dataset, or of the part `selection` of it."""
        at = self.place(path)
        answer = self.connection.request(
            "GET",
            "data",
            "data",
            "",
            query={
                "root": at.root,
                "file": at.path,
                "path": inside(dataset),
                "selection": text_of(selection, lambda: len(self.metadata(at, dataset)["shape"])),
                "format": "npy",
            },
        )
        values: np.ndarray = np.load(io.BytesIO(answer.content), allow_pickle=False)
        return values

    def volumes(self, path: AnyPath) -> builtins.list[dict[str, Any]]:
        """The datasets of a file that can be looked at in slices, those of most interest first:
        ``path``, ``title``, ``shape``, ``dtype`` and ``kind`` of each."""
        at = self.place(path)
        answer = self.connection.get("slices", "volumes", root=at.root, file=at.path)
        return Table(
            answer["items"], fields(Dataset="path", Kind="kind", Shape="shape", Type="dtype")
        )

    def volume(self, path: AnyPath, dataset: str | None = None) -> Volume:
        """A dataset, to be read in parts: ``volume[..., 12]``.

        Args:
            path: the file.
            dataset: the path in it; by default the dataset of most interest.

        Raises:
            SavuError: there is none, or it holds no numbers in two or more dimensions.
        """
        at = self.place(path)
        if dataset is None:
            known = self.volumes(at)
            if not known:
                raise SavuError(
                    f"{at} has no dataset in two or more dimensions; `metadata` tells what it "
                    "has, and `read` reads it.",
                    reason="not_found",
                )
            dataset = known[0]["path"]
        told = self.connection.get(
            "slices", "volume", root=at.root, file=at.path, path=inside(dataset)
        )
        return Volume(self, at, told)

    def view(
        self,
        path: AnyPath,
        dataset: str | None = None,
        *,
        slice: Selection | None = None,  # noqa: A002 - the word of the field
        axis: int | str | None = None,
        height: int | None = None,
    ) -> View:
        """The slice view of the browser, in the cell whose value this is.

        Args:
            path: the file.
            dataset: the path in it; by default the dataset of most interest.
            slice: where to begin: a number along `axis`, or as in ``volume[...]``, for example
                ``numpy.s_[:, 45]`` or ``":,45,:"``. In the middle by default.
            axis: what a number counts along, by number or name; by default the axis that the
                most telling plane steps along.
            height: of the view, in pixels.

        Raises:
            SavuError: there is no such file, dataset or axis.
            IndexError: there is no such slice.
        """
        at = self.place(path)
        if dataset is None and slice is None and axis is None and not self.volumes(at):
            return View(self, at, height=height)
        return self.volume(at, dataset).view(slice=slice, axis=axis, height=height)

    def value(self, dtype: str, text: str) -> Any:
        """What a text means that is typed for a parameter of a type, as ``mod`` takes it.

        Raises:
            SavuError: when it is not right, saying what is expected.
        """
        told = self._post("values", {"dtype": dtype, "text": text})
        if told["expected"] is not None:
            raise SavuError(f"{text!r}: expected is {told['expected']}.", reason="invalid")
        return json.loads(told["value"])

    def tuning(self, dtype: str, text: str) -> builtins.list[Any]:
        """The values that a tuning such as ``80:90:2`` stands for.

        Raises:
            SavuError: when it is none, or not of the type.
        """
        told = self._post("values/tuning", {"dtype": dtype, "text": text})
        if told["expected"] is not None:
            raise SavuError(f"{text!r}: expected is {told['expected']}.", reason="invalid")
        return [json.loads(value) for value in told["values"]]

    def preview(self, entries: builtins.list[str], data: AnyPath) -> dict[str, Any]:
        """What a preview takes of each dimension of a scan, and its shape."""
        body = {"preview": json.dumps(entries), "data": self.place(data).to_json()}
        return self._post("values/preview", body)

    def location(self, path: AnyPath) -> str:
        """Where programs on the server find a file or folder."""
        found: str = self.connection.get("locations", **self.place(path).to_json())["location"]
        return found

    def place(self, path: AnyPath) -> Place:
        """The place of a file or folder.

        A text is relative to Jupyter's folder, or ``root:path`` in another root; what is not
        there is looked for in the folder of the notebook. With ``./`` or ``../`` it is relative
        to the folder of the notebook at once, as is a `pathlib.Path`; both may be absolute.

        Raises:
            SavuError: the server shows no folder that holds it.
        """
        found = find(path, self.place_of, self._is_there)
        if found is None:
            raise SavuError(
                f"{path} lies in no folder that the server shows. `info` tells its roots; "
                "the person who set it up can add one.",
                reason="not_found",
            )
        return found

    def _is_there(self, at: Place) -> bool:
        try:
            return bool(self.location(at))
        except SavuError as error:
            if error.status != 404:
                raise
            return False

    def place_of(self, location: str) -> Place | None:
        """The place of what programs find at an absolute path; None where it is shown nowhere."""
        found = self.connection.get("places", location=location)["place"]
        return None if found is None else Place(**found)

    def list_of_template(self, path: AnyPath) -> Place | None:
        """The process list of a ``.savu`` file; None where there is no such list."""
        found = self.connection.get("templates", "content", **self.place(path).to_json())["list"]
        return None if found is None else Place(**found)

    def _post(self, route: str, body: dict[str, Any]) -> dict[str, Any]:
        told: dict[str, Any] = self.connection.request("POST", *route.split("/"), body=body).json()
        return told

    def queues(self) -> builtins.list[dict[str, Any]]:
        """The queues that jobs can be sent to."""
        told: builtins.list[dict[str, Any]] = self.connection.get("queues")["items"]
        return told

    def script(
        self,
        queue: str,
        resources: Mapping[str, int] | None = None,
        values: Mapping[str, str] | None = None,
    ) -> str | None:
        """What `submit` would hand to the scheduler of a queue; None where there is none."""
        body = _asked(resources, values)
        told = self.connection.request("POST", "queues", queue, "script", body=body).json()
        script: str | None = told["script"]
        return script

    def submit(
        self,
        process_list: AnyPath | ProcessList,
        data: AnyPath,
        queue: str = "preview",
        *,
        rows: str | None = None,
        key: str | None = None,
        resources: Mapping[str, int] | None = None,
        values: Mapping[str, str] | None = None,
    ) -> Job:
        """Run a list on a scan; a list with unsaved edits runs as it is.

        Args:
            process_list: a path, or a list.
            data: the scan.
            queue: where it runs.
            rows: the rows to run on, as in a preview: ``60:68``, or ``:`` for all. By default
                those that the queue takes. The list itself is not changed.
            key: a second submission with the same one answers the first one's job.
            resources: what is asked of a scheduler, of what the queue offers: nodes, tasks,
                cpus, memory (MiB), gpus, minutes.
            values: for the script, of those that the queue lets users set.
        """
        body = {
            **self._submitted(process_list, queue, rows, key),
            **_asked(resources, values),
            "data": self.place(data).to_json(),
        }
        return Job(self, self.connection.request("POST", "jobs", body=body).json())

    def plan(
        self,
        process_list: AnyPath | ProcessList,
        data: AnyPath,
        queue: str = "full",
        *,
        rows: str | None = None,
    ) -> dict[str, Any] | None:
        """What `submit` would run, without running it, to about a factor of two: ``passes`` (each
        with plugins, workers, memory of a worker in bytes, seconds), ``results`` (name, shape,
        dtype, bytes), ``disk`` in bytes, ``seconds``. None where the engine does not tell."""
        body = self._submitted(process_list, queue, rows, None)
        plan: dict[str, Any] | None = self._post(
            "plans", {**body, "data": self.place(data).to_json()}
        )["plan"]
        return plan

    def submit_many(
        self,
        process_list: AnyPath | ProcessList,
        scans: Iterable[AnyPath],
        queue: str = "full",
        *,
        rows: str | None = None,
        key: str | None = None,
        resources: Mapping[str, int] | None = None,
        values: Mapping[str, str] | None = None,
    ) -> JobGroup:
        """Run a list on each of many scans, or on none if it cannot run on one of them."""
        body = {
            **self._submitted(process_list, queue, rows, key),
            **_asked(resources, values),
            "scans": [self.place(scan).to_json() for scan in scans],
        }
        told = self.connection.request("POST", "job-groups", body=body).json()
        return JobGroup(told["group"], [Job(self, job) for job in told["items"]])

    def jobs(
        self, active: bool | None = None, limit: int | None = 100, group: str | None = None
    ) -> builtins.list[Job]:
        """The newest jobs, or with `limit` None all; only those that go on, or only those that
        have ended, by `active`, and only those of a `group`."""
        size = 1000 if limit is None else min(limit, 1000)
        found = self.connection.pages("jobs", active=active, group=group, limit=size)
        return Table((Job(self, told) for told in islice(found, limit)), JOBS)

    def job(self, job_id: str) -> Job:
        """One job."""
        return Job(self, self.connection.get("jobs", job_id))

    def _submitted(
        self, process_list: AnyPath | ProcessList, queue: str, rows: str | None, key: str | None
    ) -> dict[str, Any]:
        if isinstance(process_list, ProcessList):
            if process_list.place is None:
                raise SavuError("The list has no file yet: save it first.", reason="no_file")
            listed: dict[str, Any] = dict(process_list.place.to_json())
            if process_list.edited:
                listed["content"] = process_list.to_json()
        else:
            listed = dict(self.place(process_list).to_json())
        return {"queue": queue, "list": listed, "rows": rows, "key": key}


def _asked(resources: Mapping[str, int] | None, values: Mapping[str, str] | None) -> dict[str, Any]:
    return {"resources": dict(resources or {}), "values": dict(values or {})}
