from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from savu_core.catalogue import new_plugin
from savu_core.model import ProcessList
from savu_core.preview import (
    PreviewError,
    PreviewSlice,
    check_preview,
    parse_preview,
    restrict_rows,
)

#: What Savu loads although the data or a whole row are not there: refused on purpose.
BEYOND_SAVU = {"end", "5:100", "100", "mid/2:mid", "end/2", "1.5:4.5", "2:8:-1", "2:8:1:0", "True"}


def test_previews_mean_what_savu_makes_of_them(data: Path) -> None:
    cases = json.loads((data / "preview_cases.json").read_text())
    refused = set()
    for case in cases:
        try:
            slices = parse_preview(case["value"], case["shape"])
        except PreviewError:
            if "starts" in case:
                refused.add(case["value"][1])
            continue
        assert [part.start for part in slices] == case["starts"], case
        assert [part.stop for part in slices] == case["stops"], case
        assert [part.step for part in slices] == case["steps"], case
        assert [part.chunk for part in slices] == case["chunks"], case
        assert [len(part) for part in slices] == case["loaded"], case
    assert len(cases) > 150
    assert refused == BEYOND_SAVU


@pytest.mark.parametrize(
    ("value", "phrase"),
    [
        ([":", "5:", ":"], "write start or end"),
        ([":", ":"], "2 entries, the data have 3 dimensions"),
        ([":", "5:100", ":"], "reaches beyond the data"),
        ([":", "8:2", ":"], "is not after start"),
        ([":", "mid/2", ":"], "divide with //"),
        ([":", "2**99", ":"], "use whole numbers"),
        ([":", "1//0", ":"], "divides by zero"),
        ([":", "__import__('os').getpid()", ":"], "use whole numbers"),
        ([":", "(" * 90, ":"], "use whole numbers"),
        ([":", "0:8:4:3", ":"], "chunk of 3"),
        ("5:15", "a preview is a list"),
        ([None, ":", ":"], "not an entry"),
    ],
)
def test_faults_are_explained(value: Any, phrase: str) -> None:
    with pytest.raises(PreviewError) as caught:
        parse_preview(value, (20, 16, 24))
    assert phrase in str(caught.value)


@settings(deadline=None)
@given(st.lists(st.text("0123456789:+-*/ startmiden().", max_size=12), min_size=3, max_size=3))
def test_what_is_accepted_lies_within_the_data(entries: list[str]) -> None:
    shape = (20, 16, 24)
    try:
        slices = parse_preview(entries, shape)
    except PreviewError:
        return
    for part, length in zip(slices, shape, strict=True):
        indices = part.indices()
        assert indices and min(indices) >= 0 and max(indices) < length
        assert len(indices) == len(part)


def test_a_chunk_takes_the_neighbours() -> None:
    assert PreviewSlice(4, 12, 4, 3).indices() == [3, 4, 5, 7, 8, 9]


def test_a_preview_can_be_judged_without_data() -> None:
    assert check_preview([":", "mid-100:end-3", 7]) is None
    assert "write start or end" in (check_preview([":", ":5", ":"]) or "")


def demo(preview: list[Any]) -> ProcessList:
    names = ("NxtomoLoader", "VoCentering", "AstraReconCpu")
    plist = ProcessList([new_plugin(name, str(i + 1)) for i, name in enumerate(names)])
    plist.plugins[0].parameters["preview"] = preview
    return plist


def test_a_list_is_restricted_to_the_middle_rows() -> None:
    plist = demo(["0:90", ":", ":"])
    plist.plugins[1].parameters["preview"] = [":", "60", ":"]
    restricted = restrict_rows(plist, (91, 128, 512))
    assert restricted.plugins[0].parameters["preview"] == ["0:90", "60:68", ":"]
    # row 60 of all is not among the eight that are left
    assert restricted.plugins[1].parameters["preview"] == [":", "mid", ":"]
    assert plist.plugins[0].parameters["preview"] == ["0:90", ":", ":"]
    assert restrict_rows(demo([]), (91, 128, 512)).plugins[0].parameters["preview"] == [
        ":",
        "60:68",
        ":",
    ]


@pytest.mark.parametrize("preview", [[":", "3:40", ":"], [":", "mid", ":"], [":", "0:end:2", ":"]])
def test_rows_that_were_chosen_stay(preview: list[str]) -> None:
    assert restrict_rows(demo(preview), (91, 128, 512)) == demo(preview)


def test_few_rows_stay() -> None:
    assert restrict_rows(demo([]), (91, 8, 512)) == demo([])
