"""`jupyter savu list` and `cite`, run as a user runs them."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyterlab_savu.client.command import main
from savu_core.catalogue import catalogue

Capture = pytest.CaptureFixture[str]


def test_plugins_are_listed_below_their_categories(capsys: Capture) -> None:
    assert main(["list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert {line.split()[0] for line in lines if line.startswith(" ")} == set(catalogue())
    assert main(["list", "nxtomo*loader"]) == 0
    category, *found = capsys.readouterr().out.splitlines()
    assert category == "loaders.full_field_loaders"
    assert [line.split()[0] for line in found] == ["MultiNxtomoLoader", "NxtomoLoader"]


def test_plugins_are_found_by_category(capsys: Capture) -> None:
    main(["list", "RING_removal"])
    assert "RemoveAllRings" in capsys.readouterr().out


def test_what_is_not_there_is_said(capsys: Capture) -> None:
    assert main(["list", "xyz"]) == 2
    assert capsys.readouterr().err == (
        "jupyter savu: no plugin of Savu 4.2 matches xyz; try fewer letters\n"
    )


def test_a_list_tells_what_to_cite(data: Path, capsys: Capture) -> None:
    assert main(["cite", str(data / "savu_lists/vo_centering_test.nxs")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any("VoCentering  https://doi.org/10." in line for line in lines)
