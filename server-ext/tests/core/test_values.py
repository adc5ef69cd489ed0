from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from savu_core.catalogue import catalogue, new_plugin, plugin_kind
from savu_core.tuning import TuningError, count_tunings, tuned_values, values_in_savu
from savu_core.values import check_value, parse_dtype, parse_text

CENTRE = "[float, str, dict{int:float}]"
DATASETS = "[list[],list[str]]"
DARK = "[list[filepath, h5path, float],list[None,None,float]]"


@pytest.mark.parametrize(
    ("dtype", "text", "value"),
    [
        ("int", "3", 3),
        ("int", "0x10", 16),
        ("float", "1e-3", 0.001),
        ("float", "84", 84),
        ("float", '"5"', 5),
        ("bool", "True", True),
        ("bool", "true", True),
        ("str", "hann", "hann"),
        ("str", "'quoted'", "quoted"),
        ("str", "max", "max"),
        ("[None,str]", "None", None),
        (CENTRE, "84.0", 84.0),
        (CENTRE, "{1:2.0, 5: 3}", {"1": 2.0, "5": 3}),
        (CENTRE, "82:87:1;", "82:87:1;"),
        ("float", "82:87:1", "82:87:1;"),
        ("int", "5;11;21", "5;11;21"),
        (DATASETS, "[]", []),
        (DATASETS, "[tomo, xrd]", ["tomo", "xrd"]),
        ("list[float,float]", "[-50, 50]", [-50, 50]),
        ("preview", "[:,5:15,:]", [":", "5:15", ":"]),
        ("preview", "[ : , 5 : 15 , 7 ]", [":", "5:15", "7"]),
        ("preview", "[1, 2]", [1, 2]),
        ("preview", "[]", []),
        ("nptype", "uint8", "uint8"),
        (DARK, "[None,None,1.0]", [None, None, 1.0]),
        (DARK, "[dark.h5,/entry/data,2]", ["dark.h5", "/entry/data", 2]),
        ("[preview, dict{str:preview}, dict{}]", "{xrd: [:,0]}", {"xrd": [":", "0"]}),
    ],
)
def test_typed_text_is_read_and_accepted(dtype: str, text: str, value: Any) -> None:
    read = parse_text(dtype, text)
    assert json.dumps(read) == json.dumps(value) or read == value
    assert type(read) is type(value)
    assert check_value(dtype, read) is None


@pytest.mark.parametrize(
    ("dtype", "text", "expected"),
    [
        ("int", "1.5", "a whole number"),
        ("int", "True", "a whole number"),
        ("float", "abc", "a number"),
        ("float", "nan", "a number"),
        ("float", "__import__('os')", "a number"),
        ("float", "1;abc", "a number"),
        ("float", "1/2", "a number"),
        ("bool", "1", "true or false"),
        ("str", "5", "text"),
        ("str", "(1,2)", "text"),
        ("list", "(1,2)", "a list"),
        ("[None,float]", "abc", "None or a number"),
        ("list[float,float]", "[1,2,3]", "a list of [a number, a number]"),
        (DATASETS, "[1]", "an empty list or a list, each item text"),
        (CENTRE, "{a: 1}", "a dictionary from a whole number to a number"),
        ("preview", "[:,5:,:]", "write start or end"),
        ("preview", "[a,:,:]", "use whole numbers"),
        ("nptype", "uint5", "the name of a NumPy type"),
    ],
)
def test_what_is_wrong_is_said(dtype: str, text: str, expected: str) -> None:
    assert expected in (check_value(dtype, parse_text(dtype, text)) or "")


def test_options_decide_alone() -> None:
    assert check_value("int", "linear", ("linear", "cubic")) is None
    assert check_value("str", "linear;cubic", ("linear", "cubic")) is None
    assert check_value("str", "spline", ("linear", "cubic")) == "one of linear, cubic"
    assert check_value("[None,int]", None, ("None", 1, 0)) is None


@pytest.mark.parametrize("dtype", ["", "integer", "list[int", "[int,", "int]", "[]", "list[int]x"])
def test_a_type_outside_the_grammar_is_an_error(dtype: str) -> None:
    with pytest.raises(ValueError):
        parse_dtype(dtype)


DTYPES = sorted({p.dtype for facts in catalogue().values() for p in facts.parameters})


