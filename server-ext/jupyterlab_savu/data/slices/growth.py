"""How far a dataset is that somebody writes, and a word that changes when it gets further."""

from __future__ import annotations

import hashlib
import math
from pathlib import Path
from typing import Any

import h5py

from jupyterlab_savu.data.confined import ConfinedFile
from jupyterlab_savu.data.roots import Roots
from jupyterlab_savu.data.slices.faults import in_words
from savu_core.marks import find_marks


def growth(file: str, path: str, roots: dict[str, Any]) -> dict[str, Any]:
    """The version of a dataset, and how much of it was written, if that can be known.

    It is known by the marks that an engine keeps, which count along one axis, or by the chunks
    that are there, unless they were all made at once; not of values in one run.

    Raises:
        Fault: when it cannot be read.
    """
    try:
        with ConfinedFile(Path(file), Roots.from_json(roots)) as confined:
            dataset = confined[path]
            if not isinstance(dataset, h5py.Dataset):
                raise KeyError(path)
            confined.check_storage(dataset)
            files = dict.fromkeys((Path(file), Path(dataset.file.filename)))
            return _told(dataset, list(files))
    except Exception as error:
        raise (in_words(error, Path(file), path) or error) from None


def _told(dataset: h5py.Dataset, files: list[Path]) -> dict[str, Any]:
    # asked first: what is written until then is told by the next version at the latest
    stamps = [path.stat() for path in files]
    state: list[Any] = [dataset.shape, [(info.st_dev, info.st_ino) for info in stamps]]
    written, of, counted = None, None, None
    if (found := find_marks(dataset)) is not None:
        marks, axis = found
        values = marks[()] > 0
        written, of, counted = int(values.sum()), len(values), axis
        state.append(values.tobytes())
    elif dataset.chunks and not _made_at_once(dataset):
        written = dataset.id.get_num_chunks()
        of = math.prod(-(-n // c) for n, c in zip(dataset.shape, dataset.chunks, strict=True))
    if found is None or written == of:
        # whatever is between two marks is of no use to anybody
        state.append([(info.st_size, info.st_mtime_ns) for info in stamps])
    version = hashlib.sha256(repr(state).encode()).hexdigest()[:16]
    return {"version": version, "written": written, "of": of, "axis": counted}


def _made_at_once(dataset: h5py.Dataset) -> bool:
    made: int = dataset.id.get_create_plist().get_alloc_time()
    return made == h5py.h5d.ALLOC_TIME_EARLY
