"""The extension of the Jupyter server: configuration and wiring."""

from __future__ import annotations

import asyncio
import gc
import getpass
import hashlib
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from jupyter_core.paths import jupyter_data_dir
from jupyter_events import EventLogger
from jupyter_server.extension.application import ExtensionApp
from jupyter_server.serverapp import ServerApp
from sqlalchemy.exc import SQLAlchemyError
from traitlets import Dict, List, Unicode

from jupyterlab_savu import __version__, configuration
from jupyterlab_savu.bridge.connected import ConnectedSavu, ConnectedSavus
from jupyterlab_savu.configuration import ConfigurationError, Limits
from jupyterlab_savu.data.files import FileService
from jupyterlab_savu.data.pool import WorkerPool
from jupyterlab_savu.data.slices.service import SliceService
from jupyterlab_savu.events import JOB_EVENT, JOB_EVENT_SCHEMA
from jupyterlab_savu.faults import Fault
from jupyterlab_savu.jobs.backends.kinds import make_backends
from jupyterlab_savu.jobs.backends.local import LocalBackend
from jupyterlab_savu.jobs.engines import Engines
from jupyterlab_savu.jobs.service import JobService
from jupyterlab_savu.jobs.store import JobStore
from jupyterlab_savu.routes import HANDLERS, NOT_CONFIGURED
from jupyterlab_savu.routes.base import Services
from jupyterlab_savu.saving import pre_save_hook

_THREADS = 16


