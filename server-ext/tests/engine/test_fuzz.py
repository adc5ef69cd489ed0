"""Whatever the data and the parameters are, a plugin works or names a reason why it cannot."""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from savu_core.catalogue import Parameter, catalogue, plugin_kind
from savu_core.values import check_value
from savu_embedded.datasets import Dataset, Field, projections, volume
from savu_embedded.errors import RefusedError
from savu_embedded.plugins import PLUGINS
from savu_embedded.plugins.base import Combination, Plugin
from savu_embedded.plugins.centring import Centring
from savu_embedded.statistics import combine, part

STEPS = [
    name
    for name, plugin in PLUGINS.items()
    if issubclass(plugin, Plugin)
    and plugin_kind(name) == "processing"
    and not issubclass(plugin, Combination)
]
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "int": st.integers(-2, 12),
    "float": st.sampled_from([-1.5, 0.0, 1e-6, 0.3, 1.0, 7.0, 1e9]),
    "bool": st.booleans(),
}
CONTENTS = ("noise", "zero", "constant", "huge", "negative", "gaps")


@st.composite
def parameters(draw: st.DrawFn, name: str) -> dict[str, Any]:
    """All parameters of a plugin, some of them with another value of their type."""
    facts = catalogue()[name].parameters
    values = {parameter.name: parameter.default for parameter in facts}
    for parameter in draw(st.lists(st.sampled_from(facts), max_size=3)):
        values[parameter.name] = draw(other_value(parameter))
    return values


def other_value(parameter: Parameter) -> st.SearchStrategy[Any]:
    if parameter.options:
        return st.sampled_from(parameter.options)
    fitting = [
        values for name, values in VALUES.items() if name in parameter.dtype.strip("[]").split(",")
    ]
    return st.one_of(*fitting) if fitting else st.just(parameter.default)


def block(content: str, shape: tuple[int, ...], seed: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    values = random.uniform(0.2, 1, shape).astype(np.float32)
    if content == "zero":
        values[:] = 0
    elif content == "constant":
        values[:] = 0.7
    elif content == "huge":
        values *= 1e30
    elif content == "negative":
        values -= 0.6
    elif content == "gaps":
        values[random.random(shape) < 0.1] = np.nan
        values[random.random(shape) < 0.05] = np.inf
    return values


def dataset(kind: str, shape: tuple[int, int, int]) -> Dataset:
    angles, rows, columns = shape
    flat = np.random.default_rng(0).uniform(0, 2, (rows, columns)).round()
    fields = [Field(np.zeros((rows, columns)))], [Field(flat), Field(flat + 1, 2, angles)]
    scan = projections(np.linspace(0, 180, angles), rows, columns, *fields)
    scan = replace(scan, origin=(0, 0))
    return volume(columns, scan) if kind == "volume" else scan


@pytest.mark.parametrize("name", STEPS)
@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_a_plugin_works_or_says_why_not(name: str, data: st.DataObject) -> None:
    values = data.draw(parameters(name))
    shape = data.draw(st.tuples(st.integers(1, 9), st.integers(1, 4), st.integers(1, 14)))
    content = data.draw(st.sampled_from(CONTENTS))
    seed = data.draw(st.integers(0, 99))
    facts = catalogue()[name]
    wrong = [
        parameter.name
        for parameter in facts.parameters
        if check_value(parameter.dtype, values[parameter.name], parameter.options)
    ]
    plugin_class = PLUGINS[name]
    assert issubclass(plugin_class, Plugin)
    runs = plugin_class.runs
    if wrong or any(values[key] not in allowed for key, allowed in runs.items()):
        return
    plugin = plugin_class(values)
    if list(plugin.check()):
        return
    kind = plugin.kind or "projections"
    before = dataset(kind, shape)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        first, rows, columns = before.shape
        length, image = (
            (rows, (first, columns)) if "rows" in plugin.cuts else (first, (rows, columns))
        )
        values_in = block(content, (length, *image), seed)
        plugin.statistics = combine([part(one) for one in values_in])
        try:
            after = plugin.setup(before)
            if isinstance(plugin, Centring):
                plugin.measure(values_in[plugin.averaged[0]])
                return
            work = plugin.process if "rows" in plugin.cuts else plugin.process_frames
            found = work(values_in, 0, lambda _: None)
        except RefusedError as refusal:
            assert str(refusal)
            return
    first, rows, columns = after.shape
    expected = (rows, first, columns) if "rows" in plugin.cuts else (first, rows, columns)
    assert found.shape == expected
    assert found.dtype == np.dtype(plugin.dtype)
