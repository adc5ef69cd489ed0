"""Cutting a list of steps into stages: what streams through memory in one go.

A stage works on blocks of detector rows or of frames. Where the data must be cut the other way, a
step needs the rows beside its own, or must know all of its input first, what goes on is written to
a file, and the next stage reads that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from savu_embedded.datasets import Cut, Dataset, Family, Span
from savu_embedded.plugins.centring import Centring
from savu_embedded.steps import Step


@dataclass(frozen=True)
class Stage:
    """Steps that follow each other on blocks of `length` rows or frames.

    The first of them reads `read_length` rows, which differs where it joins some to one.
    """

    cut: Cut
    length: int
    steps: Sequence[Step]
    read_length: int

    @property
    def halo(self) -> int:
        """Rows beside a block that its first step must see."""
        return self.steps[0].halo

    def reads(self, span: Span) -> Span:
        """Return the rows of its input that become those of `span`, without a halo."""
        joins = self.steps[0].joins
        return span[0] * joins, min(span[1] * joins, self.read_length)

    def sees(self, span: Span) -> Span:
        """Return the rows of its input that its first step needs for those of `span`."""
        first, last = self.reads(span)
        return max(0, first - self.halo), min(self.read_length, last + self.halo)

    @property
    def needs_all(self) -> bool:
        """Whether something must be known of all its input before it begins."""
        return any(step.needs_statistics or measures(step) for step in self.steps)

    def inputs(self) -> dict[str, Step]:
        """Return the datasets that come from before the stage, and the first step to use each."""
        made: set[str] = set()
        found: dict[str, Step] = {}
        for step in self.steps:
            for name in step.inputs:
                if name not in made:
                    found.setdefault(name, step)
            if step.makes_dataset:
                made.add(step.output)
        return found


def measures(step: Step) -> bool:
    """Whether a step finds the centre of rotation, and lets the data pass."""
    return isinstance(step.plugin, Centring)


def make_stages(
    steps: Sequence[Step],
    loaded: Mapping[str, Family[Dataset]],
    made: Mapping[int, Family[Dataset]],
) -> list[Stage]:
    """Return the fewest stages for `steps`; `made` is what each makes, by index."""
    datasets = dict(loaded)
    groups: list[tuple[set[tuple[Cut, int]], list[Step]]] = []
    first_read: list[Family[Dataset]] = []
    for step in steps:
        read = datasets[step.inputs[0]]
        cuts = {
            (cut, length(made[step.index] if step.joins > 1 else read, cut))
            for cut in step.cuts
            if len({length(datasets[name], cut) for name in step.inputs}) == 1
        }
        begins = step.halo > 0 or step.joins > 1 or step.needs_statistics
        if begins or not groups or not groups[-1][0] & cuts:
            groups.append((cuts, [step]))
            first_read.append(read)
        else:
            groups[-1] = (groups[-1][0] & cuts, [*groups[-1][1], step])
        datasets[step.output] = made[step.index]
    # Rows where both will do, since reconstructions read them.
    chosen = [(*max(cuts), steps) for cuts, steps in groups]
    return [
        Stage(cut, extent, some, length(read, cut))
        for (cut, extent, some), read in zip(chosen, first_read, strict=True)
    ]


def length(data: Family[Dataset], cut: Cut) -> int:
    """Return how many rows or frames `data` have."""
    return data.members[0].shape[1 if cut == "rows" else 0]


def needed_after(stages: Sequence[Stage], number: int) -> Iterator[str]:
    """Yield the datasets that the stages after stage `number` read."""
    made: set[str] = set()
    for stage in stages[number + 1 :]:
        yield from set(stage.inputs()) - made
        made |= {step.output for step in stage.steps if step.makes_dataset}
