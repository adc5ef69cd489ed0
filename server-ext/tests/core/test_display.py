"""Order, numbers and dependencies of the parameters of every plugin, against Savu's display."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from savu_core.catalogue import new_plugin
from savu_core.commands import Session, run
from savu_core.model import ProcessList
from savu_core.parameters import LEVELS, Level, shown_parameters
from savu_core.positions import OperationError


def recorded() -> dict[str, Any]:
    path = Path(__file__).parent.parent / "data/configurator/display.json.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        loaded: dict[str, Any] = json.load(file)
    return loaded


RECORDED = recorded()
EDITS = [
    pytest.param(name, edit, id=f"{name}|{' ; '.join(edit['lines'])}")
    for name, plugin in RECORDED.items()
    for edit in plugin["edits"]
]


def alone(name: str) -> Session:
    return Session(ProcessList([new_plugin(name)]), "advanced")


def shown(session: Session, level: Level = "advanced") -> list[str]:
    numbered = shown_parameters(session.plist.plugins[0], level)
    assert [number for number, _ in numbered] == list(range(1, len(numbered) + 1))
    return [parameter.name for _, parameter in numbered]


@pytest.mark.parametrize("name", RECORDED)
@pytest.mark.parametrize("level", LEVELS)
def test_a_level_shows_what_it_shows_in_savu(name: str, level: Level) -> None:
    assert shown(alone(name), level) == RECORDED[name][level]


@pytest.mark.parametrize(("name", "edit"), EDITS)
def test_a_parent_shows_its_parameters_and_decides_on_their_defaults(
    name: str, edit: dict[str, Any]
) -> None:
    session = alone(name)
    *setup, last = edit["lines"]
    for line in setup:
        session = run(session, line)
    before = shown(session)
    if edit["outcome"] == "refused":
        with pytest.raises(OperationError):
            run(session, last)
        return
    session = run(session, last)
    assert shown(session) == (edit["shown"] or before)
    for parameter, expected in edit["defaults"].items():
        if expected is None:
            with pytest.raises(OperationError):
                run(session, f"mod 1.{parameter} -d")
        else:
            done = run(session, f"mod 1.{parameter} -d")
            assert str(done.plist.plugins[0].parameters[parameter]) == expected


def test_iterations_are_shown_for_the_methods_that_iterate() -> None:
    """Savu never shows them: it waits for values that the options exclude."""
    session = alone("AstraReconCpu")
    assert "n_iterations" not in shown(session)
    assert "n_iterations" in shown(run(session, "mod 1.algorithm SIRT"))
