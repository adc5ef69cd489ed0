"""Comparing process lists."""

from __future__ import annotations

import copy
import json
import math
import time
from typing import Any

import pytest
from hypothesis import given

from savu_core import loops, operations
from savu_core.catalogue import new_plugin
from savu_core.compare import Comparison, compare, same_value
from savu_core.model import IterateGroup, Plugin, ProcessList

from .strategies import VALUES, process_lists

NAMES = ("NxtomoLoader", "DarkFlatFieldCorrection", "VoCentering", "AstraReconCpu")


@pytest.fixture
def left() -> ProcessList:
    return ProcessList([new_plugin(name, str(i)) for i, name in enumerate(NAMES, 1)])


def changes(comparison: Comparison) -> list[tuple[int | None, int | None, list[str]]]:
    """The plugins that differ, with the parameters that do."""
    return [
        (pair.left, pair.right, [p.name for p in pair.parameters if p.differs])
        for pair in comparison.plugins
        if pair.differs
    ]


def test_a_value_is_compared_by_what_it_means(left: ProcessList) -> None:
    right = copy.deepcopy(left)
    right.plugins[3].parameters["centre_of_rotation"] = 84
    found = compare(left, right)
    assert changes(found) == [(3, 3, ["centre_of_rotation"])]
    pair = next(p for p in found.plugins[3].parameters if p.differs)
    assert (pair.left, pair.right) == ("0.0", "84")
    left.plugins[3].parameters["centre_of_rotation"] = 84.0
    assert compare(left, right).equal


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (84, 84.0, True),
        (1, True, False),
        (0, False, False),
        ("1", 1, False),
        (None, "None", False),
        (math.nan, math.nan, True),
        (-0.0, 0, True),
        ([1, [2.0]], [1.0, [2]], True),
        ({"a": 1, "b": None}, {"b": None, "a": 1.0}, True),
        ({"a": 1}, {"a": 1, "b": 2}, False),
        (2**53, 2**53 + 1, False),
        (1e300, math.inf, False),
    ],
)
def test_values_that_mean_the_same(one: Any, other: Any, same: bool) -> None:
    assert same_value(one, other) is same
    assert same_value(other, one) is same


def test_what_was_put_in_and_taken_out_has_no_counterpart(left: ProcessList) -> None:
    right = operations.add(operations.remove(left, ["3"]), "MedianFilter", "2")
    pairs = compare(left, right).plugins
    assert [(p.name, p.left, p.right) for p in pairs] == [
        ("NxtomoLoader", 0, 0),
        ("MedianFilter", None, 1),
        ("DarkFlatFieldCorrection", 1, 2),
        ("VoCentering", 2, None),
        ("AstraReconCpu", 3, 3),
    ]
    assert all(p.left is None for p in pairs[1].parameters)
    assert all(p.right is None for p in pairs[3].parameters)


def test_a_plugin_is_found_again_where_it_was_moved_to(left: ProcessList) -> None:
    right = operations.move(left, "4", "2")
    right.plugins[1].parameters["FBP_filter"] = "hann"
    pairs = compare(left, right).plugins
    moved = [pair for pair in pairs if pair.moved]
    assert [(p.name, p.left, p.right) for p in moved] == [("AstraReconCpu", 3, 1)]
    assert [p.name for p in moved[0].parameters if p.differs] == ["FBP_filter"]
    assert len(pairs) == 4


def test_of_plugins_of_one_name_the_equal_ones_are_counterparts(left: ProcessList) -> None:
    right = operations.duplicate(left, "3", "3")
    right.plugins[2].parameters["step"] = 9.0
    pairs = compare(left, right).plugins
    assert [(p.left, p.right, p.differs) for p in pairs] == [
        (0, 0, False),
        (1, 1, False),
        (None, 2, True),
        (2, 3, False),
        (3, 4, False),
    ]


def test_switching_off_is_a_difference(left: ProcessList) -> None:
    right = operations.switch(left, ["2"], False)
    found = compare(left, right)
    assert [pair.left for pair in found.plugins if pair.switched] == [1]
    assert not found.equal


def test_unknown_plugins_and_parameters_are_compared(left: ProcessList) -> None:
    left.plugins.append(Plugin("5", "Gone", "savu.gone", parameters={"a": 1, "old": 2}))
    right = copy.deepcopy(left)
    right.plugins[4].parameters = {"a": 1, "new": 3}
    pair = compare(left, right).plugins[4]
    assert [(p.name, p.left, p.right) for p in pair.parameters if p.differs] == [
        ("old", "2", None),
        ("new", None, "3"),
    ]


def test_a_loop_is_the_same_where_its_plugins_are(left: ProcessList) -> None:
    left = loops.set_loop(left, 2, 3, 5)
    shifted = operations.add(left, "NxtomoLoader", "1")
    assert shifted.groups == [IterateGroup(3, 4, 5)]
    assert [pair.differs for pair in compare(left, shifted).loops] == [False]
    longer = operations.add(left, "MedianFilter", "3")
    assert [pair.differs for pair in compare(left, longer).loops] == [True]
    more = loops.set_loop(left, 2, 3, 6)
    assert [pair.differs for pair in compare(left, more).loops] == [True]
    without = loops.remove_loops(left)
    assert [(p.left, p.right) for p in compare(left, without).loops] == [(left.groups[0], None)]
    assert [(p.left, p.right) for p in compare(without, left).loops] == [(None, left.groups[0])]


@given(process_lists())
def test_a_list_equals_itself(plist: ProcessList) -> None:
    found = compare(plist, copy.deepcopy(plist))
    assert [(pair.left, pair.right) for pair in found.plugins] == [
        (i, i) for i in range(len(plist.plugins))
    ]
    assert not any(pair.differs for pair in found.plugins)


@given(process_lists(), process_lists())
def test_each_plugin_appears_once_and_in_order(one: ProcessList, other: ProcessList) -> None:
    found = compare(one, other)
    rights = [pair.right for pair in found.plugins if pair.right is not None]
    assert rights == list(range(len(other.plugins)))
    lefts = [pair.left for pair in found.plugins if pair.left is not None]
    assert sorted(lefts) == list(range(len(one.plugins)))
    kept = [pair.left for pair in found.plugins if pair.left is not None and not pair.moved]
    assert kept == sorted(kept)
    assert found.equal == compare(other, one).equal
    json.dumps(found.to_json())


@given(VALUES)
def test_a_value_means_the_same_after_json(value: Any) -> None:
    assert same_value(value, json.loads(json.dumps(value)))


def test_long_lists_of_one_plugin_are_compared_in_time() -> None:
    many = ProcessList([new_plugin("MedianFilter", str(i)) for i in range(1, 1001)])
    other = copy.deepcopy(many)
    for i, plugin in enumerate(other.plugins):
        plugin.parameters["kernel_size"] = i
    start = time.perf_counter()
    compare(many, other)
    assert time.perf_counter() - start < 20
