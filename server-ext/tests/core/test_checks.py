from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from savu_core.catalogue import new_plugin
from savu_core.checks import check_list
from savu_core.files import read_process_list
from savu_core.model import IterateGroup, Plugin, ProcessList
from savu_core.scans import find_scan
from savu_core.sight import on_this_machine

ENGINE = {
    "NxtomoLoader": {},
    "DarkFlatFieldCorrection": {},
    "VoCentering": {},
    "AstraReconCpu": {"algorithm": ["FBP"]},
}


def make(*names: str, **parameters: Any) -> ProcessList:
    """A list of plugins at their defaults; `parameters` are set in the last."""
    plist = ProcessList([new_plugin(name, str(i + 1)) for i, name in enumerate(names)])
    plist.plugins[-1].parameters.update(parameters)
    return plist


def found(plist: ProcessList, **options: Any) -> list[tuple[str, int | None, str | None]]:
    return [(p.severity, p.plugin, p.parameter) for p in check_list(plist, **options)]


def test_a_good_list_has_no_problems(data: Path) -> None:
    for name in ("made_basic_fbp_phantom_tomo_a", "made_tuning_phantom_tomo_a"):
        plist, _ = read_process_list(data / f"lists/{name}.nxs")
        assert check_list(plist) == []


@pytest.mark.parametrize(
    ("plist", "problem"),
    [
        (ProcessList(), ("error", None, None)),
        (make("VoCentering"), ("error", None, None)),
        (make("VoCentering", "NxtomoLoader"), ("error", 1, None)),
        (make("NxtomoLoader", "AstraReconCpu"), ("warning", 1, "centre_of_rotation")),
        (make("NxtomoLoader", "AstraReconCpu", ratio="big"), ("error", 1, "ratio")),
        (make("NxtomoLoader", "AstraReconCpu", gone=1), ("warning", 1, "gone")),
        (make("NxtomoLoader", "VoCentering", step="<0.5>"), ("error", 1, "step")),
        (make("NxtomoLoader", "VoCentering", step="0:1:0.5;"), ("warning", 1, "step")),
        (make("NxtomoLoader", preview=[":", "5:", ":"]), ("error", 0, "preview")),
    ],
)  # fmt: skip
def test_problems_are_found_at_their_place(
    plist: ProcessList, problem: tuple[str, int | None, str | None]
) -> None:
    assert problem in found(plist)


def test_files_that_are_not_found_are_told_but_stop_nothing(tmp_path: Path) -> None:
    flats = tmp_path / "flats.h5"
    plist = make("NxtomoLoader", flat=[str(flats), "entry/data", 1])
    assert found(plist) == [("warning", None, None)]
    (_, problem) = check_list(plist, look=on_this_machine)
    assert (problem.severity, problem.plugin, problem.parameter) == ("warning", 0, "flat")
    assert problem.message == f"flat: there is no file {flats}"
    flats.touch()
    assert found(plist, look=on_this_machine) == [("warning", None, None)]


def test_every_loader_behind_another_plugin_is_told() -> None:
    plist = make("VoCentering", "NxtomoLoader", "NxmonitorLoader")
    assert [p for p in found(plist) if p[2] is None] == [("error", 1, None), ("error", 2, None)]
    plist.plugins[0].active = False
    assert [p for p in found(plist) if p[0] == "error"] == []


def test_letters_in_the_numbers_are_told(data: Path) -> None:
    plist, _ = read_process_list(data / "lists/made_letters.nxs")
    assert any("letters in its numbers" in problem.message for problem in check_list(plist))


def test_inputs_that_nothing_makes_are_told() -> None:
    plist = make("NxtomoLoader", "VoCentering", "AstraReconCpu", in_datasets=["recon"])
    (problem,) = check_list(plist)
    assert (problem.severity, problem.plugin, problem.parameter) == ("error", 2, "in_datasets")
    assert problem.message == (
        "no plugin before makes the dataset recon; there is: tomo, cor_preview, cor_broadcast"
    )
    plist.plugins[0].parameters["name"] = "recon"
    assert check_list(plist) == []


def test_inputs_are_made_by_plugins_before_that_are_on() -> None:
    plist = make("NxtomoLoader", "MedianFilter", "GatherStats", in_datasets=["smooth"])
    plist.plugins[1].parameters["out_datasets"] = ["smooth"]
    assert found(plist) == []
    plist.plugins[1].active = False
    assert found(plist) == [("error", 2, "in_datasets")]
    plist.plugins[1], plist.plugins[2] = plist.plugins[2], plist.plugins[1]
    plist.plugins[2].active = True
    assert found(plist) == [("error", 1, "in_datasets")]


