"""`jupyter savu add`, `mod`, `set` …, run as a user runs them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from jupyterlab_savu.client import edit_command
from jupyterlab_savu.client.command import main
from savu_core.files import file_hash, read_process_list, write_process_list

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def path(data: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "a list.nxs"
    shutil.copy(data / "lists/made_basic_fbp_phantom_tomo_a.nxs", copy)
    return copy


def names(path: Path) -> list[str]:
    return [plugin.name for plugin in read_process_list(path)[0].plugins]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["mod", "LIST", "3.radius", "21"], "3.radius: 11 -> 21"),
        (["mod", "LIST", "4.1", "82:87:1"], '4.centre_of_rotation: 84.0 -> "82:87:1;"'),
        (["mod", "LIST", "4.centre_of_rotation", "-0.5"], "4.centre_of_rotation: 84.0 -> -0.5"),
        (["mod", "LIST", "4.centre_of_rotation", "-d"], "4.centre_of_rotation: 84.0 -> 0.0"),
        (["mod", "LIST", "4.12", "[tomo]", "--level", "intermediate"], "4.in_datasets: [] "),
        (["set", "LIST", "2-3", "off"], "2 DarkFlatFieldCorrection: off"),
        (["move", "LIST", "3", "2"], "2 RingRemovalNormalization, 3 DarkFlatFieldCorrection"),
        (["rem", "LIST", "2", "3"], "plugins: 1 NxtomoLoader, 2 ScikitimageFilterBackProjection"),
        (["dupl", "LIST", "3", "4"], "3 RingRemovalNormalization, 4 RingRemovalNormalization"),
        (["replace", "LIST", "3", "MedianFilter"], "3 MedianFilter"),
        (["iterate", "LIST", "--set", "2", "3", "4"], "loop 1: plugins 2 to 3 run 4 times"),
        (["ref", "LIST", "*", "-d"], "4.centre_of_rotation: 84.0 -> 0.0"),
        (["expand", "LIST", "1", "2"], '1.preview: [":", "mid-2:mid+3", ":"] -> [":", "mid'),
        (["clear", "LIST"], "plugins: none"),
    ],
)
def test_a_command_edits_the_file_and_says_what_changed(
    path: Path, capsys: Capture, arguments: list[str], said: str
) -> None:
    before = file_hash(path)
    assert main([str(path) if word == "LIST" else word for word in arguments]) == 0
    assert said in capsys.readouterr().out
    assert file_hash(path) != before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["iterate", "LIST"], "the list has no loops\n"),
        (["expand", "LIST", "1"], "dim2  start mid-2  stop mid+3  step -  chunk -\n"),
        (["set", "LIST", "2", "on"], "nothing changed\n"),
    ],
)
def test_a_look_writes_nothing(
    path: Path, capsys: Capture, arguments: list[str], said: str
) -> None:
    before = path.stat().st_mtime_ns, path.read_bytes()
    assert main([str(path) if word == "LIST" else word for word in arguments]) == 0
    assert said in capsys.readouterr().out
    assert (path.stat().st_mtime_ns, path.read_bytes()) == before


def test_a_typed_path_names_a_file_that_is_there(path: Path, capsys: Capture) -> None:
    flats = path.parent / "flats.h5"
    value = f"[{flats},entry/data,1]"
    assert main(["mod", str(path), "1.flat", value]) == 2
    assert f"not a value of 1.flat: there is no file {flats}" in capsys.readouterr().err
    flats.touch()
    assert main(["mod", str(path), "1.flat", value]) == 0


def test_a_list_is_built_from_nothing(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "new.nxs"
    assert main(["new", str(path)]) == 0
    assert main(["add", str(path), "MedianFilter"]) == 0
    assert capsys.readouterr().err == (
        "note: the list must begin with a loader, else Savu does not run it\n"
    )
    assert main(["add", str(path), "NxtomoLoader"]) == 0
    assert main(["add", str(path), "AstraReconCpu", "2"]) == 0
    assert names(path) == ["NxtomoLoader", "AstraReconCpu", "MedianFilter"]
    assert main(["new", str(path)]) == 2


def test_several_commands_are_all_done_or_none(path: Path, capsys: Capture) -> None:
    before = file_hash(path)
    assert main(["edit", str(path), "rem 3", "add MedianFilter 3", "mod 9.1 5"]) == 2
    assert capsys.readouterr().err == "jupyter savu: there is no plugin 9; the list has 1 to 4\n"
    assert file_hash(path) == before
    lines = ["rem 3", "add MedianFilter 3", "level advanced", "mod 3.1 5"]
    assert main(["edit", str(path), *lines]) == 0
    assert names(path)[2] == "MedianFilter"
    assert read_process_list(path)[0].plugins[2].parameters["kernel_size"] == 5


def test_what_the_file_holds_besides_is_kept(data: Path, tmp_path: Path) -> None:
    path = tmp_path / "list.nxs"
    shutil.copy(data / "savu_lists/edf_saver_test.nxs", path)
    before = read_process_list(path)[0]
    assert main(["set", str(path), "1", "off"]) == 0
    after = read_process_list(path)[0]
    assert after.extra == before.extra
    assert [plugin.extra for plugin in after.plugins] == [p.extra for p in before.plugins]


def test_a_list_that_changes_meanwhile_is_not_overwritten(
    path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def change_and_write(*arguments: object, **options: str) -> str:
        plist, digest = read_process_list(path)
        plist.plugins.pop()
        write_process_list(path, plist, expected_hash=digest)
        return write_process_list(*arguments, **options)

    monkeypatch.setattr(edit_command, "write_process_list", change_and_write)
    assert main(["set", str(path), "2", "off"]) == 2
    assert "changed" in capsys.readouterr().err
    assert len(names(path)) == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["rem", "LIST", "9"], "there is no plugin 9; the list has 1 to 4"),
        (["add", "LIST", "Nothing"], "Savu 4.2 has no plugin Nothing"),
        (["mod", "LIST", "3.radius", "1.5"], "1.5 is not a value of 3.radius; expected: a whole"),
        (["edit", "LIST", "mod"], "mod: the following arguments are required"),
    ],
)
def test_an_error_is_one_line(
    path: Path, capsys: Capture, arguments: list[str], message: str
) -> None:
    before = file_hash(path)
    assert main([str(path) if word == "LIST" else word for word in arguments]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(f"jupyter savu: {message}")
    assert told.err.count("\n") == 1
    assert file_hash(path) == before
