"""What the editing commands do where Savu's own are at fault, and what holds for all of them."""

from __future__ import annotations

import copy
import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from savu_core.catalogue import new_plugin
from savu_core.commands import Session, changes, loop_lines, preview_lines, run
from savu_core.model import IterateGroup, Plugin, ProcessList
from savu_core.operations import add, duplicate, move, order_fault, refresh, remove, replace
from savu_core.parameters import parse_address, shown_parameters
from savu_core.positions import OperationError

NAMES = (
    "NxtomoLoader",
    "DarkFlatFieldCorrection",
    "RingRemovalNormalization",
    "AstraReconCpu",
    "TiffSaver",
)


def a_list(*names: str, loop: tuple[int, int, int] | None = None) -> ProcessList:
    plugins = [new_plugin(name, str(i)) for i, name in enumerate(names or NAMES, 1)]
    return ProcessList(plugins, [IterateGroup(*loop)] if loop else [])


def order(plist: ProcessList) -> list[str]:
    return [f"{plugin.position} {plugin.name}" for plugin in plist.plugins]


def edited(*lines: str, of: ProcessList | None = None) -> ProcessList:
    session = Session(of or a_list())
    for line in lines:
        session = run(session, line)
    return session.plist


def refusal(line: str, of: ProcessList | None = None) -> str:
    with pytest.raises(OperationError) as caught:
        edited(line, of=of)
    return str(caught.value)


def value(plist: ProcessList, index: int, name: str) -> object:
    return plist.plugins[index].parameters[name]


def test_a_plugin_goes_to_the_end_but_a_loader_to_the_loaders() -> None:
    assert order(add(a_list(), "MedianFilter"))[-1] == "6 MedianFilter"
    assert order(add(a_list(), "ImageLoader"))[:3] == [
        "1 NxtomoLoader",
        "2 ImageLoader",
        "3 DarkFlatFieldCorrection",
    ]
    assert order(add(ProcessList(), "MedianFilter")) == ["1 MedianFilter"]


def test_letters_say_where_and_numbers_are_plain_afterwards() -> None:
    lettered = a_list()
    for plugin, position in zip(lettered.plugins, ("1", "2a", "2b", "2c", "3"), strict=True):
        plugin.position = position
    assert order(add(lettered, "MedianFilter", "2b")) == [
        "1 NxtomoLoader",
        "2 DarkFlatFieldCorrection",
        "3 MedianFilter",
        "4 RingRemovalNormalization",
        "5 AstraReconCpu",
        "6 TiffSaver",
    ]
    assert order(move(lettered, "2c", "1"))[0] == "1 AstraReconCpu"
    assert order(remove(lettered, ["2a-2c"])) == ["1 NxtomoLoader", "2 TiffSaver"]
    # what does not change the order leaves the file's numbers alone
    assert [p.position for p in edited("set 2b off", of=lettered).plugins][2] == "2b"


@pytest.mark.parametrize(
    ("line", "loops"),
    [
        ("add MedianFilter 2", [(3, 5, 7)]),
        ("add MedianFilter 3", [(2, 5, 7)]),
        ("add MedianFilter 5", [(2, 4, 7)]),
        ("rem 1", [(1, 3, 7)]),
        ("rem 3", [(2, 3, 7)]),
        ("rem 2-4", []),
        ("move 2 4", [(2, 4, 7)]),
        ("move 2 5", [(2, 3, 7)]),
        ("move 1 3", [(1, 4, 7)]),
        ("dupl 3 3", [(2, 5, 7)]),
        ("dupl 3", [(2, 4, 7)]),
        ("replace 2 MedianFilter", [(2, 4, 7)]),
    ],
)
def test_loops_follow_their_plugins(line: str, loops: list[tuple[int, int, int]]) -> None:
    plist = edited(line, of=a_list(loop=(2, 4, 7)))
    assert [(g.start, g.end, g.iterations) for g in plist.groups] == loops


def test_loops_are_set_changed_and_removed_by_number() -> None:
    plist = edited("iterate --set 2 3 4", "iterate --set 5 5 2", "iterate --set 2 3 9")
    assert list(loop_lines(plist)) == [
        "loop 1: plugins 2 to 3 run 9 times",
        "loop 2: plugins 5 to 5 run 2 times",
    ]
    assert "remove it first" in refusal("iterate --set 3 4 2", plist)
    assert "the list has 2" in refusal("iterate --remove 1 3", plist)
    assert edited("iterate --remove 1", of=plist).groups == [IterateGroup(5, 5, 2)]
    assert list(loop_lines(edited("iterate --remove", of=plist))) == ["the list has no loops"]


