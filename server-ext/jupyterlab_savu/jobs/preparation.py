"""From a list and a scan to the list that runs, or why it cannot; runs in worker processes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from jupyterlab_savu.data.description import utc
from jupyterlab_savu.data.frames import Frame
from jupyterlab_savu.data.lists import decode
from jupyterlab_savu.data.roots import Roots
from jupyterlab_savu.faults import Fault
from savu_core.catalogue import PluginFacts, facts_from_json, plugin_kind, shipped, using
from savu_core.checks import Problem, Supported, check_list
from savu_core.files import process_list_bytes
from savu_core.model import ProcessList, ProcessListError
from savu_core.preview import PreviewError, parse_preview, restrict_rows, take_rows
from savu_core.scans import DEFAULT_DATA_PATH, Scan, ScanError, find_scan
from savu_core.sight import Look
from savu_core.templates import is_mark
from savu_core.tuning import tunings

#: Above this, the problems are counted instead of told.
_MOST_TOLD = 5


def check(
    plist: dict[str, Any],
    supported: Supported | None,
    lacks: Sequence[str],
    data: str | None,
    facts: dict[str, dict[str, Any] | None] | None,
    roots: dict[str, Any],
) -> dict[str, list[dict[str, Any]]]:
    """The problems and the tunings of a list in its API form.

    The problems are those for one engine and one scan where they are given. `facts` are a
    connected Savu's of the plugins in the list; None in them stands for the shipped ones. Files
    in values are looked for inside the roots.
    """
    with using(None if facts is None else _facts(facts)):
        return _check(plist, supported, lacks, data, Roots.from_json(roots).look)


def _facts(told: dict[str, dict[str, Any] | None]) -> dict[str, PluginFacts]:
    return {
        name: shipped()[name] if facts is None else facts_from_json(facts, {})
        for name, facts in told.items()
        if facts is not None or name in shipped()
    }


def _check(
    plist: dict[str, Any],
    supported: Supported | None,
    lacks: Sequence[str],
    data: str | None,
    look: Look,
) -> dict[str, list[dict[str, Any]]]:
    decoded = decode(plist, "/list")
    scan, missing = None, []
    if data is not None:
        try:
            scan = _find_scan(decoded, Path(data))
        except Fault as fault:
            missing = [Problem("error", fault.message, *_data_path_of(decoded))]
    found = check_list(decoded, supported=supported, lacks=lacks, scan=scan, look=look)
    problems = [*missing, *found]
    return {
        "problems": [asdict(problem) for problem in problems],
        "tunings": [asdict(tuning) for tuning in tunings(decoded)],
    }


def prepare(
    plist: dict[str, Any],
    data: str,
    supported: Supported | None,
    lacks: Sequence[str],
    rows: int | str | None,
) -> Frame:
    """The file of the list that runs, with `rows` the number of middle rows
    that it is restricted to unless it restricts them itself, or an entry that does so.

    The header holds the hash of that file, and the size and the time of the scan.

    Raises:
        Fault: when the list cannot run on the scan in `data`.
    """
    place = "/list/content"
    decoded = decode(plist, place)
    scan = _find_scan(decoded, Path(data))
    problems = check_list(decoded, supported=supported, lacks=lacks, scan=scan)
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise Fault(_sentence(decoded, errors), place=_place(place, errors[0]))
    try:
        decoded = _restricted(decoded, scan, rows)
        content = process_list_bytes(decoded)
    except PreviewError as error:
        raise Fault(f"The preview of the loader is not valid: {error}.", place=place) from None
    except ProcessListError as error:
        raise Fault(f"{error.message}.", place=place + (error.place or "")) from None
    info = Path(data).stat()
    header = {
        "hash": hashlib.sha256(content).hexdigest(),
        "rows": _rows(decoded, scan),
        "size": info.st_size,
        "modified": utc(info.st_mtime),
    }
    return Frame(header, content)


def _rows(plist: ProcessList, scan: Scan | None) -> int:
    """How many rows of the detector the loader takes; 0 where that is not known."""
    if scan is None:
        return 0
    loader = next((p for p in plist.plugins if p.active and "preview" in p.parameters), None)
    asked = [] if loader is None else loader.parameters["preview"]
    try:
        return len(parse_preview(asked, scan.projections_shape)[1])
    except PreviewError:
        return int(scan.projections_shape[1])


def _restricted(plist: ProcessList, scan: Scan | None, rows: int | str | None) -> ProcessList:
    if rows is None:
        return plist
    if scan is None:
        loader = next(p.name for p in plist.active if plugin_kind(p.name) == "loader")
        raise Fault(
            f"What {loader} loads cannot be restricted to some rows here: choose a queue that runs "
            "all of it, or set the preview of the loader and use such a queue.",
            place="/rows",
        )
    if isinstance(rows, int):
        return restrict_rows(plist, scan.projections_shape, rows=rows)
    try:
        return take_rows(plist, scan.projections_shape, rows)
    except PreviewError as error:
        raise Fault(f"The rows cannot be taken: {error}.", place="/rows") from None


def _find_scan(plist: ProcessList, data: Path) -> Scan | None:
    """The scan where the loader of `plist` looks for it, or where scans are by convention.

    None if the loaders look for something else, such as images or the results of a run.
    """
    index, name = _data_path_of(plist)
    if index is None and any(plugin_kind(plugin.name) == "loader" for plugin in plist.active):
        return None
    asked = None if index is None else plist.plugins[index].parameters[name]
    if not isinstance(asked, str) or asked == DEFAULT_DATA_PATH or is_mark(asked):
        asked = None
    try:
        return find_scan(data, asked)
    except ScanError as error:
        place = (
            "/data"
            if index is None or asked is None
            else (f"/list/content/plugins/{index}/parameters/{name}")
        )
        raise Fault(f"{error}.", place=place) from None
    except OSError as error:
        raise Fault(f"{data.name} cannot be read: {error.strerror}.", place="/data") from None


def _data_path_of(plist: ProcessList) -> tuple[int | None, str]:
    for index, plugin in enumerate(plist.plugins):
        if (
            plugin.active
            and plugin_kind(plugin.name) == "loader"
            and "data_path" in plugin.parameters
        ):
            return index, "data_path"
    return None, "data_path"


def _sentence(plist: ProcessList, errors: list[Problem]) -> str:
    told = []
    for error in errors[:_MOST_TOLD]:
        plugin = None if error.plugin is None else plist.plugins[error.plugin]
        told.append(
            error.message if plugin is None else f"{plugin.position} {plugin.name}: {error.message}"
        )
    more = len(errors) - len(told)
    tail = f"; and {more} more" if more else ""
    return f"The list cannot run: {'; '.join(told)}{tail}."


def _place(list_place: str, error: Problem) -> str:
    if error.plugin is None:
        return list_place
    place = f"{list_place}/plugins/{error.plugin}"
    if error.parameter is None:
        return place
    return f"{place}/parameters/{error.parameter.replace('~', '~0').replace('/', '~1')}"
