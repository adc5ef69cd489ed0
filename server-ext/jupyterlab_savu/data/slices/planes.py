"""Which part of a dataset is shown: two axes whole or in a window, the others at an index."""

from __future__ import annotations

from dataclasses import dataclass

from jupyterlab_savu.faults import Fault

#: HDF5's own limit.
_MAX_DIMENSIONS = 32


@dataclass(frozen=True)
class Plane:
    """Two axes of a dataset, in its order, at an index of each other axis.

    `at` has an entry for each axis: None for the two that are shown. `walk` is the axis along
    which the viewer steps; None when there are only two.
    """

    at: tuple[int | None, ...]
    walk: int | None

    @property
    def shown(self) -> tuple[int, int]:
        rows, columns = (k for k, index in enumerate(self.at) if index is None)
        return rows, columns

    @property
    def index(self) -> int:
        """Where the plane lies along `walk`."""
        index = None if self.walk is None else self.at[self.walk]
        return index or 0

    @property
    def elsewhere(self) -> tuple[int | None, ...]:
        """`at`, without the walk: equal for all planes of one walk."""
        return tuple(None if k == self.walk else index for k, index in enumerate(self.at))

    @classmethod
    def parse(cls, text: str, walk: int | None) -> Plane:
        """The plane written like ``:,45,:``; by default the walk is along the first index.

        Raises:
            Fault: with the name of the parameter.
        """
        at: list[int | None] = []
        for entry in text.split(",")[: _MAX_DIMENSIONS + 1]:
            entry = entry.strip()
            if entry == ":":
                at.append(None)
            elif entry.isascii() and entry.isdigit() and len(entry) <= 18:
                at.append(int(entry))
            else:
                raise Fault(
                    f"{text!r} is not a plane: indices, and ':' for the two axes that are shown.",
                    place="plane",
                )
        fixed = [k for k, index in enumerate(at) if index is not None]
        if len(at) - len(fixed) != 2 or len(at) > _MAX_DIMENSIONS:
            raise Fault(f"{text!r} must show two axes with ':'.", place="plane")
        if walk is None:
            walk = fixed[0] if fixed else None
        elif walk not in fixed:
            raise Fault(f"Axis {walk} has no index in {text!r} to walk along.", place="walk")
        return cls(tuple(at), walk)

    def check(self, shape: tuple[int, ...]) -> None:
        """Make sure that a dataset of this shape has the plane.

        Raises:
            Fault: saying what is outside.
        """
        if len(shape) != len(self.at):
            raise Fault(
                f"The plane has {len(self.at)} axes, the dataset {len(shape)}.", place="plane"
            )
        for axis, (index, length) in enumerate(zip(self.at, shape, strict=True)):
            if index is not None and index >= length:
                raise Fault(
                    f"Axis {axis} has the indices 0 to {length - 1}; {index} is none of them.",
                    place="plane",
                )


@dataclass(frozen=True)
class Window:
    """Every `step`-th value of the rows and columns from a start to a stop of a plane."""

    rows: tuple[int, int]
    columns: tuple[int, int]
    step: int = 1

    @classmethod
    def within(
        cls, shape: tuple[int, int], region: tuple[int, int, int, int] | None, step: int
    ) -> Window:
        """The window `region` (row from and to, column from and to) of a plane; all by default.

        What ends beyond the plane ends with it.

        Raises:
            Fault: when it is empty or outside.
        """
        top, bottom, left, right = region or (0, shape[0], 0, shape[1])
        bottom, right = min(bottom, shape[0]), min(right, shape[1])
        if region is not None and not (0 <= top < bottom and 0 <= left < right):
            raise Fault(
                f"The region must lie within {shape[0]} rows and {shape[1]} columns.",
                place="region",
            )
        return cls((top, bottom), (left, right), step)

    @property
    def shape(self) -> tuple[int, int]:
        rows, columns = (range(*pair, self.step) for pair in (self.rows, self.columns))
        return len(rows), len(columns)

    @property
    def cut(self) -> tuple[slice, slice]:
        """The window as NumPy indices into the plane."""
        return slice(*self.rows, self.step), slice(*self.columns, self.step)

    def is_whole(self, shape: tuple[int, int]) -> bool:
        return self == Window((0, shape[0]), (0, shape[1]))
