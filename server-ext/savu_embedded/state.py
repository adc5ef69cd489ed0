"""What a run has done so far: kept in its folder, so that it can go on where it ended."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

import savu_embedded
from savu_core import atomic
from savu_core.model import ProcessList
from savu_embedded.arrays import Array
from savu_embedded.blocks import Options
from savu_embedded.errors import RefusedError
from savu_embedded.result_files import ResultFile
from savu_embedded.statistics import Statistics

FOLDER = "checkpoint"
_FILE = "embedded.json"
#: What a user has changed, by the part of the identity that differs.
_CHANGES = {
    "list": "the process list has changed",
    "scan": "the scan has changed, or is another one",
    "version": "another version of the engine began it",
    "keep": "it was begun with another --keep",
    "iterate": "it was begun with another --iterate",
}

Identity = dict[str, Any]


def identity(plist: ProcessList, scan: Path, options: Options) -> Identity:
    """Return what must be the same for parts of a run to belong together."""
    text = json.dumps([plist.to_json()["plugins"], plist.to_json()["groups"]], sort_keys=True)
    info = scan.stat()
    return {
        "list": hashlib.sha256(text.encode()).hexdigest(),
        "scan": [scan.name, info.st_size, info.st_mtime_ns],
        "version": savu_embedded.__version__,
        "keep": options.keep,
        "iterate": options.iterate,
    }


@dataclass(frozen=True)
class Made:
    """The files of dataset `name` that the step with this index made.

    There is one for each combination of tuned values; `kept` says whether it is a result.
    """

    name: str
    step: int
    files: tuple[ResultFile, ...]
    kept: bool


@dataclass
class State:
    """The number of stages that are done, what was measured, and the files that were made.

    `begun` are the files of the stage that is not done yet. `centres` and `statistics` are as in
    `plan.Plan.setup`.
    """

    identity: Identity
    done: int = 0
    centres: dict[int, list[Array]] = field(default_factory=dict)
    statistics: dict[int, list[Statistics]] = field(default_factory=dict)
    made: list[Made] = field(default_factory=list)
    begun: list[Made] = field(default_factory=list)
    #: Whether it was found in a run folder, in which files may be that nobody noted any more.
    found: bool = False

    def save(self, folder: Path) -> None:
        """Write it into the run folder."""
        content = {
            "identity": self.identity,
            "done": self.done,
            "centres": {
                key: [centres.tolist() for centres in every] for key, every in self.centres.items()
            },
            "statistics": {
                key: [vars(known) for known in every] for key, every in self.statistics.items()
            },
            "made": [_made_to_json(made, folder) for made in self.made],
            "begun": [_made_to_json(made, folder) for made in self.begun],
        }
        (folder / FOLDER).mkdir(exist_ok=True)
        text = json.dumps(content, indent=1)
        atomic.write(folder / FOLDER / _FILE, text.encode(), lambda: None)

    def must_be(self, expected: Identity) -> None:
        """Do nothing if this is the state of a run of `expected`.

        Raises:
            RefusedError: says what has changed.
        """
        changes = [
            _CHANGES[key] for key, value in expected.items() if self.identity.get(key) != value
        ]
        if changes:
            raise RefusedError(
                f"The run cannot go on: {', and '.join(changes)}. What it made is untouched; start "
                "a new run under another name."
            )


def load_state(folder: Path) -> State | None:
    """Return the state in the run folder, None where the engine has begun no run.

    Raises:
        RefusedError: it is damaged.
    """
    try:
        content = json.loads((folder / FOLDER / _FILE).read_bytes())
        return State(
            content["identity"],
            content["done"],
            {
                int(key): [np.array(centres, np.float64) for centres in every]
                for key, every in content["centres"].items()
            },
            {
                int(key): [Statistics(**known) for known in every]
                for key, every in content["statistics"].items()
            },
            [_made_from_json(made, folder) for made in content["made"]],
            [_made_from_json(made, folder) for made in content["begun"]],
            found=True,
        )
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise RefusedError(f"The checkpoint in {folder} is damaged: {error!r}.") from error


def _made_to_json(made: Made, folder: Path) -> dict[str, Any]:
    file = made.files[0]
    return {
        "name": made.name,
        "step": made.step,
        "kept": made.kept,
        "path": str(file.path.relative_to(folder)),
        "group": file.group,
        "shape": file.shape,
        "offsets": [one.offset for one in made.files],
        "marks": file.marks,
        "first": file.first,
        "cut": file.cut,
        "dtype": file.dtype,
    }


def _made_from_json(content: dict[str, Any], folder: Path) -> Made:
    frames, rows, columns = content["shape"]
    files = tuple(
        ResultFile(
            folder / content["path"],
            content["group"],
            (frames, rows, columns),
            offset,
            content["marks"],
            content["first"],
            content["cut"],
            content["dtype"],
        )
        for offset in content["offsets"]
    )
    return Made(content["name"], content["step"], files, content["kept"])
