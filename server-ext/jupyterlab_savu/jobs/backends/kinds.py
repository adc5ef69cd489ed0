"""The kinds of back ends that queues can name: those here, and those of other packages.

A package adds one through an entry point of the group `GROUP`: a function that is called with the
name of the back end, its settings as they were written, and the queues; it returns a `Backend`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.metadata import entry_points
from typing import Any

from jupyterlab_savu.configuration import ConfigurationError, Name, Queue, parse
from jupyterlab_savu.jobs.backends.base import Backend
from jupyterlab_savu.jobs.backends.gridengine import GridEngine
from jupyterlab_savu.jobs.backends.local import LocalBackend
from jupyterlab_savu.jobs.backends.settings import SchedulerSettings
from jupyterlab_savu.jobs.backends.slurm import Slurm
from jupyterlab_savu.jobs.transport.base import Transport
from jupyterlab_savu.jobs.transport.here import Here

GROUP = "jupyterlab_savu.backends"

Make = Callable[[str, Mapping[str, Any], Mapping[str, Queue]], Backend]

_SCHEDULERS = {"slurm": Slurm, "gridengine": GridEngine}


def make_backends(configured: Any, queues: Mapping[str, Queue]) -> dict[str, Backend]:
    """The back ends by name, of which `local` always is one.

    Raises:
        ConfigurationError: naming the back end and what is wrong.
    """
    made: dict[str, Backend] = {LocalBackend.name: LocalBackend()}
    settings = parse(dict[Name, dict[str, Any]], "SavuApp.backends", configured)
    for name, told in settings.items():
        where = f"SavuApp.backends[{name!r}]"
        if name in made:
            raise ConfigurationError(f"{where}: this name belongs to the machine of the server")
        made[name] = _make(where, name, told, queues)
    return made


def _make(where: str, name: str, told: dict[str, Any], queues: Mapping[str, Queue]) -> Backend:
    kind = told.get("kind")
    if kind in _SCHEDULERS:
        settings = parse(SchedulerSettings, where, told)
        return _SCHEDULERS[kind](name, settings, queues, make_transport(where, settings))
    others = {point.name: point for point in entry_points(group=GROUP)}
    if kind not in others:
        known = ", ".join(sorted({*_SCHEDULERS, *others}))
        raise ConfigurationError(f"{where}['kind'] = {kind!r} is not one of {known}")
    try:
        make: Make = others[kind].load()
        return make(name, told, queues)
    except ConfigurationError:
        raise
    except Exception as error:
        raise ConfigurationError(
            f"{where}: the back end {kind!r} cannot be made: {error}"
        ) from error


def make_transport(where: str, settings: SchedulerSettings) -> Transport:
    """Where the commands of a scheduler run."""
    if not settings.nodes:
        return Here(settings.command_seconds, settings.environment)
    try:
        from jupyterlab_savu.jobs.transport.ssh import SSH, Login
    except ImportError:
        raise ConfigurationError(
            f"{where}['nodes']: SSH needs asyncssh; install jupyterlab-savu[ssh]"
        ) from None
    login = Login(
        nodes=settings.nodes,
        user=settings.user,
        keys=settings.keys,
        known_hosts=settings.known_hosts,
        connect_seconds=settings.connect_seconds,
        environment=settings.environment,
    )
    return SSH(login, settings.command_seconds)
