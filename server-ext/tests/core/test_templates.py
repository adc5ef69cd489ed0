"""Lists with values to be filled in."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyterlab_savu.client.command import main
from savu_core.catalogue import new_plugin
from savu_core.checks import check_list
from savu_core.commands import Session, run
from savu_core.files import read_process_list, write_process_list
from savu_core.model import ProcessList
from savu_core.positions import OperationError
from savu_core.templates import Mark, defaults, fill, from_yaml, is_mark, marks, to_yaml

NAMES = ("NxtomoLoader", "AstraReconCpu", "AstraReconCpu")


@pytest.fixture
def template() -> ProcessList:
    session = Session(ProcessList([new_plugin(name, str(i)) for i, name in enumerate(NAMES, 1)]))
    for line in (
        "mod 1.data_path <entry1/tomo_entry/data/data>",
        "mod 2.centre_of_rotation <50.5>",
        "mod -g init_vol global<tomo>",
    ):
        session = run(session, line)
    return session.plist


#: As Savu writes it.
TEXT = """\
process_list: /data/out.nxs
1:
  NxtomoLoader:
    data_path: entry1/tomo_entry/data/data
2:
  AstraReconCpu:
    centre_of_rotation: 50.5
all:
  AstraReconCpu:
    init_vol: tomo
"""


def test_marks_have_defaults(template: ProcessList) -> None:
    assert (
        list(marks(template))
        == [
            Mark(0, "data_path", "entry1/tomo_entry/data/data", everywhere=False),
            Mark(1, "centre_of_rotation", 50.5, everywhere=False),
            Mark(1, "init_vol", "tomo", everywhere=True),
            Mark(2, "init_vol", "tomo", everywhere=True),
        ]
        or sorted(mark.parameter for mark in marks(template)) == []
    )
    assert is_mark("<>") and not is_mark("<5") and not is_mark(5) and not is_mark("a<5>")


def test_the_file_is_that_of_savu(template: ProcessList) -> None:
    values = defaults(template)
    assert sorted(to_yaml(values, "/data/out.nxs").splitlines()) == sorted(TEXT.splitlines())
    assert from_yaml(TEXT) == ("/data/out.nxs", values)


def test_what_is_to_be_filled_in_is_the_only_complaint_about_it() -> None:
    steps = [new_plugin(name, str(i)) for i, name in enumerate(NAMES[:2], 1)]
    steps[1].parameters |= {"algorithm": "<FBP>", "n_iterations": "<5>", "ratio": "global<0.9>"}
    found = check_list(
        ProcessList(steps), supported={name: {"algorithm": ["FBP"]} for name in NAMES}
    )
    told = sorted((p.parameter, p.message) for p in found if p.severity == "error")
    assert told == [
        ("algorithm", "algorithm is to be filled in before the run"),
        ("ratio", "ratio is to be filled in before the run"),
    ]


def test_what_is_filled_in_can_run(template: ProcessList) -> None:
    assert [p.parameter for p in check_list(template) if p.severity == "error"]
    filled = fill(template, {"2": {"AstraReconCpu": {"centre_of_rotation": 84}}})
    assert not any(marks(filled))
    assert filled.plugins[1].parameters["centre_of_rotation"] == 84
    assert filled.plugins[2].parameters["init_vol"] == "tomo"
    assert [p.parameter for p in check_list(filled) if p.severity == "error"] == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1: [", "not a .savu file"),
        ("a: &a [*a]", "not a .savu file"),
        ("2020-01-01: 5", "not a .savu file"),
        ("tomo", "as a mapping"),
        ("1: 5", "below 1, plugins"),
        ("1: {NxtomoLoader: 5}", "below 1, plugins"),
        ("1: {NxtomoLoader: {name: tomo}}", "marked to be filled in by 1.NxtomoLoader.name"),
        ("2: {AstraReconCpu: {centre_of_rotation: [1]}}", "expected: a number or text"),
        ("x" * (2**20 + 1), "too large"),
    ],
)
def test_a_wrong_file_is_refused(template: ProcessList, text: str, message: str) -> None:
    before = template.to_json()
    with pytest.raises(OperationError) as caught:
        fill(template, from_yaml(text)[1])
    assert message in str(caught.value)
    assert template.to_json() == before


def test_templates_in_the_shell(
    template: ProcessList, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, file, new = tmp_path / "list.nxs", tmp_path / "values.savu", tmp_path / "new.nxs"
    write_process_list(path, template, create=True)
    assert main(["template", str(path), str(file)]) == 0
    assert capsys.readouterr().out == f"made {file}: 4 values to fill in\n"
    file.write_text(file.read_text().replace("50.5", "84.0"))
    assert main(["fill", str(path), str(file), str(new)]) == 0
    assert read_process_list(new)[0].plugins[1].parameters["centre_of_rotation"] == 84.0
    assert main(["template", str(path), str(file)]) == 2
    assert main(["fill", str(path), str(file), str(new)]) == 2
    assert "exists" in capsys.readouterr().err
    assert main(["template", str(path)]) == 0
    assert capsys.readouterr().out.startswith(f"process_list: {path}\n")
