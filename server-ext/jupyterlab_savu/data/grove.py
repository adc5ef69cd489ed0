"""H5Grove's questions about an HDF5 file, answered inside the roots and within a size.

Source of the interface: H5Grove (https://silx-kit.github.io/h5grove/), which h5web speaks.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import h5py
import hdf5plugin  # noqa: F401 - registers its compression filters
import numpy as np
from h5grove.content import DatasetContent, GroupContent, ResolvedEntityContent, create_content
from h5grove.encoders import encode
from h5grove.models import LinkResolution
from h5grove.utils import LinkError, NotFoundError, QueryArgumentError, parse_slice

from jupyterlab_savu.data.confined import ConfinedFile
from jupyterlab_savu.data.frames import Frame
from jupyterlab_savu.data.roots import Roots
from jupyterlab_savu.faults import Fault, not_found, too_large
from savu_core.hdf5 import what_is_wrong, why_not_hdf5

#: Bytes of text per byte of binary numbers, at worst, and of the objects in between.
_TEXT_FACTOR = 8


def metadata(file: str, path: str, resolve_links: str | None, **context: Any) -> Frame:
    with _opened(file, path, resolve_links, context["roots"]) as (content, _):
        return _frame(content.metadata(), "json", context["limit"])


def attributes(file: str, path: str, keys: list[str] | None, **context: Any) -> Frame:
    with _opened(file, path, None, context["roots"]) as (content, _):
        _require_resolved(content)
        names = None if keys is None else [key for key in keys if key]
        try:
            return _frame(content.attributes(names), "json", context["limit"])
        except KeyError as error:
            raise not_found(f"{path} has no attribute {error}.") from None


def values(
    file: str,
    path: str,
    selection: str | None,
    encoding: str | None,
    dtype: str | None,
    flatten: bool,
    **context: Any,
) -> Frame:
    limit = context["limit"]
    with _opened(file, path, None, context["roots"]) as (content, confined):
        dataset = _dataset(content, confined)
        text = encoding in (None, "json", "csv")
        _check_size(dataset, selection, limit // _TEXT_FACTOR if text else limit)
        return _frame(content.data(selection or None, flatten, dtype), encoding, limit)


def statistics(file: str, path: str, selection: str | None, **context: Any) -> Frame:
    with _opened(file, path, None, context["roots"]) as (content, confined):
        dataset = _dataset(content, confined)
        _check_size(dataset, selection, context["limit"])
        if dataset.dtype.kind not in "biuf":
            raise Fault(f"{path} does not hold real numbers.", place="path")
        return _frame(content.data_stats(selection or None), "json", context["limit"])


def paths(file: str, path: str, **context: Any) -> Frame:
    """All paths below `path`, without those that links lead to."""
    found: list[str] = []
    budget = context["limit"] // _TEXT_FACTOR
    with _opened(file, path, None, context["roots"]) as (content, confined):
        if not isinstance(content, GroupContent):
            raise Fault(f"{path} is not a group.", place="path")
        found.append(content.path)

        def add(name: bytes) -> None:
            nonlocal budget
            full = f"{content.path.rstrip('/')}/{name.decode('utf-8', 'replace')}"
            budget -= len(full)
            if budget < 0:
                raise too_large(f"{path} holds too many objects to list them all at once.")
            found.append(full)

        group = confined[path]
        group.id.links.visit(add)
    return _frame(found, "json", context["limit"])


@contextmanager
def _opened(
    file: str, path: str, resolve_links: str | None, roots: dict[str, Any]
) -> Iterator[tuple[Any, ConfinedFile]]:
    """The content at `path` in a confined file; what goes wrong inside becomes a Fault."""
    name = Path(file).name
    if not path.startswith("/") or "\0" in path:
        raise not_found(f"{path!r} is not a path inside {name}.")
    try:
        confined = ConfinedFile(Path(file), Roots.from_json(roots))
    except OSError:
        raise _unreadable(file) from None
    links = LinkResolution(resolve_links or LinkResolution.ONLY_VALID)
    with confined:
        try:
            yield create_content(confined, path, links), confined
        except (Fault, MemoryError):
            raise
        except LinkError as error:
            raise not_found(f"{error}.") from None
        except (NotFoundError, KeyError):
            # what is damaged looks like what is not there
            fault = what_is_wrong(file)
            if fault is not None:
                raise Fault(f"{name} is {fault}.", reason="unreadable", place="file") from None
            raise not_found(f"There is no {path} in {name}.") from None
        except (QueryArgumentError, IndexError, TypeError, ValueError, OverflowError) as error:
            raise Fault(f"{path} cannot be answered like this: {error}") from None
        # h5py raises nearly anything for a damaged file
        except Exception as error:
            raise Fault(
                f"{path} in {name} cannot be read: {error}. The file may be damaged, or still "
                "be written; try again in a moment.",
                reason="unreadable",
            ) from None


def _unreadable(file: str) -> Fault:
    name = Path(file).name
    try:
        return Fault(f"{name} is {why_not_hdf5(file)}.", reason="not_hdf5", place="file")
    except OSError:
        return not_found(f"{name} is gone.")


def _require_resolved(content: Any) -> None:
    """Raise a Fault for a link that cannot be followed."""
    if not isinstance(content, ResolvedEntityContent):
        raise not_found(
            f"{content.path} is a link that leads nowhere: the file with its data was moved or "
            "deleted, or may not be read from here."
        )


def _dataset(content: Any, confined: ConfinedFile) -> h5py.Dataset:
    _require_resolved(content)
    if not isinstance(content, DatasetContent):
        raise Fault(f"{content.path} is not a dataset.", place="path")
    dataset = confined[content.path]
    confined.check_storage(dataset)
    return dataset


def _check_size(dataset: h5py.Dataset, selection: str | None, limit: int) -> None:
    """Refuse before reading; the bytes of text of variable length are only known afterwards."""
    if dataset.shape is None:
        return
    size = math.prod(_selected_shape(dataset.shape, selection)) * max(dataset.dtype.itemsize, 1)
    if size > limit:
        raise too_large(
            f"This selection of {dataset.name} has {size / 2**20:.0f} MiB; at most "
            f"{limit / 2**20:.0f} MiB are answered at once. Select a smaller part."
        )


def _selected_shape(shape: tuple[int, ...], selection: str | None) -> tuple[int, ...]:
    if not selection:
        return shape
    try:
        members = parse_slice(selection)
    except (TypeError, ValueError):
        raise Fault(
            f"{selection!r} is not a selection such as 3,:,10:20.", place="selection"
        ) from None
    if len(members) > len(shape):
        raise Fault(
            f"{selection!r} has {len(members)} indices, the dataset {len(shape)} dimensions.",
            place="selection",
        )
    lengths = []
    for length, member in zip(shape, members, strict=False):
        if isinstance(member, slice):
            lengths.append(len(range(*_checked(member, selection).indices(length))))
        elif not -length <= member < length:
            raise Fault(f"Index {member} is outside 0 to {length - 1}.", place="selection")
    return (*lengths, *shape[len(members) :])


def _checked(member: slice, selection: str) -> slice:
    if member.step is not None and member.step < 1:
        raise Fault(f"The step in {selection!r} must be positive.", place="selection")
    return member


def _frame(content: Any, encoding: str | None, limit: int) -> Frame:
    if isinstance(content, np.ndarray) and content.dtype.kind == "O" and encoding == "bin":
        raise Fault("Text is only answered as JSON.", place="format")
    try:
        response = encode(content, encoding)
    except (TypeError, ValueError) as error:
        raise Fault(f"This cannot be answered as {encoding or 'json'}: {error}") from None
    if len(response.content) > limit:
        raise too_large(
            f"The answer has {len(response.content) / 2**20:.0f} MiB; at most "
            f"{limit / 2**20:.0f} MiB are answered at once."
        )
    headers = {k: v for k, v in response.headers.items() if k != "Content-Length"}
    return Frame({"headers": headers}, response.content)


QUESTIONS: dict[str, Callable[..., Frame]] = {
    "meta": metadata,
    "attr": attributes,
    "data": values,
    "stats": statistics,
    "paths": paths,
}