class SavuApp(ExtensionApp):
    """Serves the routes below ``savu/``, and runs jobs."""

    name = "jupyterlab_savu"
    extension_url = "/lab"
    load_other_extensions = True
    version = __version__

    roots = Dict(
        help="""Folders beside Jupyter's own that files may be in, by name:
        {'dls': {'path': '/dls', 'read_only': True}}""",
    ).tag(config=True)
    queues = List(
        configuration.DEFAULT_QUEUES,
        help="""Where jobs can be sent: dicts with name, title, description, backend ('local'
        or one of backends), engine, slots (jobs at once), restrict_rows (middle rows that lists
        are restricted to), options (further arguments for the engine) and, for schedulers,
        partition, account, template, values, choose, resources and shares.""",
    ).tag(config=True)
    engines = Dict(
        configuration.DEFAULT_ENGINES,
        help="""Engines by name: the argument list of a command that takes DATA LIST OUT -f NAME,
        and that answers --capabilities.""",
    ).tag(config=True)
    connected_savus = Dict(
        help="""Savus in interpreters of their own, by name: dicts with command (the argument list
        of the interpreter), folder (of Savu's packages where they are not installed), title, run
        (the command that runs lists), call_seconds and start_seconds.""",
    ).tag(config=True)
    backends = Dict(
        help="""Schedulers by name: dicts with kind ('slurm', 'gridengine' or one that another
        package adds) and, for those two, nodes (command nodes that are reached over SSH), user,
        keys, known_hosts, connect_seconds, command_seconds, environment, intervals, templates
        (folders), values (for templates) and python (on the compute nodes).""",
    ).tag(config=True)
    output_root = Unicode(
        "savu-runs",
        help="The folder of all run folders, relative to Jupyter's folder, or absolute in a root.",
    ).tag(config=True)
    job_store = Unicode(
        help="""The SQLAlchemy URL of the database of jobs, such as
        postgresql+pg8000://user@host/database. Without it, each output root has a file of SQLite
        in Jupyter's data folder.""",
    ).tag(config=True)
    limits = Dict(
        help="""What one request may cost: answer_size, worker_memory, slice_size and slice_cache in
        bytes, slices at once, request_seconds, data_workers, search_visits, search_seconds.""",
    ).tag(config=True)

    _services: Services | None = None
    _pool: WorkerPool | None = None

    def initialize_settings(self) -> None:
        try:
            self._services = self._make_services()
        except ConfigurationError as error:
            self.log.error("jupyterlab_savu is off: %s", error)
            self.settings["savu_configuration_error"] = str(error)
            return
        self.settings["savu_services"] = self._services
        self._events.register_event_schema(JOB_EVENT_SCHEMA)
        self._server.contents_manager.register_pre_save_hook(pre_save_hook(self._services.files))

    def initialize_handlers(self) -> None:
        self.handlers.extend(NOT_CONFIGURED if self._services is None else HANDLERS)

    async def _start_jupyter_server_extension(self, serverapp: Any) -> None:
        if self._services is None:
            return
        self._loop = asyncio.get_running_loop()
        # what the server consists of stays until its end: looking through it for garbage, now or
        # again and again, would keep the event loop for a tenth of a second each time
        gc.freeze()
        await asyncio.to_thread(self._services.jobs.start)
        # the first request shall not wait for processes to start
        self._services.threads.submit(self._warm_up, self._services)

    async def stop_extension(self) -> None:
        """End the worker processes and stop watching; jobs go on."""
        if self._services is None or self._pool is None:
            return
        services, self._services = self._services, None
        services.engines.close()
        services.savus.close()
        await asyncio.to_thread(services.jobs.close)
        await asyncio.to_thread(self._pool.close)
        await asyncio.to_thread(services.slices.close)
        services.threads.shutdown(wait=False, cancel_futures=True)

    @property
    def _server(self) -> ServerApp:
        if self.serverapp is None:
            raise RuntimeError("the extension is not linked to a server yet")
        return self.serverapp

    @property
    def _events(self) -> EventLogger:
        if self._server.event_logger is None:
            raise RuntimeError("the server has no event logger yet")
        return self._server.event_logger

    def _make_services(self) -> Services:
        contents = self._server.contents_manager
        root = str(getattr(contents, "root_dir", "") or self._server.root_dir)
        limits = configuration.parse(Limits, "SavuApp.limits", self.limits)
        roots = configuration.make_roots(root, self.roots, bool(contents.allow_hidden))
        commands = configuration.make_engines(self.engines)
        savus = connect(configuration.make_savus(self.connected_savus, commands))
        engines = Engines(commands, savus)
        names = [LocalBackend.name, *configuration.backend_names(self.backends)]
        queues = configuration.make_queues(self.queues, engines.names, names)
        backends = make_backends(self.backends, queues)
        output_root = configuration.make_output_root(self.output_root, root, roots)
        store = self._open_store(output_root)
        lanes = {"files": 2, "search": 1, "data": limits.data_workers}
        self._pool = WorkerPool(lanes, seconds=limits.request_seconds, memory=limits.worker_memory)
        files = FileService(
            roots,
            self._pool,
            visits=limits.search_visits,
            seconds=limits.search_seconds,
            answer_size=limits.answer_size,
        )
        jobs = JobService(
            store=store,
            files=files,
            engines=engines,
            queues=queues,
            backends=backends,
            output_root=output_root,
            emit=self._emit,
        )
        slices = SliceService(
            roots,
            slot=limits.slice_size,
            slots=limits.slices,
            kept=limits.slice_cache,
            seconds=limits.request_seconds,
        )
        return Services(files, jobs, engines, slices, savus, ThreadPoolExecutor(_THREADS, "savu"))

    def _open_store(self, output_root: Path) -> JobStore:
        try:
            return JobStore(
                self.job_store or _own_database(output_root), f"{getpass.getuser()}:{output_root}"
            )
        except (SQLAlchemyError, OSError, ImportError) as error:
            raise ConfigurationError(f"SavuApp.job_store cannot be opened: {error}") from None

    def _emit(self, data: dict[str, Any]) -> Future[None]:
        """Send an event; called in the watcher's thread."""
        sent: Future[None] = Future()

        def send() -> None:
            try:
                self._events.emit(schema_id=JOB_EVENT, data=data)
            finally:
                sent.set_result(None)

        try:
            self._loop.call_soon_threadsafe(send)
        except RuntimeError:  # the server has stopped
            sent.cancel()
        return sent

    def _warm_up(self, services: Services) -> None:
        try:
            services.files.call("files", "ready")
            services.files.call("data", "ready")
            services.savus.start()
            for name in self.engines:
                services.engines.capabilities(name)
        except Fault as fault:
            self.log.warning("jupyterlab_savu: %s", fault.message)


def connect(settings: Mapping[str, configuration.SavuSettings]) -> ConnectedSavus:
    return ConnectedSavus(
        {
            name: ConnectedSavu(
                name,
                command=given.command,
                folder=given.folder,
                title=given.title,
                run=given.run,
                seconds=given.call_seconds,
                seconds_to_start=given.start_seconds,
            )
            for name, given in settings.items()
        }
    )


def _own_database(output_root: Path) -> str:
    """The file for the jobs of one output root: servers that show other folders have others."""
    name = hashlib.sha256(str(output_root).encode()).hexdigest()[:12]
    return f"sqlite:///{Path(jupyter_data_dir(), 'savu', f'jobs-{name}.sqlite').as_posix()}"
