"""Positions in a process list as users write them: ``3``, ``2b``, or a range ``2-4``.

Positions with letters are read, so that lists which have them can be edited; Savu 4.2 itself can
neither show nor open such a list, so every change of the order numbers the plugins afresh.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from savu_core.model import POSITION, Plugin, ProcessListError, position_key

_RANGE = re.compile(rf"({POSITION.pattern})-({POSITION.pattern})")


class OperationError(ValueError):
    """A list cannot be changed so; the message says what was expected. The list is as it was."""


def index_of(plugins: Sequence[Plugin], position: str) -> int:
    """The index, from 0, of the plugin at `position`.

    Raises:
        OperationError: when there is none.
    """
    for index, plugin in enumerate(plugins):
        if plugin.position == position.strip():
            return index
    if not plugins:
        raise OperationError(f"there is no plugin {position}: the list is empty")
    raise OperationError(
        f"there is no plugin {position}; the list has {plugins[0].position}"
        + (f" to {plugins[-1].position}" if len(plugins) > 1 else "")
    )


def indices_of(plugins: Sequence[Plugin], positions: Iterable[str]) -> list[int]:
    """The indices of several positions and ranges, each once, in the list's order.

    Raises:
        OperationError: when one does not exist, a range runs backwards, or there is none.
    """
    found: set[int] = set()
    for position in positions:
        ends = _RANGE.fullmatch(position.strip())
        if ends is None:
            found.add(index_of(plugins, position))
            continue
        first, last = index_of(plugins, ends[1]), index_of(plugins, ends[4])
        if last < first:
            raise OperationError(f"{position} runs backwards; write {ends[4]}-{ends[1]}")
        found.update(range(first, last + 1))
    if not found:
        raise OperationError("the position of a plugin is expected, as 3 or 2-4")
    return sorted(found)


def insertion_index(plugins: Sequence[Plugin], position: str) -> int:
    """Where in the list a plugin must be put in, so that it comes to stand at `position`.

    A number beyond the end, and 0, mean the end; one below 0 means the beginning. A letter
    counts within the plugins of its number: ``2b`` is after the first of them.

    Raises:
        OperationError: when it is no position.
    """
    text = position.strip()
    if re.fullmatch(r"-\d+", text):
        return 0
    try:
        number, _, letters = position_key(text)
    except ProcessListError as error:
        raise OperationError(error.message) from None
    if not number:
        return len(plugins)
    numbers = _numbers(plugins)
    before = sum(n < number for n in numbers)
    return before + min(_letter_index(letters), numbers.count(number))


def renumber(plugins: Sequence[Plugin]) -> None:
    """Number the plugins 1, 2, 3 …"""
    for number, plugin in enumerate(plugins, 1):
        plugin.position = str(number)


def _numbers(plugins: Sequence[Plugin]) -> list[int]:
    """The numbers of the positions without their letters, counted from 1 without gaps."""
    numbers = [position_key(plugin.position)[0] for plugin in plugins]
    order = {number: i for i, number in enumerate(sorted(set(numbers)), 1)}
    return [order[number] for number in numbers]


def _letter_index(letters: str) -> int:
    """How many plugins of the same number come before: none for a, one for b, 26 for aa."""
    index = 0
    for letter in letters:
        index = 26 * index + ord(letter) - ord("a") + 1
    return max(0, index - 1)
