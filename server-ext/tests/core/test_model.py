from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from savu_core.model import Plugin, ProcessList, ProcessListError, renumber_from_one

from .strategies import process_lists


@settings(deadline=None)
@given(process_lists())
def test_api_form_gives_back_the_same_list(plist: ProcessList) -> None:
    text = json.dumps(plist.to_json())
    again = ProcessList.from_json(json.loads(text))
    assert again == plist
    # equality alone would take 84.0 for 84
    assert json.dumps(again.to_json()) == text


def test_parameter_values_travel_as_json_text() -> None:
    plist = ProcessList([Plugin("1", "A", "a", parameters={"x": 84.0, "y": 84, "z": "84"})])
    assert plist.to_json()["plugins"][0]["parameters"] == {"x": "84.0", "y": "84", "z": '"84"'}


@settings(deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "plugins",
                        "groups",
                        "version",
                        "extra",
                        "position",
                        "name",
                        "id",
                        "active",
                        "parameters",
                        "start",
                        "end",
                    ]
                ),
                inner,
            )
        ),
    )
)
def test_rubbish_is_refused_and_never_crashes(obj: Any) -> None:
    try:
        ProcessList.from_json(obj)
    except ProcessListError as error:
        assert error.message
        assert error.place is not None


PLUGIN = {"position": "1", "name": "A", "id": "a", "active": True, "parameters": {"x": "1"}}


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"plugins": [PLUGIN | {"parameters": {"a/b": "no"}}]}, "/plugins/0/parameters/a~1b"),
        ({"plugins": [PLUGIN | {"parameters": {"x": 1}}]}, "/plugins/0/parameters/x"),
        ({"plugins": [PLUGIN | {"active": 1}]}, "/plugins/0/active"),
        ({"plugins": [PLUGIN, PLUGIN]}, "/plugins/1/position"),
        ({"plugins": [PLUGIN | {"position": "one"}]}, "/plugins/0/position"),
        ({"plugins": [PLUGIN | {"name": ""}]}, "/plugins/0/name"),
        ({"plugins": [PLUGIN | {"name": "A\0"}]}, "/plugins/0/name"),
        ({"groups": [{"start": 1, "end": 2**40, "iterations": 1}]}, "/groups/0/end"),
        ({"groups": [{"start": True, "end": 2, "iterations": 1}]}, "/groups/0/start"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_place(change: dict[str, Any], place: str) -> None:
    with pytest.raises(ProcessListError) as caught:
        ProcessList.from_json({"plugins": [], "groups": [], **change})
    assert caught.value.place == place


def test_lists_that_count_from_0_are_renumbered() -> None:
    plugins = [Plugin(position, "A", "a") for position in ("0", "1", "1a")]
    renumber_from_one(plugins)
    assert [plugin.position for plugin in plugins] == ["1", "2", "2a"]
    zero = {"plugins": [PLUGIN | {"position": "0"}]}
    assert ProcessList.from_json(zero).plugins[0].position == "1"


def test_core_needs_neither_jupyter_nor_scipy() -> None:
    found = importlib.util.find_spec("savu_core")
    assert found is not None and found.origin is not None
    for path in Path(found.origin).parent.glob("*.py"):
        source = path.read_text()
        for foreign in ("jupyter", "scipy", "tornado", "savu_embedded"):
            assert f"import {foreign}" not in source and f"from {foreign}" not in source
