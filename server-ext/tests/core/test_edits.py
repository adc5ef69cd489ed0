"""The structural edits of a list, by the cases that the editor in the browser is tested on, too.

Plugins are letters, `at`, `to` and all other places are indices from 0, loops are the first and
the last plugin, counted from 1, and the number of times; `off` names what is switched off.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from savu_core import operations
from savu_core.catalogue import new_plugin
from savu_core.model import IterateGroup, ProcessList

CASES = json.loads((Path(__file__).parent.parent / "data" / "edits.json").read_text("utf-8"))
NAMES = {
    "A": "NxtomoLoader",
    "B": "MedianFilter",
    "C": "PaganinFilter",
    "D": "AstraReconCpu",
    "X": "VoCentering",
}
LETTERS = {name: letter for letter, name in NAMES.items()}


def made(letters: str, off: str, loops: list[list[int]]) -> ProcessList:
    plugins = [new_plugin(NAMES[letter], str(i)) for i, letter in enumerate(letters, 1)]
    for plugin in plugins:
        plugin.active = LETTERS[plugin.name] not in off
    return ProcessList(plugins, [IterateGroup(*loop) for loop in loops])


def edited(plist: ProcessList, edit: dict[str, Any]) -> ProcessList:
    match edit:
        case {"add": letter, "at": index}:
            return operations.add(plist, NAMES[letter], str(index + 1))
        case {"remove": indices}:
            return operations.remove(plist, positions(indices))
        case {"move": source, "to": target}:
            return operations.move(plist, str(source + 1), str(target + 1))
        case {"duplicate": index}:
            return operations.duplicate(plist, str(index + 1), str(index + 2))
        case {"replace": index, "by": letter}:
            return operations.replace(plist, str(index + 1), NAMES[letter])
        case {"switch": indices, "on": on}:
            return operations.switch(plist, positions(indices), on)
    raise AssertionError(edit)


def positions(indices: list[int]) -> list[str]:
    return [str(index + 1) for index in indices]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_an_edit_keeps_order_switches_and_loops(case: dict[str, Any]) -> None:
    plist = edited(made(case["plugins"], case["off"], case["loops"]), case["edit"])
    assert "".join(LETTERS[plugin.name] for plugin in plist.plugins) == case["after"]
    off = {LETTERS[plugin.name] for plugin in plist.plugins if not plugin.active}
    assert off == set(case["afterOff"])
    loops = sorted([group.start, group.end, group.iterations] for group in plist.groups)
    assert loops == case["afterLoops"]
    assert [plugin.position for plugin in plist.plugins] == [
        str(number) for number in range(1, len(plist.plugins) + 1)
    ]
