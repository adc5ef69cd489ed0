"""Indices of volumes, and the slices that they are read from."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as numbers
from PIL import Image

from jupyterlab_savu.client.places import Place, find, place
from jupyterlab_savu.client.png import to_png
from jupyterlab_savu.client.selecting import Cut, Plan, take, text_of

SHAPE = (7, 6, 5)


@st.composite
def indexed(draw: st.DrawFn) -> tuple[tuple[int, ...], Any]:
    """A shape in two to four dimensions, and an index of NumPy's basic kind."""
    shape = tuple(draw(st.lists(st.integers(1, 7), min_size=2, max_size=4)))
    return shape, draw(numbers.basic_indices(shape, allow_newaxis=False))


def read(plan: Plan, values: np.ndarray) -> np.ndarray:
    """What the cuts of a plan make up, each read as the server does."""
    made = np.empty(plan.shape, values.dtype)
    for where, cut in plan.cuts():
        plane = values[tuple(slice(None) if index is None else index for index in cut.at)]
        top, bottom, left, right = cut.region
        _, rows, columns = plan.steps
        made[where] = plane[top : bottom : cut.step, left : right : cut.step][::rows, ::columns]
    return made


@given(indexed())
def test_the_cuts_of_any_index_make_up_what_numpy_answers(
    asked: tuple[tuple[int, ...], Any],
) -> None:
    shape, index = asked
    values = np.arange(np.prod(shape)).reshape(shape)
    taken = take(index, shape)
    rising = tuple(sorted(part) if isinstance(part, range) else [part] for part in taken)
    expected = values[np.ix_(*rising)]
    assume(expected.size)
    np.testing.assert_array_equal(read(Plan.of(taken), values), expected)
    lengths = tuple(len(part) for part in taken if isinstance(part, range))
    assert lengths == np.shape(values[index])


@pytest.mark.parametrize(
    ("selection", "count", "plane"),
    [
        ((..., 3), 1, ":,:,3"),
        (3, 1, "3,:,:"),
        (":,2,:", 1, ":,2,:"),
        ("...,4", 1, ":,:,4"),
        ((slice(None), slice(1, 3)), 2, ":,1,:"),
        ((2, 3), 1, "2,:,:"),
        ((2, 3, 4), 1, "2,:,:"),
        (None, 5, ":,:,0"),
    ],
)
def test_as_few_slices_as_can_be_are_read(selection: Any, count: int, plane: str) -> None:
    cuts = [cut for _, cut in Plan.of(take(selection, SHAPE)).cuts()]
    assert (len(cuts), cuts[0].plane) == (count, plane)


@given(
    st.tuples(st.integers(0, 5), st.integers(1, 9)),
    st.tuples(st.integers(0, 5), st.integers(1, 9)),
    st.integers(1, 4),
)
def test_halves_of_a_cut_make_it_up(
    rows: tuple[int, int], columns: tuple[int, int], step: int
) -> None:
    values = np.arange(20 * 20).reshape(20, 20)

    def at(cut: Cut) -> np.ndarray:
        top, bottom, left, right = cut.region
        return values[top:bottom:step, left:right:step]

    whole = Cut((None, None), None, (rows[0], sum(rows), columns[0], sum(columns)), step)
    halves = whole.halves()
    if halves is None:
        assert at(whole).size == 1
        return
    one, other = map(at, halves)
    along = 0 if one.shape[1] == other.shape[1] and one.shape[0] < at(whole).shape[0] else 1
    np.testing.assert_array_equal(np.concatenate([one, other], along), at(whole))


@pytest.mark.parametrize(
    ("selection", "error", "message"),
    [
        (7, IndexError, "axis 0 has 7 indices; 7 is none of them"),
        ((0, -7), IndexError, "axis 1 has 6 indices; -7 is none of them"),
        ((0, 0, 0, 0), IndexError, "4 indices for 3 axes"),
        ((..., 0, ...), IndexError, "only have one"),
        ([1, 2], TypeError, r"\[1, 2\] is no index of a volume"),
        (True, TypeError, "True is no index"),
        (1.5, TypeError, "1.5 is no index"),
        (None, None, ""),
        ("1,x", ValueError, "'1,x' is no selection"),
        ("", ValueError, "is no selection"),
    ],
)
def test_what_is_no_index_is_told(
    selection: Any, error: type[Exception] | None, message: str
) -> None:
    if error is None:
        assert take(selection, SHAPE) == tuple(map(range, SHAPE))
        return
    with pytest.raises(error, match=message):
        take(selection, SHAPE)


@pytest.mark.parametrize(
    ("selection", "text"),
    [
        (None, None),
        (3, "3"),
        ((3, slice(1, 5)), "3,1:5"),
        ((slice(None), slice(0, 9, 2)), ":,0:9:2"),
        ("1,2", "1,2"),
        ((..., 12), ":,:,12"),
        ("0,...", "0,:,:"),
    ],
)
def test_selections_are_written_for_the_server(selection: Any, text: str | None) -> None:
    assert text_of(selection, lambda: 3) == text


@given(st.text(min_size=1))
def test_a_place_is_written_as_it_is_read(path: str) -> None:
    for root in ("jupyter", "archive"):
        assert place(str(Place(root, path))) == Place(root, path)
        assert find(str(Place(root, path)), lambda _: None, lambda _: True) == Place(root, path)


@given(numbers.arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9))))
def test_pictures_are_png(brightness: np.ndarray) -> None:
    with Image.open(io.BytesIO(to_png(brightness))) as picture:
        np.testing.assert_array_equal(np.asarray(picture), brightness)
