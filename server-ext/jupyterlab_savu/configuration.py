"""The configuration, checked: what was written becomes these objects or a clear error."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from jupyterlab_savu.data.roots import JUPYTER, Root, Roots

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$", max_length=64)]
ResourceName = Literal["nodes", "tasks", "cpus", "memory", "gpus", "minutes"]
Settings = TypeVar("Settings")

DEFAULT_ENGINES: dict[str, list[str]] = {"embedded": [sys.executable, "-m", "savu_embedded"]}
DEFAULT_QUEUES: list[dict[str, Any]] = [
    {
        "name": "preview",
        "title": "Preview",
        "description": "The middle rows of the scan, to try parameters",
        "restrict_rows": 8,
        "slots": 2,
    },
    {
        "name": "full",
        "title": "Full",
        "description": "The whole scan, one after the other",
        "slots": 1,
    },
]


class ConfigurationError(ValueError):
    """Names the trait, its value, and what is wrong with it."""


class _Checked(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RootSettings(_Checked):
    """A folder that paths may be relative to."""

    path: Path
    read_only: bool = False


class Range(_Checked):
    """What may be asked for of a resource, and what is asked for unless something else is."""

    default: int | None = Field(default=None, ge=0)
    least: int = Field(default=1, ge=0)
    most: int | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _is_possible(self) -> Range:
        most = float("inf") if self.most is None else self.most
        if self.least > most:
            raise ValueError(f"at least {self.least} and at most {self.most} is nothing")
        if self.default is not None and not self.least <= self.default <= most:
            raise ValueError(f"the default {self.default} is not within the limits")
        return self


class Queue(_Checked):
    """Where jobs can be sent.

    `restrict_rows` is the number of middle rows that a list is restricted to unless it restricts
    them itself; `slots` how many jobs run at once; `options` further arguments for the engine.
    The rest is for back ends that schedule: `partition` and `account` are the scheduler's names,
    `template` is that of its script, `values` are for the template, `choose` names those that
    users may set, and `resources` what they may ask for. With `shares`, a job is cut in so many
    shares that run at the same time.
    """

    name: Name
    title: str = ""
    description: str = ""
    backend: str = "local"
    engine: str = "embedded"
    restrict_rows: int | None = Field(default=None, ge=1)
    slots: int = Field(default=1, ge=1)
    options: tuple[str, ...] = ()
    partition: str = ""
    account: str = ""
    template: str = ""
    values: dict[str, str] = {}
    choose: tuple[Name, ...] = ()
    resources: dict[ResourceName, Range] = {}
    shares: int = Field(default=1, ge=1, le=1000)


class SavuSettings(_Checked):
    """A Savu in an interpreter of its own.

    `command` is the command line of the interpreter, `folder` that of Savu's packages where they
    are not installed in it, `run` the command line that runs lists; times in seconds.
    """

    command: tuple[str, ...] = Field(min_length=1)
    folder: Path | None = None
    title: str = ""
    run: tuple[str, ...] = ()
    call_seconds: float = Field(default=30, gt=0)
    start_seconds: float = Field(default=180, gt=0)


class Limits(_Checked):
    """What one request may cost; sizes in bytes, times in seconds."""

    answer_size: int = Field(default=256 * 2**20, ge=2**16)
    request_seconds: float = Field(default=60, gt=0)
    worker_memory: int = Field(default=4 * 2**30, ge=2**29)
    slice_size: int = Field(default=64 * 2**20, ge=2**20)
    slice_cache: int = Field(default=256 * 2**20, ge=2**20)
    slices: int = Field(default=6, ge=1, le=64)
    data_workers: int = Field(default=2, ge=1, le=64)
    search_visits: int = Field(default=20_000, ge=1)
    search_seconds: float = Field(default=20, gt=0)


def parse(kind: type[Settings], trait: str, value: Any) -> Settings:
    """`value` as `kind`.

    Raises:
        ConfigurationError: naming the trait and the place in it.
    """
    try:
        return TypeAdapter(kind).validate_python(value)
    except ValidationError as error:
        fault = error.errors()[0]
        where = "".join(f"[{key!r}]" for key in fault["loc"])
        raise ConfigurationError(
            f"{trait}{where} = {fault['input']!r} is not valid: {fault['msg']}"
        ) from None


def make_roots(jupyter_root: str, roots: Mapping[str, Any], allow_hidden: bool) -> Roots:
    """The configured roots beside the folder that Jupyter shows."""
    made = [Root(JUPYTER, Path(jupyter_root).resolve(), writable=True)]
    for name, settings in parse(dict[Name, RootSettings], "SavuApp.roots", roots).items():
        if name == JUPYTER:
            raise ConfigurationError(
                f"SavuApp.roots[{name!r}]: this name belongs to the folder that Jupyter shows"
            )
        if not settings.path.is_absolute():
            raise ConfigurationError(
                f"SavuApp.roots[{name!r}]['path'] = {str(settings.path)!r} must be absolute"
            )
        made.append(Root(name, settings.path.resolve(), not settings.read_only))
    return Roots(made, allow_hidden)


def make_output_root(value: str, jupyter_root: str, roots: Roots) -> Path:
    """The folder of all run folders, which must be visible in a root that is not read-only."""
    path = Path(jupyter_root, value).resolve()
    writable = [root for root in roots if root.writable and path.is_relative_to(root.path)]
    if not writable or not roots.holds(path):
        raise ConfigurationError(
            f"SavuApp.output_root = {value!r} must lie in Jupyter's folder or in one of "
            "SavuApp.roots that is not read-only, and may not be hidden"
        )
    return path


def backend_names(backends: Any) -> list[str]:
    """The names of the configured back ends."""
    return list(parse(dict[Name, dict[str, Any]], "SavuApp.backends", backends))


def make_queues(queues: Any, engines: Iterable[str], backends: Iterable[str]) -> dict[str, Queue]:
    """The queues by name, in their order."""
    made: dict[str, Queue] = {}
    for index, queue in enumerate(parse(list[Queue], "SavuApp.queues", queues)):
        where = f"SavuApp.queues[{index}]"
        if queue.name in made:
            raise ConfigurationError(f"{where}['name'] = {queue.name!r} is there twice")
        for field, known in (("engine", engines), ("backend", backends)):
            if getattr(queue, field) not in known:
                raise ConfigurationError(
                    f"{where}[{field!r}] = {getattr(queue, field)!r} is not one of "
                    f"{', '.join(known)}"
                )
        made[queue.name] = queue
    return made


def make_engines(engines: Any) -> dict[str, list[str]]:
    """The command lines by name."""
    command = Annotated[list[str], Field(min_length=1)]
    return parse(dict[Name, command], "SavuApp.engines", engines)


def make_savus(savus: Any, engines: Mapping[str, Any]) -> dict[str, SavuSettings]:
    """The connected Savus by name; each is an engine, too."""
    made = parse(dict[Name, SavuSettings], "SavuApp.connected_savus", savus)
    for name, settings in made.items():
        where = f"SavuApp.connected_savus[{name!r}]"
        if name in engines:
            raise ConfigurationError(f"{where}: there is already an engine of this name")
        if settings.folder is not None and not settings.folder.is_absolute():
            raise ConfigurationError(
                f"{where}['folder'] = {str(settings.folder)!r} must be absolute"
            )
    return made
