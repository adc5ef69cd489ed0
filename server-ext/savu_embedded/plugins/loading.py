"""What a loader of the engine is, and what loaders share."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from savu_core.preview import PreviewError, parse_preview
from savu_embedded.arrays import Array
from savu_embedded.errors import RefusedError
from savu_embedded.faults import plain
from savu_embedded.sources import Source

NONE = (None, "None")
# More angles than a scan ever has.
_MOST_ANGLES = 10_000_000


class Loader:
    """Finds datasets in a file or folder; nothing is read but what describes them.

    `parameters` and `runs` are those of `base.Plugin`.
    """

    runs: ClassVar[Mapping[str, tuple[Any, ...]]] = {}

    def __init__(self, parameters: Mapping[str, Any]) -> None:
        self.parameters = parameters

    @property
    def name(self) -> str:
        return type(self).__name__

    def check(self) -> Iterator[str]:
        """Yield what the engine cannot do as the parameters ask, beyond `runs`."""
        yield from ()

    def open(self, path: Path) -> dict[str, Source]:
        """Return the sources of the previewed part of what is in `path`, by name.

        Raises:
            RefusedError: it is not what the loader reads, or the preview does not fit; says why.
        """
        raise NotImplementedError

    def refused(self, reason: str) -> RefusedError:
        """Return the error that says why the loader cannot load."""
        return RefusedError(f"{self.name}: {reason}")

    def indices(self, preview: Any, shape: Sequence[int]) -> list[Array]:
        """Return what a preview selects of each dimension, ascending.

        Raises:
            RefusedError: it does not fit.
        """
        try:
            return [np.unique(part.indices()) for part in parse_preview(preview, shape)]
        except PreviewError as error:
            raise RefusedError(f"{self.name}, preview: {error}") from error

    def given_angles(self, scan: Path) -> Array | None:
        """Return the angles (degrees) that the parameter asks for, None for those of the scan.

        Raises:
            RefusedError: its file cannot be read.
        """
        value = self.parameters["angles"]
        calculated = calculated_angles(value)
        if calculated is not None or value in NONE:
            return calculated
        try:
            return np.loadtxt(scan.parent / str(value), ndmin=1).ravel()
        except (OSError, ValueError) as error:
            raise self.refused(f"cannot read the angles in {value}: {plain(error)}") from error


def check_angles(value: Any) -> Iterator[str]:
    """Yield what is wrong with the parameter angles: code that is not run."""
    text = str(value)
    if value in NONE or calculated_angles(value) is not None:
        return
    if any(sign in text for sign in "()[],"):
        yield (
            f"angles {text!r} is not supported: give None for those of the scan, a number of "
            "angles from 0 to 180, np.linspace(first, last, number), np.arange(first, stop, step) "
            "or a text file"
        )


def calculated_angles(value: Any) -> Array | None:
    """Return the angles of a number of them, linspace or arange, or None for anything else.

    Savu runs the text as Python; here only a call with numbers is understood.
    """
    try:
        expression = ast.parse(str(value), mode="eval").body
        if not isinstance(expression, ast.Call):
            number = ast.literal_eval(expression)
            if type(number) is int and 0 < number < _MOST_ANGLES:
                return np.linspace(0, 180, number)
            return None
        start, stop, third = (float(ast.literal_eval(argument)) for argument in expression.args)
        function = ast.unparse(expression.func).rpartition(".")
        if expression.keywords or function[0] not in ("", "np", "numpy"):
            return None
        if function[2] == "linspace" and 0 < third < _MOST_ANGLES:
            return np.linspace(start, stop, int(third))
        if function[2] == "arange" and 0 < (stop - start) / third < _MOST_ANGLES:
            return np.arange(start, stop, third)
    except (ValueError, SyntaxError, TypeError, ZeroDivisionError, RecursionError, MemoryError):
        return None
    return None
