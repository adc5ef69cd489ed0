"""Process lists as a user or a program might make them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from savu_core.model import IterateGroup, Plugin, ProcessList

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
NAMES = st.from_regex(r"[A-Z][A-Za-z0-9]{0,20}", fullmatch=True)
NUMBERS = st.integers(1, 2**31 - 1)

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=8,
)


def plugins(position: int) -> st.SearchStrategy[Plugin]:
    return st.builds(
        Plugin,
        position=st.sampled_from([str(position), f"{position}a"]),
        name=NAMES,
        id=TEXT,
        active=st.booleans(),
        parameters=st.dictionaries(TEXT, VALUES, max_size=5),
        extra=st.just({}),
    )


@st.composite
def process_lists(draw: Any) -> ProcessList:
    count = draw(st.integers(0, 6))
    return ProcessList(
        plugins=[draw(plugins(i + 1)) for i in range(count)],
        groups=draw(st.lists(st.builds(IterateGroup, NUMBERS, NUMBERS, NUMBERS), max_size=2)),
        version=draw(st.none() | TEXT),
    )
