"""Where somebody is in a volume, as a view in a browser and the kernel tell each other."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Look:
    """What a view shows of which dataset; None where that is not known."""

    dataset: str | None = None
    #: An index for each axis, and None for the two that are shown.
    at: tuple[int | None, ...] | None = None
    #: The values that are drawn darkest and brightest.
    contrast: tuple[float, float] | None = None
    #: Whether each slice has a contrast of its own.
    is_automatic: bool = False
    #: Row from and to, column from and to of what is marked; the last ones are not included.
    region: tuple[int, int, int, int] | None = None

    @property
    def plane(self) -> str | None:
        """The slice, for example ``:,45,:``."""
        if self.at is None:
            return None
        return ",".join(":" if index is None else str(index) for index in self.at)

    def to_json(self) -> dict[str, Any]:
        return {
            "dataset": self.dataset,
            "plane": self.plane,
            "contrast": self.contrast and list(self.contrast),
            "automatic": self.is_automatic,
            "region": self.region and list(self.region),
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Look:
        """What a browser told.

        Raises:
            ValueError: it does not make sense.
        """
        dataset, plane = told.get("dataset"), told.get("plane")
        if not isinstance(dataset, str) or not isinstance(plane, str):
            raise ValueError("no dataset, or no slice")
        at = tuple(None if entry == ":" else int(entry) for entry in plane.split(","))
        if at.count(None) != 2:
            raise ValueError(f"{plane} is no slice")
        contrast = _numbers(told.get("contrast"), 2)
        region = _numbers(told.get("region"), 4)
        return cls(
            dataset,
            at,
            (contrast[0], contrast[1]) if contrast else None,
            told.get("automatic") is True,
            (int(region[0]), int(region[1]), int(region[2]), int(region[3])) if region else None,
        )


def _numbers(told: Any, count: int) -> tuple[float, ...]:
    if told is None:
        return ()
    if not isinstance(told, list) or len(told) != count:
        raise ValueError(f"{told!r} are not {count} numbers")
    numbers = tuple(float(number) for number in told)
    if not all(map(math.isfinite, numbers)):
        raise ValueError(f"{told!r} are not all finite")
    return numbers
