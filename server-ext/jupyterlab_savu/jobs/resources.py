"""What a job asks for of a scheduler, within the limits of its queue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jupyterlab_savu.configuration import Queue, ResourceName
from jupyterlab_savu.faults import Fault

#: In the order of the form: titles and units.
RESOURCES: dict[ResourceName, tuple[str, str | None]] = {
    "nodes": ("nodes", None),
    "tasks": ("tasks", None),
    "cpus": ("CPUs", None),
    "memory": ("memory", "MiB"),
    "gpus": ("GPUs", None),
    "minutes": ("time", "minutes"),
}


@dataclass(frozen=True)
class Resources:
    """None leaves it to the back end. `cpus` are those of a task, `memory` is that of a node in
    MiB, `minutes` is the time after which the job may be ended."""

    nodes: int | None = None
    tasks: int | None = None
    cpus: int | None = None
    memory: int | None = None
    gpus: int | None = None
    minutes: int | None = None

    @property
    def memory_per_cpu(self) -> int | None:
        """In MiB, as schedulers count that limit slots and not jobs."""
        return None if self.memory is None else -(-self.memory // (self.cpus or 1))

    def to_json(self) -> dict[ResourceName, int]:
        """What is asked for."""
        told = {name: getattr(self, name) for name in RESOURCES}
        return {name: value for name, value in told.items() if value is not None}


def choose(queue: Queue, asked: Mapping[ResourceName, int]) -> Resources:
    """What `asked` and the defaults of the queue make.

    Raises:
        Fault: 422, something is beyond the limits of the queue, which the message tells.
    """
    for name, value in asked.items():
        title, unit = RESOURCES[name]
        limits = queue.resources.get(name)
        place = f"/resources/{name}"
        if limits is None:
            raise Fault(f"The queue {queue.name} does not let you choose the {title}.", place=place)
        least, most = limits.least, limits.most
        if value < least or (most is not None and value > most):
            said = f"{value} {unit or title}"
            wanted = f"at least {least}" if value < least else f"at most {most}"
            raise Fault(
                f"The queue {queue.name} takes {wanted} {unit or title}"
                f"{f' of {title}' if unit else ''}, not {said}.",
                place=place,
            )
    defaults = {name: limits.default for name, limits in queue.resources.items()}
    return Resources(**{name: asked.get(name, default) for name, default in defaults.items()})


def offered(queue: Queue) -> list[dict[str, object]]:
    """What may be asked for in a queue, in the form of the API."""
    return [
        {
            "name": name,
            "title": title,
            "unit": unit,
            "default": queue.resources[name].default,
            "least": queue.resources[name].least,
            "most": queue.resources[name].most,
        }
        for name, (title, unit) in RESOURCES.items()
        if name in queue.resources
    ]