@settings(deadline=None)
@given(st.text(max_size=40), st.sampled_from(DTYPES))
def test_any_text_is_read_and_judged(text: str, dtype: str) -> None:
    value = parse_text(dtype, text)
    assert json.loads(json.dumps(value)) == value or value != value
    verdict = check_value(dtype, value)
    assert verdict is None or verdict


@pytest.mark.parametrize(
    "text", ["[" * 3000 + "]" * 3000, "{a:" * 2000 + "}" * 2000, ":," * 9999, "1" * 9999]
)
@pytest.mark.parametrize("dtype", ["str", "list[int]", "preview", "nptype", "int"])
def test_no_text_is_too_much(dtype: str, text: str) -> None:
    assert check_value(dtype, parse_text(dtype, text)) is not None or dtype == "str"


def test_a_range_means_what_it_says() -> None:
    assert tuned_values("0:10:2;") == [0, 2, 4, 6, 8]
    assert tuned_values("1:10:3;5") == [1, 4, 7, 5]
    assert tuned_values("a;b;c") == ["a", "b", "c"]
    assert tuned_values("1.5;2.5;") == [1.5, 2.5]
    assert tuned_values("0.5:2:0.5;") == [0.5, 1.0, 1.5]


def test_what_savu_makes_of_a_range_is_known() -> None:
    assert values_in_savu("0:10:2;") == [2, 4, 6, 8]
    assert values_in_savu("1:10:3;5") == [1, 4, 7]
    assert values_in_savu("0;1;2") == [0, 1, 2]


@pytest.mark.parametrize(
    "text",
    [";", "3:1:1;", "0:1:0;", "0:1e300:1;", "0:1:1e-300;", "a:b:c;", "1:2:3:4;", "5;0:10:2"],
)
def test_a_tuning_without_sensible_values_is_refused(text: str) -> None:
    with pytest.raises(TuningError):
        tuned_values(text)
    assert check_value("float", text) is not None


def test_combinations_of_tunings_are_counted() -> None:
    assert count_tunings(["1;2;3", 5, "0:10:2;", [":", ":"], "plain"]) == 15


def test_the_catalogue_is_complete_and_its_defaults_are_valid() -> None:
    assert len(catalogue()) == 135
    assert sum(len(facts.parameters) for facts in catalogue().values()) == 933
    for facts in catalogue().values():
        for parameter in facts.parameters:
            problem = check_value(parameter.dtype, parameter.default, parameter.options)
            # one plugin's own default is not among its options
            assert problem is None or (facts.name, parameter.name) == (
                "DenoiseBregmanFilter",
                "isotropic",
            )


def test_a_new_plugin_holds_what_a_correct_file_holds() -> None:
    plugin = new_plugin("ScikitimageFilterBackProjection", "3")
    assert plugin.position == "3"
    assert plugin.id == "savu.plugins.reconstructions.scikitimage_filter_back_projection"
    # the text 'None' here makes a list that fails when it runs
    assert plugin.parameters["force_zero"] == [None, None]
    plugin.parameters["force_zero"].append(1)
    assert new_plugin("ScikitimageFilterBackProjection").parameters["force_zero"] == [None, None]
    with pytest.raises(KeyError):
        new_plugin("NoSuchPlugin")


def test_parameters_are_shown_while_they_are_of_use() -> None:
    facts = catalogue()["TomopyRecon"]
    shown = {item["name"]: item["display"] for item in facts.to_json()["parameters"]}
    assert shown["filter_name"] and not shown["n_iterations"] and not shown["init_vol"]
    iterations = facts.parameter("n_iterations")
    assert iterations is not None
    assert facts.is_of_use(iterations, {"algorithm": "sirt"})
    assert facts.to_json()["parameters"][0]["default"] == "0.0"


def test_every_parameter_of_an_embedded_plugin_is_described() -> None:
    described = [facts for facts in catalogue().values() if facts.summary]
    assert len(described) >= 9
    for facts in described:
        assert all(parameter.description for parameter in facts.parameters), facts.name


def test_unknown_plugins_are_sorted_by_name() -> None:
    names = ("NxtomoLoader", "Hdf5Saver", "AstraReconCpu", "I22TomoLoader", "EdfSaver", "Thing")
    assert [plugin_kind(name) for name in names] == [
        "loader", "saver", "processing", "loader", "saver", "processing",
    ]  # fmt: skip
