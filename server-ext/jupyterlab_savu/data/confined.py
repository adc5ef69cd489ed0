"""HDF5 files whose links cannot lead out of the roots.

External links, virtual datasets and external storage name other files. HDF5 follows them
wherever they lead; here each is resolved and checked first, component by component.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from jupyterlab_savu.data.roots import Roots
from jupyterlab_savu.faults import Fault, not_found
from savu_core.hdf5 import open_for_reading

_MAX_LINKS = 64
_MAX_SOURCES = 20_000


def open_file(path: Path) -> h5py.File:
    """Open for reading without a lock, also when somebody is writing in SWMR mode.

    Raises:
        OSError: also when it is not HDF5.
    """
    try:
        return open_for_reading(path)
    except OSError as error:
        try:
            return h5py.File(path, "r", locking=False, swmr=True)
        # h5py raises nearly anything for a damaged file
        except Exception:
            raise error from None


class ConfinedFile:
    """As much of `h5py.File` as reading by path needs, confined to `roots`.

    A context manager; the objects that it hands out live as long as it does. What leads outside
    is answered as if it did not exist.
    """

    def __init__(self, path: Path, roots: Roots) -> None:
        self._roots = roots
        self._opened = ExitStack()
        self._files: dict[Path, h5py.File] = {}
        self.filename = str(path)
        self._file = self._open(path)

    def __enter__(self) -> ConfinedFile:
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    def __getitem__(self, path: str) -> Any:
        """The object at an absolute path; KeyError when there is none."""
        return self._follow(self._file["/"], path, _MAX_LINKS)

    def get(self, path: str, default: Any = None, *, getlink: bool = False) -> Any:
        """The object at `path`, or with `getlink` the link itself."""
        try:
            if not getlink:
                return self[path]
            parent, _, name = path.rstrip("/").rpartition("/")
            group = self[parent or "/"]
            return group.get(name, default, getlink=True) if _is_group(group) else default
        except KeyError:
            return default

    def values(self, path: str) -> NDArray[Any]:
        """All values of the dataset at `path`.

        Raises:
            KeyError: when there is none.
            Fault: 404, when they come from outside the roots.
        """
        dataset = self[path]
        if not isinstance(dataset, h5py.Dataset):
            raise KeyError(path)
        self.check_storage(dataset)
        return np.asarray(dataset[()])

    def check_storage(self, dataset: h5py.Dataset) -> None:
        """Make sure that the values of `dataset` come from inside the roots.

        Raises:
            Fault: 404, when they do not.
        """
        self._check_storage(dataset, _MAX_LINKS)

    def _open(self, path: Path) -> h5py.File:
        if path not in self._files:
            self._files[path] = self._opened.enter_context(open_file(path))
        return self._files[path]

    def _follow(self, start: Any, path: str, links: int) -> Any:
        if links <= 0:
            raise KeyError("too many links")
        here = start.file["/"] if path.startswith("/") else start
        for name in path.split("/"):
            if name in ("", "."):
                continue
            if not _is_group(here):
                raise KeyError(name)
            link = here.get(name, getlink=True)
            if isinstance(link, h5py.SoftLink):
                here = self._follow(here, link.path, links - 1)
            elif isinstance(link, h5py.ExternalLink):
                target = self._target(here.file.filename, link.filename)
                if target is None:
                    raise KeyError(name)
                try:
                    root = self._open(target)["/"]
                except OSError as error:
                    raise KeyError(name) from error
                here = self._follow(root, "/" + link.path.lstrip("/"), links - 1)
            elif link is None:
                raise KeyError(name)
            else:
                here = here[name]
        return here

    def _target(self, containing: str, name: str) -> Path | None:
        """The file that HDF5 would take for `name`; None when there is none inside the roots."""
        for candidate in _candidates(containing, name):
            if not candidate.is_file():
                continue
            real = candidate.resolve()
            return real if self._roots.holds(real) else None
        return None

    def _check_storage(self, dataset: h5py.Dataset, links: int) -> None:
        for name, _, _ in dataset.external or ():
            # HDF5 looks for these from the current folder, not from the file's
            if not self._all_inside([Path.cwd() / os.fsdecode(name)]):
                raise _outside(dataset)
        if not dataset.is_virtual:
            return
        if links <= 0:
            raise _outside(dataset)
        sources = {(s.file_name, s.dset_name) for s in dataset.virtual_sources()}
        if len(sources) > _MAX_SOURCES:
            raise _outside(dataset)
        for file_name, dataset_name in sources:
            if file_name == ".":
                self._check_source(dataset.file, dataset_name, dataset, links)
                continue
            for candidate in _candidates(dataset.file.filename, file_name):
                matches = list(_expand(candidate))
                if not self._all_inside(matches):
                    raise _outside(dataset)
                for match in matches:
                    if match.is_file():
                        source = self._open(match.resolve())
                        self._check_source(source, dataset_name, dataset, links)

    def _check_source(self, file: h5py.File, name: str, dataset: h5py.Dataset, links: int) -> None:
        try:
            source = self._follow(file["/"], "/" + name.lstrip("/"), links - 1)
        except KeyError:
            # a path that leaves the roots must not be left to HDF5
            if file["/"].get(name, getlink=True) is None:
                return
            raise _outside(dataset) from None
        if isinstance(source, h5py.Dataset):
            self._check_storage(source, links - 1)

    def _all_inside(self, paths: list[Path]) -> bool:
        return all(self._roots.holds(path.resolve()) for path in paths if os.path.lexists(path))


def _candidates(containing: str, name: str) -> Iterator[Path]:
    """Where HDF5 looks for a file that `containing` names, in its order."""
    folder = Path(containing).parent
    given = Path(name)
    if given.is_absolute():
        yield given
        yield folder / given.name
        return
    yield folder / given
    yield Path.cwd() / given
    yield folder.resolve() / given


def _expand(path: Path) -> Iterator[Path]:
    """The files of a virtual source, whose name may hold ``%b`` for a block number."""
    pattern = re.sub(r"%\d*b", "*", path.name)
    if pattern == path.name:
        yield path
    else:
        yield from path.parent.glob(re.sub(r"([?\[])", r"[\1]", pattern))


def _is_group(item: object) -> bool:
    return isinstance(item, h5py.Group)


def _outside(dataset: h5py.Dataset) -> Fault:
    return not_found(
        f"The values of {dataset.name} are stored in a file outside the folders of this server."
    )
