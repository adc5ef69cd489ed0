"""Finding plugins by what somebody types; the browser's search is tested on the same cases."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from savu_core.catalogue import PluginFacts, catalogue
from savu_core.search import find_plugins

PLUGINS = sorted(catalogue().values(), key=lambda facts: facts.name)


def found(query: str) -> list[str]:
    return [facts.name for facts in find_plugins(PLUGINS, query)]


def test_search_forgives_typing(data: Path) -> None:
    for case in json.loads((data / "search_cases.json").read_text()):
        names = found(case["query"])
        assert names == case.get("found", names), case
        assert "first" not in case or names[0] == case["first"], case
        assert set(case.get("holds", ())) <= set(names), case


def test_without_words_all_are_found_by_name() -> None:
    assert found(" ") == [facts.name for facts in PLUGINS]


def test_of_two_alike_the_one_that_runs_comes_first() -> None:
    ranked = find_plugins(PLUGINS, "astrarecon", runs=lambda name: name.endswith("Gpu"))
    assert [facts.name for facts in ranked] == ["AstraReconGpu", "AstraReconCpu"]


@settings(deadline=None)
@given(st.sampled_from([facts for facts in PLUGINS if len(facts.name) > 4]), st.data())
def test_a_name_with_one_letter_wrong_is_found(facts: PluginFacts, drawn: st.DataObject) -> None:
    name = facts.name
    at = drawn.draw(st.integers(0, len(name) - 1))
    kind = drawn.draw(st.sampled_from(["missing", "double", "other"]))
    middle = {"missing": "", "double": name[at] * 2, "other": "~"}[kind]
    assert name in found(name[:at] + middle + name[at + 1 :])


@settings(deadline=None)
@given(st.text(max_size=30))
def test_any_text_is_answered(query: str) -> None:
    names = found(query)
    assert len(set(names)) == len(names)
