"""The loops of a process list, which follow their plugins when these move.

Indices count from 0, as in Python; the plugins of a loop count from 1, as in the file.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import replace

from savu_core.model import IterateGroup, ProcessList
from savu_core.positions import OperationError

_MAX_ITERATIONS = 2**31 - 1


def set_loop(plist: ProcessList, start: int, end: int, iterations: int) -> ProcessList:
    """Repeat plugins `start` to `end`, or change how often that loop runs.

    Raises:
        OperationError: when they are no range of the list, or another loop has some of them.
    """
    plist = copy.deepcopy(plist)
    count = len(plist.plugins)
    if not 1 <= start <= end <= count:
        raise OperationError(
            f"{start} to {end} is not a range of the list's {count} plugins;"
            " the first and the last are expected, counted from 1"
        )
    if not 1 <= iterations <= _MAX_ITERATIONS:
        raise OperationError(f"a loop runs at least once, not {iterations} times")
    for group in plist.groups:
        if (group.start, group.end) == (start, end):
            group.iterations = iterations
            return plist
        if group.start <= end and start <= group.end:
            raise OperationError(
                f"the loop over plugins {group.start} to {group.end} has some of these;"
                " remove it first"
            )
    plist.groups.append(IterateGroup(start, end, iterations))
    return plist


def remove_loops(plist: ProcessList, numbers: Sequence[int] = ()) -> ProcessList:
    """Take loops away by their number in the list's loops, from 1; without numbers, all.

    Raises:
        OperationError: when one does not exist.
    """
    plist = copy.deepcopy(plist)
    count = len(plist.groups)
    for number in numbers:
        if not 1 <= number <= count:
            have = f"the list has {count}" if count else "the list has none"
            raise OperationError(f"there is no loop {number}; {have}")
    plist.groups = [
        group for i, group in enumerate(plist.groups, 1) if numbers and i not in numbers
    ]
    return plist


def after_insert(groups: Sequence[IterateGroup], index: int) -> list[IterateGroup]:
    """The loops after a plugin was put in at `index`; between two members it becomes one."""
    place = index + 1
    return [
        replace(
            group,
            start=group.start + (place <= group.start),
            end=group.end + (place <= group.end),
        )
        for group in groups
    ]


def after_remove(groups: Sequence[IterateGroup], index: int) -> list[IterateGroup]:
    """The loops after a plugin was taken out; a loop without plugins goes with its last one."""
    place = index + 1
    shrunk = [
        replace(
            group, start=group.start - (place < group.start), end=group.end - (place <= group.end)
        )
        for group in groups
    ]
    return [group for group in shrunk if group.start <= group.end]


def after_move(groups: Sequence[IterateGroup], source: int, target: int) -> list[IterateGroup]:
    """The loops after a plugin was moved; one that stays within its loop stays a member.

    A loop over this plugin alone goes with it, unless it lands in another loop.
    """
    moved: list[IterateGroup] = []
    followers: list[IterateGroup] = []
    for group in groups:
        if group.start == group.end == source + 1:
            followers.append(replace(group, start=target + 1, end=target + 1))
        elif _has(group, source) and _has(group, target):
            moved.append(group)
        else:
            moved += after_insert(after_remove([group], source), target)
    return moved + [group for group in followers if not any(_has(other, target) for other in moved)]


def after_duplicate(groups: Sequence[IterateGroup], source: int) -> list[IterateGroup]:
    """The loops after a copy was put right behind a plugin, whose loop it joins."""
    return [
        replace(group, end=group.end + 1)
        if _has(group, source)
        else after_insert([group], source + 1)[0]
        for group in groups
    ]


def _has(group: IterateGroup, index: int) -> bool:
    return group.start <= index + 1 <= group.end
