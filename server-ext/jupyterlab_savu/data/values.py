"""What typed texts, tunings and previews mean; runs in worker processes."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from jupyterlab_savu.data.confined import ConfinedFile
from jupyterlab_savu.data.roots import Roots
from jupyterlab_savu.faults import Fault
from savu_core import judging
from savu_core.catalogue import Parameter
from savu_core.preview import PreviewError, parse_preview
from savu_core.preview_shape import describe_preview
from savu_core.scans import DEFAULT_DATA_PATH, ScanError, find_scan
from savu_core.tuning import TuningError, same_in_savu, tuned_values, values_in_savu
from savu_core.values import parse_dtype

#: Equal to no value: here, a default is judged as any other.
_NO_DEFAULT = object()


def read(text: str, roots: dict[str, Any], **parameter: Any) -> dict[str, Any]:
    """What a text means that is typed for a parameter, and what is expected where it is wrong."""
    facts = _facts(**parameter)
    value = judging.read(facts, text)
    return {"value": json.dumps(value), "expected": _expected(facts, value, roots)}


def tune(text: str, roots: dict[str, Any], **parameter: Any) -> dict[str, Any]:
    """The values of a tuning, and the text to save so that Savu runs with just these."""
    facts = _facts(**parameter)
    typed = text if ";" in text else f"{text};"
    try:
        saved = same_in_savu(typed)
        values, in_savu = tuned_values(saved), values_in_savu(typed)
    except TuningError as error:
        return {"value": None, "values": [], "savu": [], "expected": str(error)}
    return {
        "value": json.dumps(saved),
        "values": [json.dumps(value) for value in values],
        "savu": [json.dumps(value) for value in in_savu],
        "expected": _expected(facts, saved, roots),
    }


def preview(
    preview: str,
    data: str | None,
    data_path: str | None,
    loaded: str | None,
    roots: dict[str, Any],
) -> dict[str, Any]:
    """What a preview takes of each dimension of a scan, of which `loaded` was loaded."""
    shape = None if data is None else _shape(Path(data), data_path, loaded, roots)
    try:
        dimensions = describe_preview(_decoded(preview), shape)
    except PreviewError as error:
        return {"dimensions": [], "shape": None, "problem": str(error)}
    counts = [dimension.count for dimension in dimensions]
    return {
        "dimensions": [asdict(dimension) for dimension in dimensions],
        "shape": None if None in counts else counts,
        "problem": None,
    }


def _shape(
    data: Path, data_path: str | None, loaded: str | None, roots: dict[str, Any]
) -> tuple[int, ...] | None:
    """The shape of what is loaded of a scan; None where that cannot be told."""
    try:
        asked = None if data_path == DEFAULT_DATA_PATH else data_path
        scan = find_scan(data, asked, partial(ConfinedFile, roots=Roots.from_json(roots)))
        if loaded is None:
            return scan.projections_shape
        return tuple(len(p) for p in parse_preview(_decoded(loaded), scan.projections_shape))
    except (ScanError, PreviewError, OSError):
        # the check of the list says what is wrong with these
        return None


def _facts(dtype: str, options: list[str] | None, parameter: str | None) -> Parameter:
    """A parameter of which no more is known than was asked with."""
    try:
        parse_dtype(dtype)
    except ValueError as error:
        raise Fault(f"{error}.", place="/dtype") from None
    allowed = None if options is None else tuple(_decoded(option) for option in options)
    return Parameter(parameter or "", dtype, "basic", _NO_DEFAULT, allowed)


def _expected(facts: Parameter, value: Any, roots: dict[str, Any]) -> str | None:
    expected = judging.expected(facts, value)
    if expected is not None:
        return expected
    missing = judging.missing(facts, value, Roots.from_json(roots).look)
    return missing and f"another path: {missing}"


def _decoded(text: str) -> Any:
    """A value from its JSON text; what is none is a text, which no preview is."""
    try:
        return json.loads(text)
    except ValueError:
        return text
