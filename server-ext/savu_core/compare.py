"""What differs between two process lists, plugin by plugin and parameter by parameter."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from savu_core.model import IterateGroup, Plugin, ProcessList


@dataclass(frozen=True)
class ParameterPair:
    """A parameter with its values as JSON texts; None where a plugin does not have it."""

    name: str
    left: str | None
    right: str | None
    differs: bool


@dataclass(frozen=True)
class PluginPair:
    """A plugin of the left list beside its counterpart in the right one.

    `left` and `right` are indices from 0, None where there is no counterpart. `moved` says that
    the two stand at different places among the others, `switched` that one is on and one is off.
    """

    name: str
    left: int | None
    right: int | None
    moved: bool
    switched: bool
    parameters: tuple[ParameterPair, ...]

    @property
    def differs(self) -> bool:
        return (
            self.left is None
            or self.right is None
            or self.moved
            or self.switched
            or any(parameter.differs for parameter in self.parameters)
        )


@dataclass(frozen=True)
class LoopPair:
    """A loop beside its counterpart; None where there is none."""

    left: IterateGroup | None
    right: IterateGroup | None
    differs: bool


@dataclass(frozen=True)
class Comparison:
    """Two lists side by side. `plugins` are in the order of both lists, merged."""

    plugins: tuple[PluginPair, ...]
    loops: tuple[LoopPair, ...]

    @property
    def equal(self) -> bool:
        """Whether both lists do the same."""
        return not (
            any(plugin.differs for plugin in self.plugins)
            or any(loop.differs for loop in self.loops)
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "equal": self.equal,
            "plugins": [{**asdict(pair), "differs": pair.differs} for pair in self.plugins],
            "loops": [asdict(pair) for pair in self.loops],
        }


def compare(left: ProcessList, right: ProcessList) -> Comparison:
    """Two lists side by side.

    Counterparts have one name: as many as possible in one order, and of these as many as possible
    equal; those left over that stand elsewhere have moved. Values are compared by what they mean
    (84 is 84.0), so that a plugin need not be known.
    """
    pairs = tuple(_merged(left.plugins, right.plugins))
    return Comparison(pairs, tuple(_loops(left.groups, right.groups, pairs)))


def same_value(one: Any, other: Any) -> bool:
    """Whether two values of a parameter mean the same."""
    return _meaning(one) == _meaning(other)


def _meaning(value: Any) -> str:
    """A text that is the same for values that mean the same."""
    return json.dumps(_plain(value), sort_keys=True)


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    is_whole = isinstance(value, float) and value.is_integer()
    return int(value) if is_whole else value


def _counterparts(
    left: Sequence[Plugin], right: Sequence[Plugin]
) -> tuple[dict[int, int], dict[int, int]]:
    """Indices in `left` by theirs in `right`: of plugins in one order, and of those that moved."""
    keys = [
        [_meaning([plugin.name, plugin.active, plugin.parameters]) for plugin in plugins]
        for plugins in (left, right)
    ]
    names = [[plugin.name for plugin in plugins] for plugins in (left, right)]
    beside = _common(*keys, *names)
    moved: dict[int, int] = {}
    for ours, theirs in (keys, names):
        free: dict[str, list[int]] = {}
        for i, key in enumerate(ours):
            if i not in beside.values() and i not in moved.values():
                free.setdefault(key, []).append(i)
        for j, key in enumerate(theirs):
            if j not in beside and j not in moved and free.get(key):
                moved[j] = free[key].pop(0)
    return beside, moved


def _common(
    left: Sequence[str], right: Sequence[str], left_names: Sequence[str], right_names: Sequence[str]
) -> dict[int, int]:
    """The longest common subsequence by name, and of these the one with the most equal plugins.

    The dynamic programme of Needleman and Wunsch (doi:10.1016/0022-2836(70)90057-4) without a
    price for gaps. One more counterpart outweighs any number of equal plugins.
    """
    one_more = len(left) + len(right) + 1
    best = [[0] * (len(right) + 1) for _ in range(len(left) + 1)]
    for i in range(len(left) - 1, -1, -1):
        row, below = best[i], best[i + 1]
        for j in range(len(right) - 1, -1, -1):
            value = max(below[j], row[j + 1])
            if left_names[i] == right_names[j]:
                value = max(value, below[j + 1] + one_more + (left[i] == right[j]))
            row[j] = value

    found: dict[int, int] = {}
    i = j = 0
    while i < len(left) and j < len(right):
        gain = one_more + (left[i] == right[j])
        if left_names[i] == right_names[j] and best[i][j] == best[i + 1][j + 1] + gain:
            found[j] = i
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return found


def _merged(left: Sequence[Plugin], right: Sequence[Plugin]) -> Iterator[PluginPair]:
    beside, moved = _counterparts(left, right)
    gone = [i for i in range(len(left)) if i not in moved.values()]
    for j, plugin in enumerate(right):
        if j in beside:
            # what only the left list has here comes first
            while gone[0] != beside[j]:
                yield _only_left(left, gone.pop(0))
            gone.pop(0)
        i = beside.get(j, moved.get(j))
        other = None if i is None else left[i]
        yield PluginPair(
            name=plugin.name,
            left=i,
            right=j,
            moved=j in moved,
            switched=other is not None and other.active != plugin.active,
            parameters=_parameters(other.parameters if other else {}, plugin.parameters),
        )
    for i in gone:
        yield _only_left(left, i)


def _only_left(left: Sequence[Plugin], index: int) -> PluginPair:
    plugin = left[index]
    parameters = _parameters(plugin.parameters, {})
    return PluginPair(plugin.name, index, None, False, False, parameters)


def _parameters(left: Mapping[str, Any], right: Mapping[str, Any]) -> tuple[ParameterPair, ...]:
    return tuple(
        ParameterPair(
            name=name,
            left=json.dumps(left[name]) if name in left else None,
            right=json.dumps(right[name]) if name in right else None,
            differs=not (name in left and name in right and same_value(left[name], right[name])),
        )
        for name in {**left, **right}
    )


def _loops(
    left: Sequence[IterateGroup], right: Sequence[IterateGroup], pairs: Sequence[PluginPair]
) -> Iterator[LoopPair]:
    """Loops are counterparts when they have plugins in common."""
    free = list(right)
    for loop in left:
        ours = [pair.right for pair in pairs if _has(loop, pair.left)]
        other = next((o for o in free if any(_has(o, index) for index in ours)), None)
        if other is None:
            yield LoopPair(loop, None, True)
            continue
        free.remove(other)
        theirs = [pair.right for pair in pairs if _has(other, pair.right)]
        differs = ours != theirs or loop.iterations != other.iterations
        yield LoopPair(loop, other, differs)
    for loop in free:
        yield LoopPair(None, loop, True)


def _has(loop: IterateGroup, index: int | None) -> bool:
    return index is not None and loop.start <= index + 1 <= loop.end