def test_a_replaced_plugin_stays_switched_off_and_has_its_own_defaults() -> None:
    plist = edited("set 2 4 off")
    new = replace(plist, "4", "AstraReconGpu")
    assert [plugin.active for plugin in new.plugins] == [True, False, True, False, True]
    assert new.plugins[3] == replace(plist, "4", "AstraReconGpu").plugins[3]
    assert new.plugins[3].parameters == new_plugin("AstraReconGpu").parameters


def test_a_copy_has_values_of_its_own() -> None:
    plist = duplicate(edited("mod 3.radius 21"), "3", "4")
    plist.plugins[3].parameters["in_datasets"].append("tomo")
    assert value(plist, 3, "radius") == 21
    assert value(plist, 2, "in_datasets") == []


def test_refresh_keeps_values_and_brings_missing_parameters() -> None:
    old = edited("mod 3.radius 21")
    del old.plugins[2].parameters["number_of_chunks"]
    old.plugins[2].parameters["forgotten"] = 1
    plist = refresh(old, ["3"])
    assert plist.plugins[2].parameters == {
        **new_plugin("RingRemovalNormalization").parameters,
        "radius": 21,
    }
    assert list(changes(old, plist)) == ["3.forgotten: 1 is gone", "3.number_of_chunks: null -> 1"]
    assert value(edited("ref * -d", of=old), 2, "radius") == 11


def test_refresh_makes_of_old_plugins_what_savu_makes_of_them(data: Path) -> None:
    with gzip.open(data / "configurator/refresh.json.gz", "rt", encoding="utf-8") as file:
        recorded = json.load(file)
    for name, old_id, old, new_id, new in recorded:
        plist = refresh(ProcessList([Plugin("1", name, old_id, parameters=old)]))
        assert (plist.plugins[0].id, plist.plugins[0].parameters) == (new_id, new)
    assert len(recorded) == 41


@pytest.mark.parametrize(
    ("start", "line", "entries"),
    [
        ([], "mod 1.preview.dim1.stop end-2", ["start:end-2"]),
        ([], "mod 1.preview.dim1.step 2", ["start:end:2"]),
        ([], "mod 1.preview.dim1.chunk 3", ["start:end:1:3"]),
        ([], "mod 1.preview.dim1.start 4", [4]),
        ([":", "5", ":"], "mod 1.preview.dim2.stop 9", [":", "5:9", ":"]),
        ([":", "5:9", ":"], "mod 1.1.dim2.step 2", [":", "5:9:2", ":"]),
        ([":", "5:9:2", ":"], "mod 1.preview.dim2 mid", [":", "mid", ":"]),
        ([":", "5", ":"], "expand 1 2", [":", "5"]),
        ([], "expand 1 3", [":", ":", ":"]),
    ],
)
def test_a_preview_is_written_in_the_form_that_loads(
    start: list[str], line: str, entries: list[object]
) -> None:
    plist = a_list()
    plist.plugins[0].parameters["preview"] = start
    assert value(edited(line, of=plist), 0, "preview") == entries


def test_a_preview_is_shown_in_its_parts() -> None:
    plist = edited("mod 1.preview [:,mid-2:mid+3,5:9:2]")
    assert list(preview_lines(plist, "1")) == [
        "dim1  start -  stop -  step -  chunk -",
        "dim2  start mid-2  stop mid+3  step -  chunk -",
        "dim3  start 5  stop 9  step 2  chunk -",
    ]


def test_the_number_that_is_shown_is_the_number_that_works() -> None:
    plist = a_list("NxtomoLoader", "CcpiDenoisingCpu")
    for level in ("basic", "intermediate", "advanced"):
        for number, parameter in shown_parameters(plist.plugins[1], level):
            done = edited(f"level {level}", f"mod 2.{number} -d", of=plist)
            assert done.plugins[1].parameters[parameter.name] == parameter.default
    shown = dict(shown_parameters(plist.plugins[1], "intermediate"))
    number = next(n for n, parameter in shown.items() if parameter.name == "in_datasets")
    done = edited("level intermediate", f"mod 2.{number} [tomo]", of=plist)
    assert value(done, 1, "in_datasets") == ["tomo"]


def test_a_default_may_depend_on_another_parameter() -> None:
    plist = a_list("NxtomoLoader", "CcpiDenoisingCpu")
    done = edited("mod 2.method SB_TV", "mod 2.max_iterations -d", of=plist)
    assert value(done, 1, "max_iterations") == 100
    # the parent alone changes nothing
    assert value(edited("mod 2.method SB_TV", of=plist), 1, "max_iterations") == 500


