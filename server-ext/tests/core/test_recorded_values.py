"""Verdicts on some 37 000 typed texts, and tuned values, against Savu's own."""

from __future__ import annotations

import gzip
import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from savu_core.catalogue import Parameter, catalogue, new_plugin
from savu_core.judging import expected, missing, read
from savu_core.sight import on_this_machine
from savu_core.tuning import TuningError, tuned_values, values_in_savu

#: Where we deliberately judge otherwise: a name, the cases ("Plugin.parameter text"), how many
#: there are, the reason.
DEVIATIONS = [
    (
        "texts are not evaluated",
        r" (1/2|all|max|it's)$",
        478,
        "Savu evaluates texts as Python: 1/2 is 0.5, max a function, and it's a syntax error",
    ),
    (
        "true is a truth value",
        r" (true|false)$",
        31,
        "evaluating knows only True and False: Savu accepts the word true, but keeps it as a text,"
        " and then false counts as true, too",
    ),
    (
        "broken quotes",
        r"^GeoDistance\.out_datasets ",
        1,
        "the definition of this default has a quote too many, which evaluating it does not mend",
    ),
]


def recorded(name: str) -> Any:
    path = Path(__file__).parent.parent / f"data/configurator/{name}.json.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return json.load(file)


VALUES = recorded("values")


def parameter_of(name: str) -> Parameter:
    plugin, _, parameter = name.partition(".")
    found = catalogue()[plugin].parameter(parameter)
    assert found is not None
    return found


def typed(name: str) -> Iterator[tuple[str, list[Any] | None]]:
    """The texts that were typed for a parameter, and the value that Savu saved, in a list."""
    record = VALUES["parameters"][name]
    if "vector" in record:
        vector = VALUES["vectors"][record["vector"]]
        for text, index in zip(VALUES["texts"], vector, strict=True):
            if index is not None:
                yield text, VALUES["results"][index]
    for text, index in record.get("extra", ()):
        yield text, VALUES["results"][index]


def same(value: Any, saved: Any) -> bool:
    if isinstance(value, float) and math.isnan(value):
        return saved == "nan"
    return type(value) is type(saved) and bool(value == saved)


def agrees(parameter: Parameter, text: str, saved: list[Any] | None) -> bool:
    value = read(parameter, text)
    accepted = not (expected(parameter, value) or missing(parameter, value, on_this_machine))
    return not accepted if saved is None else accepted and same(value, saved[0])


def test_texts_are_accepted_and_read_as_in_savu(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # like Savu's, paths begin in the current folder
    monkeypatch.chdir(tmp_path)
    named: Counter[str] = Counter()
    unexplained: list[str] = []
    total = 0
    for name in VALUES["parameters"]:
        parameter = parameter_of(name)
        for text, saved in typed(name):
            total += 1
            if agrees(parameter, text, saved):
                continue
            case = f"{name} {text}"
            reasons = [reason for reason, pattern, *_ in DEVIATIONS if re.search(pattern, case)]
            if reasons:
                named[reasons[0]] += 1
            else:
                unexplained.append(case)
    assert unexplained == []
    assert total > 37_000
    assert named == {name: count for name, _, count, _ in DEVIATIONS}


def test_defaults_are_those_of_savu() -> None:
    different = [
        name
        for name, record in VALUES["parameters"].items()
        if "default" in record
        and record["default"][0]
        != parameter_of(name).default_beside(new_plugin(name.partition(".")[0]).parameters)
    ]
    # this definition has a quote too many
    assert different == ["GeoDistance.out_datasets"]


#: Where we deliberately tune otherwise, as above.
TUNING_DEVIATIONS = [
    ("a range has its zero", r" (0|-2):\d+", 27, "Savu leaves 0 out of a range"),
    (
        "nothing is passed over",
        r" 1:10:3;5$| 1:2:3:4;$| 5;0:10:2$",
        6,
        "Savu ignores what follows a range or its third part, and takes a later range as a text",
    ),
]


def tunes_alike(
    parameter: Parameter, text: str, saved: Any, accepted: bool, values: list[Any] | None
) -> bool:
    value = read(parameter, text)
    if (expected(parameter, value) is None) != accepted:
        return False
    return not accepted or (value == saved and (values is None or tuned_values(value) == values))


def test_tunings_stand_for_the_values_that_savu_takes() -> None:
    named: Counter[str] = Counter()
    unexplained: list[str] = []
    for name, text, *outcome in recorded("tuning"):
        if tunes_alike(parameter_of(name), text, *outcome):
            continue
        case = f"{name} {text}"
        reasons = [reason for reason, pattern, *_ in TUNING_DEVIATIONS if re.search(pattern, case)]
        if reasons:
            named[reasons[0]] += 1
        else:
            unexplained.append(case)
    assert unexplained == []
    assert named == {name: count for name, _, count, _ in TUNING_DEVIATIONS}


def test_what_savu_takes_is_known_where_it_differs() -> None:
    for name, text, saved, accepted, values in recorded("tuning"):
        if not accepted or values is None:
            continue
        try:
            assert values_in_savu(saved) == values, (name, text)
        except TuningError:
            assert re.search(r"1:2:3:4;$|5;0:10:2$", text)
