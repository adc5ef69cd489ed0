"""The steps of a run: a list's plugins with their tuned values and their loops written out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from savu_core import model
from savu_core.catalogue import plugin_kind
from savu_core.tuning import TuningError, is_tuned, tuned_units, tuned_values
from savu_embedded.datasets import Cut, Family, Kind, TunedAxis, branches
from savu_embedded.errors import RefusedError
from savu_embedded.plugins import PLUGINS
from savu_embedded.plugins.base import Plugin
from savu_embedded.plugins.savers import ImageWriter


@dataclass
class Step:
    """One run of a plugin, number `number` of the list, counted from 1 without loader and savers.

    Savers that have something to do are numbered after all others. `index` counts the steps, of
    which a plugin in a loop has `rounds`. `item` is its entry in the list, and `choices` holds the
    plugin with each of its own tuned values.

    It makes dataset `output` from the datasets `inputs`; `variants` are the plugins that do so,
    prepared for the data that reach them.
    """

    index: int
    number: int
    item: model.Plugin
    choices: Family[Plugin]
    round: int = 0
    rounds: int = 1
    inputs: tuple[str, ...] = ()
    output: str = ""
    variants: Family[Plugin] = field(default_factory=lambda: Family((), ()))

    @property
    def plugin(self) -> Plugin:
        """The plugin with the first of its values."""
        return self.choices.members[0]

    @property
    def name(self) -> str:
        return self.item.name

    @property
    def kind(self) -> Kind | None:
        return self.plugin.kind

    @property
    def cuts(self) -> tuple[Cut, ...]:
        """The blocks that the plugin can work on, whatever its tuned values."""
        every = [plugin.cuts for plugin in self.choices.members]
        return tuple(cut for cut in every[0] if all(cut in cuts for cuts in every))

    @property
    def halo(self) -> int:
        return max(plugin.halo for plugin in self.choices.members)

    @property
    def joins(self) -> int:
        return self.plugin.joins

    @property
    def needs_statistics(self) -> bool:
        return any(plugin.needs_statistics for plugin in self.choices.members)

    @property
    def makes_dataset(self) -> bool:
        return self.plugin.makes_dataset

    @property
    def is_last_round(self) -> bool:
        return self.round == self.rounds - 1


def make_steps(plist: model.ProcessList) -> list[Step]:
    """Return the steps of `plist`, whose plugins are all active and begin with the loader.

    Raises:
        RefusedError: a loop has plugins that cannot be repeated.
    """
    numbers = _numbers(plist.plugins)
    steps: list[Step] = []
    for place, turn, turns in _order(plist):
        item = plist.plugins[place]
        if place not in numbers:
            continue
        taken = {axis.name for step in steps for axis in step.choices.axes}
        choices = _choices(item, len(steps), numbers[place], taken)
        step = Step(len(steps), numbers[place], item, choices, turn, turns)
        if choices.axes and not step.cuts:
            raise RefusedError(f"{item.position} {item.name}: the pattern cannot be tuned.")
        if choices.axes and turns > 1:
            raise RefusedError(f"{item.position} {item.name}: it is in a loop, so not tuned.")
        for plugin in step.choices.members:
            if isinstance(plugin, ImageWriter):
                plugin.place = sum(_processes(before) for before in plist.plugins[:place])
        steps.append(step)
    return steps


def _choices(item: model.Plugin, index: int, number: int, taken: Collection[str]) -> Family[Plugin]:
    """Return the plugin of step `index` with each of its tuned values.

    The axes are named as in Savu, with the number of the plugin where the name is `taken`.
    """
    axes = []
    for parameter, value in item.parameters.items():
        if parameter != "preview" and is_tuned(value):
            name = f"{parameter}_params"
            name = f"{name}_{number}" if name in taken else name
            values = tuple(tuned_values(value))
            axes.append(TunedAxis((index, parameter), name, values, tuned_units(value)))
    made = PLUGINS[item.name]
    plugins = []
    for branch in branches(axes):
        chosen = {axis.key[1]: axis.values[branch[axis.key]] for axis in axes}
        plugin = made({**item.parameters, **chosen})
        if not isinstance(plugin, Plugin):
            raise TypeError(f"{item.name} is a loader")
        plugins.append(plugin)
    return Family(tuple(axes), tuple(plugins))


def each_choice(item: model.Plugin) -> Iterator[model.Plugin]:
    """Yield the entry of the list with one value at a time of each tuned parameter."""
    yield replace(item, parameters={n: _first(n, v) for n, v in item.parameters.items()})
    for name, value in item.parameters.items():
        if name != "preview" and is_tuned(value):
            for one in tuned_values(value)[1:]:
                others = {n: _first(n, v) for n, v in item.parameters.items()}
                yield replace(item, parameters={**others, name: one})


def tuning_faults(item: model.Plugin) -> Iterator[str]:
    """Yield the parameters whose text is meant as a tuning and is none."""
    for name, value in item.parameters.items():
        if name != "preview" and is_tuned(value):
            try:
                tuned_values(value)
            except TuningError as error:
                yield f"{item.position} {item.name}, {name}: {error}"


def _first(name: str, value: Any) -> Any:
    return tuned_values(value)[0] if name != "preview" and is_tuned(value) else value


def _processes(item: model.Plugin) -> bool:
    return plugin_kind(item.name) == "processing"


def _numbers(items: Sequence[model.Plugin]) -> dict[int, int]:
    """Return the numbers of the plugins that have something to do, by their place in the list."""
    processing = [i for i, item in enumerate(items) if _processes(item)]
    writing = [i for i, item in enumerate(items) if issubclass(PLUGINS[item.name], ImageWriter)]
    return {place: number for number, place in enumerate([*processing, *writing], 1)}


def _order(plist: model.ProcessList) -> Iterator[tuple[int, int, int]]:
    """Yield the places of the plugins as they run, with the round and the number of rounds.

    Raises:
        RefusedError: a loop has a loader or a saver.
    """
    place = 0
    while place < len(plist.plugins):
        loop = next((group for group in plist.groups if group.start - 1 == place), None)
        if loop is None:
            yield place, 0, 1
            place += 1
            continue
        body = range(place, loop.end)
        for i in body:
            if plugin_kind(plist.plugins[i].name) != "processing":
                item = plist.plugins[i]
                raise RefusedError(
                    f"{item.position} {item.name}: only plugins that process data can be in a loop."
                )
        for turn in range(loop.iterations):
            yield from ((i, turn, loop.iterations) for i in body)
        place = loop.end