def test_a_value_for_all_plugins_must_fit_each() -> None:
    done = edited("mod -g in_datasets [tomo]")
    assert [p.parameters.get("in_datasets") for p in done.plugins] == [None] + [["tomo"]] * 4
    assert "expected" in refusal("mod -g in_datasets tomo")
    assert "no plugin of the list has" in refusal("mod -g nothere 1")
    assert edited("mod -g in_datasets -d", of=done) == a_list()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("add medianfilter", "did you mean MedianFilter?"),
        ("add MedianFilter abc", "'abc' is not a plugin position"),
        ("rem 6", "there is no plugin 6; the list has 1 to 5"),
        ("rem 3-2", "write 2-3"),
        ("move 2 6", "1 to 5 are"),
        ("mod 3.radios 5", "did you mean radius?"),
        ("mod 3.9 5", "1 to 4 are numbers"),
        ("mod 3.radius 1.5", "expected: a whole number"),
        ("mod 3.radius", "a value, or -d for the default, is expected"),
        ("mod 3 5", "write it as 3.radius or 3.1"),
        ("mod 4.n_iterations 5", "of use only while algorithm is"),
        ("mod 1.preview.dim2.start 4", "give all of it"),
        ("mod 1.preview.dim1.bad 4", "start, stop, step, chunk are"),
        ("mod 1.preview.dim1 1.5", "not a whole number"),
        ("mod 1.preview.dim21 4", "from 1 to 20"),
        ("mod 3.radius.dim1 4", "has no dimensions"),
        ("mod 1.preview.dim1 -d", "reset all of it"),
        ("expand 3 2", "has no preview"),
        ("iterate --set 4 2 3", "is not a range"),
        ("iterate --set 2 3 0", "at least once"),
        ("set 2 maybe", "maybe"),
        ("disp", "invalid choice"),
    ],
)
def test_a_refusal_says_what_is_expected(line: str, message: str) -> None:
    assert message in refusal(line)


def test_an_unknown_plugin_can_be_moved_but_not_set() -> None:
    plist = a_list()
    plist.plugins[1].name = "Gone"
    assert order(move(plist, "2", "3"))[2] == "3 Gone"
    assert "replace or remove it" in refusal("mod 2.1 5", plist)
    assert "Savu 4.2 has no plugin Gone" in refusal("ref *", plist)


def test_savu_saves_only_lists_that_begin_with_their_loaders() -> None:
    assert order_fault(a_list()) is None
    assert "empty" in (order_fault(ProcessList()) or "")
    assert "must begin with a loader" in (order_fault(move(a_list(), "1", "2")) or "")
    late = add(a_list(), "ImageLoader", "3")
    assert "at the beginning" in (order_fault(late) or "")


def test_an_address_names_a_parameter() -> None:
    address = parse_address("1.preview.dim2.start")
    assert (address.position, address.parameter, address.dimension, address.part) == (
        "1", "preview", 2, "start",
    )  # fmt: skip


POSITIONS = st.sampled_from(["1", "2", "3", "5", "6", "0", "-1", "2b", "x", "2-4", "*"])
LINES = st.one_of(
    st.builds("add MedianFilter {}".format, POSITIONS),
    st.builds("rem {} {}".format, POSITIONS, POSITIONS),
    st.builds("move {} {}".format, POSITIONS, POSITIONS),
    st.builds("dupl {} {}".format, POSITIONS, POSITIONS),
    st.builds("replace {} TiffSaver".format, POSITIONS),
    st.builds("set {} {} off".format, POSITIONS, POSITIONS),
    st.builds("ref {} -d".format, POSITIONS),
    st.builds("mod {}.1 {}".format, POSITIONS, st.sampled_from(["5", "[]", "-d"])),
    st.builds("iterate --set {} {} 3".format, POSITIONS, POSITIONS),
)


@given(st.lists(LINES, max_size=8))
def test_commands_leave_the_list_they_get_alone_and_make_a_sound_one(lines: list[str]) -> None:
    plist = a_list(loop=(2, 3, 4))
    for line in lines:
        before = copy.deepcopy(plist)
        try:
            after = run(Session(plist), line).plist
        except OperationError:
            after = plist
        assert plist == before
        assert [p.position for p in after.plugins] == [
            str(i) for i in range(1, len(after.plugins) + 1)
        ]
        assert all(1 <= g.start <= g.end <= len(after.plugins) for g in after.groups)
        assert ProcessList.from_json(after.to_json()) == after
        plist = after
