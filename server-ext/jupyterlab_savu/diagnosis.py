"""The doctor for the configuration that a Jupyter server of this user reads."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from jupyter_server.serverapp import ServerApp

from jupyterlab_savu import configuration
from jupyterlab_savu.configuration import ConfigurationError
from jupyterlab_savu.extension import SavuApp, connect
from jupyterlab_savu.faults import Fault
from jupyterlab_savu.jobs.backends.kinds import make_backends
from jupyterlab_savu.jobs.backends.local import LocalBackend
from jupyterlab_savu.jobs.doctor import Doctor, Finding
from jupyterlab_savu.jobs.engines import Engines


async def diagnose(names: Sequence[str], seconds: float) -> AsyncIterator[Finding]:
    """What is found about the queues with these names (all without names), and their Savus.

    Raises:
        ConfigurationError: the configuration itself is not valid.
    """
    app, output_root = _configured()
    commands = configuration.make_engines(app.engines)
    savus = connect(configuration.make_savus(app.connected_savus, commands))
    engines = Engines(commands, savus)
    known = [LocalBackend.name, *configuration.backend_names(app.backends)]
    queues = configuration.make_queues(app.queues, engines.names, known)
    backends = make_backends(app.backends, queues)
    absent = [name for name in names if name not in queues]
    if absent:
        raise ConfigurationError(f"there is no queue {absent[0]!r}, only {', '.join(queues)}")
    chosen = {name: queue for name, queue in queues.items() if not names or name in names}
    probes = {}
    for engine in {queue.engine for queue in chosen.values()}:
        if engine in commands:
            probes[engine] = (*commands[engine], "--capabilities")
            continue
        finding = await asyncio.to_thread(_connected, engines, engine)
        yield finding
        if finding.fault is None:
            probes[engine] = (*engines.command(engine), "--help")
    chosen = {name: queue for name, queue in chosen.items() if queue.engine in probes}
    async for finding in Doctor(chosen, backends, probes, output_root, seconds).findings():
        yield finding
    savus.close()


def _configured() -> tuple[SavuApp, Path]:
    """The settings, and the folder of all run folders."""
    server = ServerApp()
    server.load_config_file()
    app = SavuApp(config=server.config)
    root = str(Path(server.config.ServerApp.get("root_dir", "") or Path.cwd()).resolve())
    roots = configuration.make_roots(root, app.roots, allow_hidden=True)
    return app, configuration.make_output_root(app.output_root, root, roots)


def _connected(engines: Engines, name: str) -> Finding:
    what = "the connected Savu answers"
    try:
        engines.capabilities(name)
    except Fault as fault:
        return Finding(name, what, fault.message, "Ask the administrator how Savu is started.")
    return Finding(name, what)
