"""The settings of a back end that schedules, as written in the configuration."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from jupyterlab_savu.configuration import Name


class SchedulerSettings(BaseModel):
    """How to reach the commands of a scheduler, and what its scripts say.

    Without `nodes`, the commands run on the machine of the server. `intervals` are the seconds
    between two queries, while something happens and at most.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Name
    nodes: tuple[Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]+(:[0-9]{1,5})?$")], ...] = ()
    user: str = ""
    keys: tuple[Path, ...] = ()
    known_hosts: Path | None = None
    connect_seconds: float = Field(default=5, gt=0)
    command_seconds: float = Field(default=20, gt=0)
    environment: dict[str, str] = {}
    intervals: tuple[Annotated[float, Field(gt=0)], Annotated[float, Field(gt=0)]] = (1.0, 30.0)
    templates: tuple[Path, ...] = ()
    values: dict[str, str] = {}
    python: str = Field(default=sys.executable, pattern=r"^[A-Za-z0-9_/][A-Za-z0-9._/+@-]*$")
