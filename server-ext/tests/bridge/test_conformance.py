"""What a connected Savu says agrees with what is shipped, and it opens what is saved here.

Run against a real Savu with SAVU_PYTHON (an interpreter), SAVU_FOLDER (where Savu's packages are
not installed in it) and SAVU_LISTS (a folder of further process lists); docs/connected-savu.md
has the results of such a run.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from jupyterlab_savu.bridge.connected import ConnectedSavu
from jupyterlab_savu.bridge.process import SavuError
from savu_core.catalogue import PluginFacts, new_plugin, shipped
from savu_core.files import process_list_bytes, read_process_list
from savu_core.model import ProcessList
from savu_core.positions import renumber

#: One that needs nothing but NumPy and SciPy.
PLUGIN = "RingRemovalNormalization"

#: Definitions with a fault in Savu 4.2 that is mended in what is shipped: the first two wait for
#: values that their parent never has, the last has quotes too many.
MENDED = {
    ("AstraReconCpu", "n_iterations"),
    ("TomobarRecon3d", "algorithm_iterations"),
    ("GeoDistance", "out_datasets"),
}


def without_texts(facts: PluginFacts) -> PluginFacts:
    bare = tuple(replace(p, description="", example="") for p in facts.parameters)
    return replace(
        facts,
        parameters=tuple(sorted(bare, key=lambda parameter: parameter.name)),
        # Savu collects some of them in sets
        saved_order=tuple(sorted(facts.saved_order)),
        summary="",
        description="",
        warning="",
        citations=(),
    )


def test_its_facts_are_those_that_are_shipped(savu: ConnectedSavu) -> None:
    known = savu.known()
    assert known.version == "4.2"
    assert {*known.plugins, *known.missing} >= set(shipped())
    different = {
        (name, told.name)
        for name, facts in known.plugins.items()
        for told, ours in zip(
            without_texts(facts).parameters, without_texts(shipped()[name]).parameters, strict=True
        )
        if told != ours
    }
    assert different <= MENDED
    for name, facts in known.plugins.items():
        same = replace(without_texts(shipped()[name]), parameters=())
        assert replace(without_texts(facts), parameters=()) == same


def test_it_has_texts_and_citations(savu: ConnectedSavu) -> None:
    known = savu.known()
    assert sum(bool(facts.summary) for facts in known.plugins.values()) > 90
    for facts in known.plugins.values():
        told = facts.to_json()
        assert len(told.get("bibtex", ())) >= len(facts.dois) or not facts.citations
        assert all(entry.lstrip().startswith("@") for entry in told.get("bibtex", ()))


def test_plugins_that_cannot_be_imported_are_named_with_the_reason(savu: ConnectedSavu) -> None:
    known = savu.known()
    assert all(known.missing.values())
    assert not set(known.missing) & set(known.plugins)
    # not that of a module of Savu, which another reason keeps from being imported
    assert not any("savu" in reason.split("No module")[-1] for reason in known.missing.values())


def test_it_accepts_every_default(savu: ConnectedSavu) -> None:
    plist = ProcessList([new_plugin(name) for name in savu.known().plugins])
    renumber(plist.plugins)
    assert savu.judge(plist.to_json(), []) == []


def test_it_refuses_what_is_not_of_its_type(savu: ConnectedSavu) -> None:
    plist = ProcessList([new_plugin(PLUGIN)])
    plist.plugins[0].parameters["radius"] = "wide"
    (problem,) = savu.judge(plist.to_json(), [])
    assert (problem.severity, problem.plugin, problem.parameter) == ("error", 0, "radius")
    assert "Savu 4.2 refuses" in problem.message
    assert savu.judge(plist.to_json(), [problem]) == []


def test_it_refreshes_plugins_of_older_lists(savu: ConnectedSavu) -> None:
    old = ProcessList([new_plugin(PLUGIN)], version="2.4")
    old.plugins[0].parameters = {"radius": 5, "gone": 1}
    refreshed, _ = savu.refresh(old.to_json(), [0], defaults=False)
    parameters = ProcessList.from_json(refreshed).plugins[0].parameters
    assert parameters == {**new_plugin(PLUGIN).parameters, "radius": 5}
    refreshed, _ = savu.refresh(old.to_json(), [0], defaults=True)
    assert ProcessList.from_json(refreshed).plugins[0] == new_plugin(PLUGIN)


def test_lists_that_it_opens_are_opened_and_saved_here_with_equal_content(
    savu: ConnectedSavu, lists: list[Path], tmp_path: Path
) -> None:
    opened = refused = 0
    for path in lists:
        try:
            expected = savu.open(str(path))
        except SavuError:
            refused += 1
            continue
        opened += 1
        plist, _ = read_process_list(path)
        copy = tmp_path / f"{opened}.nxs"
        copy.write_bytes(process_list_bytes(plist))
        assert comparable(savu.open(str(copy))) == comparable(expected), path.name
    print(f"{savu.name}: {opened} lists opened and saved alike, {refused} that it does not open")
    assert opened >= len(lists) / 3


def test_what_it_saves_is_read_here_as_it_shows_it(
    savu: ConnectedSavu, lists: list[Path], tmp_path: Path
) -> None:
    saved = 0
    for path in lists:
        out = tmp_path / path.name
        try:
            expected = savu.open(str(path), str(out))
        except SavuError:
            continue
        saved += 1
        plist, _ = read_process_list(out)
        assert comparable(expected)["plugins"] == [
            [p.position, p.name, p.id, p.active, p.parameters] for p in plist.plugins
        ]
        assert expected["groups"] == [[g.start, g.end, g.iterations] for g in plist.groups]
    assert saved >= len(lists) / 3


def comparable(opened: dict[str, Any]) -> dict[str, Any]:
    """What a list is, without what Savu says about its age."""
    keys = ("position", "name", "id", "active", "parameters")
    return {
        "plugins": [
            [plugin[key] for key in keys] for plugin in json.loads(json.dumps(opened["plugins"]))
        ],
        "groups": opened["groups"],
    }
