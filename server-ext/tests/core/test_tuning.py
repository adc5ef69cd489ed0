from __future__ import annotations

import pytest

from savu_core.catalogue import new_plugin
from savu_core.model import ProcessList
from savu_core.tuning import Tuning, tuned_units, tunings


@pytest.mark.parametrize(
    ("text", "units"),
    [("5;11;21", "int"), ("82:87:1;", "int64"), ("0:1:0.25;", "float64"), ("1.5;2", "float")],
)
def test_the_type_of_tuned_values_is_noted_as_savu_does(text: str, units: str) -> None:
    assert tuned_units(text) == units


def test_tunings_are_counted_where_they_make_results() -> None:
    loader, median, recon = (
        new_plugin(name) for name in ("NxtomoLoader", "MedianFilter", "AstraReconCpu")
    )
    plist = ProcessList([loader, median, recon])
    loader.parameters["preview"] = "1;2"
    median.parameters["kernel_size"] = "3;5"
    recon.parameters["centre_of_rotation"] = "80:87:1;"
    recon.parameters["ratio"] = "0:1:0;"
    assert tunings(plist) == [
        Tuning(1, "kernel_size", 2),
        Tuning(2, "centre_of_rotation", 7),
    ]
    median.active = False
    assert tunings(plist) == [Tuning(2, "centre_of_rotation", 7)]
