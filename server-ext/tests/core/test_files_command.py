"""`jupyter savu show` and `save`, run as a user runs them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from jupyterlab_savu.client.command import main
from savu_core.files import read_process_list

SERVER_EXT = Path(__file__).parents[2]


def test_show_prints_what_differs_from_the_defaults(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["show", str(data / "lists/made_tuning_phantom_tomo_a.nxs")]) == 0
    assert capsys.readouterr().out == (
        "made_tuning_phantom_tomo_a.nxs: 4 plugins, Savu 4.2\n"
        "   1  NxtomoLoader\n"
        '        preview: [":", "mid-2:mid+2", ":"]\n'
        "   2  DarkFlatFieldCorrection\n"
        "   3  RingRemovalNormalization\n"
        '        radius: "5;11;21"\n'
        "   4  ScikitimageFilterBackProjection\n"
        '        centre_of_rotation: "82:87:1;"\n'
    )


def test_show_marks_unknown_plugins_and_loops(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["show", str(data / "savu_lists/edf_saver_test.nxs")])
    assert "   2  EdfSaver (unknown plugin)\n" in capsys.readouterr().out
    main(["show", str(data / "savu_lists/iterate_one_median_filter.nxs")])
    assert capsys.readouterr().out.endswith("plugins 3 to 3 run 2 times\n")


def test_show_at_a_level_has_the_numbers_that_mod_takes(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(data / "lists/made_basic_fbp_phantom_tomo_a.nxs")
    assert main(["show", "--level", "intermediate", path]) == 0
    shown = capsys.readouterr().out
    assert "   3  RingRemovalNormalization\n        1) radius: 11\n" in shown
    assert "        1) centre_of_rotation: 84.0\n" in shown
    assert "        12) in_datasets: []\n" in shown
    main(["show", "--level", "basic", str(data / "savu_lists/edf_saver_test.nxs")])
    assert "EdfSaver (unknown plugin)\n        " in capsys.readouterr().out


def test_show_json_has_the_values_themselves(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = data / "lists/made_basic_fbp_phantom_tomo_a.nxs"
    assert main(["show", "--json", str(path)]) == 0
    shown = json.loads(capsys.readouterr().out)
    plist, _ = read_process_list(path)
    assert [p["parameters"] for p in shown["plugins"]] == [p.parameters for p in plist.plugins]
    assert shown["version"] == "4.2" and shown["groups"] == []


def test_save_copies_a_list_and_replaces_one_only_when_told(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = data / "lists/made_letters.nxs", tmp_path / "new.nxs"
    assert main(["save", str(old), str(new)]) == 0
    assert read_process_list(new)[0] == read_process_list(old)[0]
    other = str(data / "savu_lists/edf_saver_test.nxs")
    assert main(["save", other, str(new)]) == 2
    assert "exists; give another name, or --force" in capsys.readouterr().err
    assert read_process_list(new)[0] == read_process_list(old)[0]
    assert main(["save", other, str(new), "--force"]) == 0
    assert read_process_list(new)[0].plugins[1].name == "EdfSaver"


def test_not_even_force_overwrites_a_scan(
    data: Path, scan_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = scan_file.read_bytes()
    old = str(data / "lists/made_letters.nxs")
    assert main(["save", old, str(scan_file), "--force"]) == 2
    assert "scan.nxs is a scan, not a process list" in capsys.readouterr().err
    assert scan_file.read_bytes() == before


def test_an_error_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    text = tmp_path / "notes.nxs"
    text.write_text("This is not a process list.")
    for path, message in [
        (text, "notes.nxs is not an HDF5 file (27 bytes of text)"),
        (tmp_path / "gone.nxs", f"{tmp_path / 'gone.nxs'}: No such file or directory"),
    ]:
        ended = subprocess.run(
            [sys.executable, "-m", "jupyterlab_savu.client.command", "show", str(path)],
            capture_output=True,
            text=True,
            cwd=SERVER_EXT,
            check=False,
        )
        assert ended.returncode == 2
        assert ended.stderr == f"jupyter savu: {message}\n"
        assert ended.stdout == ""