@pytest.mark.parametrize("maker", ["SavuNexusLoader", "Gone"])
def test_nothing_is_said_where_the_names_cannot_be_told(maker: str) -> None:
    plist = make("NxtomoLoader", "GatherStats", in_datasets=["other"])
    plist.plugins.insert(1, Plugin("2", maker, "savu.other"))
    assert "in_datasets" not in {parameter for _, _, parameter in found(plist)}


def test_a_centring_plugin_finds_the_centre() -> None:
    plist = make("NxtomoLoader", "VoCentering", "AstraReconCpu")
    assert found(plist) == []
    plist.plugins[1].active = False
    assert found(plist) == [("warning", 2, "centre_of_rotation")]


def test_what_is_switched_off_stops_nothing() -> None:
    plist = make("NxtomoLoader", "VoCentering", step="far")
    plist.plugins.append(Plugin("3", "Gone", "savu.gone", active=False))
    plist.plugins[1].active = False
    assert {severity for severity, _, _ in found(plist, supported=ENGINE)} == {"warning"}


def test_parameters_without_effect_are_not_judged() -> None:
    plist = make("NxtomoLoader", "VoCentering", "AstraReconCpu", n_iterations="many")
    assert found(plist) == []


def test_unknown_plugins_are_named() -> None:
    plist = make("NxtomoLoader")
    plist.plugins.append(Plugin("2", "SimpleFitXrf", "savu.plugins.simple_fit_xrf"))
    (problem,) = check_list(plist)
    assert (problem.severity, problem.plugin) == ("error", 1)
    assert "SimpleFitXrf" in problem.message


def test_what_an_engine_cannot_run_is_said_before_the_run() -> None:
    plist = make("NxtomoLoader", "VoCentering", "AstraReconCpu", algorithm="SIRT")
    plist.plugins.insert(2, new_plugin("PaganinFilter", "3"))
    plist.plugins[3].position = "4"
    assert found(plist, supported=ENGINE) == [("error", 2, None), ("error", 3, "algorithm")]
    plist.plugins[3].parameters["algorithm"] = "FBP;CGLS"
    messages = [problem.message for problem in check_list(plist, supported=ENGINE)]
    assert messages == [
        "the engine cannot run PaganinFilter",
        "the engine cannot run AstraReconCpu with algorithm 'CGLS', only: FBP",
    ]


@pytest.mark.parametrize(
    ("loops", "count"),
    [
        ([IterateGroup(2, 2, 3)], 0),
        ([IterateGroup(1, 2, 1), IterateGroup(3, 3, 2)], 0),
        ([IterateGroup(7, 1, 4)], 1),
        ([IterateGroup(0, 2, 4)], 1),
        ([IterateGroup(2, 4, 4)], 1),
        ([IterateGroup(1, 2, 0)], 1),
        ([IterateGroup(1, 2, 2), IterateGroup(2, 3, 2)], 1),
    ],
)
def test_loops_must_be_ranges_of_the_list(loops: list[IterateGroup], count: int) -> None:
    plist = make("NxtomoLoader", "VoCentering", "AstraReconCpu")
    plist.groups = loops
    assert found(plist) == [("error", None, None)] * count


def test_a_preview_must_fit_the_scan(scan_file: Path) -> None:
    scan = find_scan(scan_file)
    assert found(make("NxtomoLoader", "VoCentering"), scan=scan) == []
    plist = make("NxtomoLoader")
    for preview, fits in (([":", "0:4", ":"], True), ([":", "0:9", ":"], False), ([":"], False)):
        plist.plugins[0].parameters["preview"] = preview
        problems = found(plist, scan=scan)
        assert (("error", 0, "preview") in problems) is not fits


def test_what_the_scan_lacks_must_come_from_elsewhere(scan_file: Path) -> None:
    bare = replace(find_scan(scan_file), angles_path=None, n_darks=0, n_flats=0)
    plist = make("NxtomoLoader", "DarkFlatFieldCorrection")
    lacking = [("error", 0, "angles"), ("error", 1, None), ("error", 1, None)]
    assert found(plist, scan=bare) == lacking
    plist.plugins[0].parameters |= {
        "angles": "np.linspace(0, 180, 9)",
        "dark": ["fields.h5", "dark", 1.0],
        "flat": ["fields.h5", "flat", 1.0],
    }
    assert found(plist, scan=bare) == []


def test_an_engine_may_lack_loops_and_tuning() -> None:
    plist = make("NxtomoLoader", "VoCentering", "AstraReconCpu", centre_of_rotation="80:87:1;")
    plist.groups = [IterateGroup(2, 2, 3)]
    assert found(plist, supported=ENGINE) == []
    lacking = [("error", None, None), ("error", 2, "centre_of_rotation")]
    assert found(plist, supported=ENGINE, lacks=["loops", "tuning"]) == lacking
