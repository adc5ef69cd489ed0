"""Files by root and path: located here, read and written in worker processes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jupyterlab_savu.data.frames import Frame
from jupyterlab_savu.data.pool import WorkerPool
from jupyterlab_savu.data.roots import Located, Roots
from jupyterlab_savu.data.stopping import Stop
from jupyterlab_savu.faults import Fault, not_found


class FileService:
    """All methods block, and may be called from any thread."""

    def __init__(
        self, roots: Roots, pool: WorkerPool, *, visits: int, seconds: float, answer_size: int
    ) -> None:
        self.roots = roots
        self.call = pool.call
        self._visits = visits
        self._seconds = seconds
        self._answer_size = answer_size

    def file(self, root: str, path: str, with_hash: bool) -> dict[str, Any]:
        """A file in the form of the API."""
        located = self.roots.locate_file(root, path)
        facts = self.call(
            "files",
            "describe",
            path=str(located.path),
            writable=located.writable,
            with_hash=with_hash,
        )
        name = located.relative.rpartition("/")[2]
        return {"root": root, "path": located.relative, "name": name, **facts}

    def search(
        self,
        kind: str,
        root: str,
        below: str,
        words: str,
        limit: int,
        cursor: str | None,
        stop: Stop,
    ) -> dict[str, Any]:
        """A page of lists, scans or results below a folder, in the form of the API."""
        folder = self.roots.locate(root, below)
        if not folder.path.is_dir():
            raise not_found(f"{below!r} in {root!r} is not a folder.")
        found: dict[str, Any] = self.call(
            "search",
            "search",
            kind=kind,
            root=root,
            below=folder.relative,
            folder=str(folder.path),
            words=words.lower().split(),
            limit=limit,
            cursor=cursor,
            roots=self.roots.to_json(),
            visits=self._visits,
            seconds=self._seconds,
            stop=str(stop.path),
        )
        return found

    def read_list(self, root: str, path: str) -> dict[str, Any]:
        located = self.roots.locate_file(root, path)
        answer: dict[str, Any] = self.call("files", "list.read", path=str(located.path))
        return answer

    def create_list(self, root: str, path: str, plist: dict[str, Any]) -> dict[str, Any]:
        located = self._writable(self.roots.locate_new(root, path))
        self._write(located, plist, None, create=True)
        return self.file(root, path, with_hash=True)

    def replace_list(
        self, root: str, path: str, plist: dict[str, Any], expected_hash: str
    ) -> dict[str, Any]:
        located = self._writable(self.roots.locate_file(root, path))
        self._write(located, plist, expected_hash, create=False)
        return self.file(root, path, with_hash=True)

    def delete_list(
        self, root: str, path: str, expected_hash: str, to_trash: bool
    ) -> dict[str, str] | None:
        """Where the list was put; None in the trash."""
        located = self._writable(self.roots.locate_file(root, path))
        kept: str | None = self.call(
            "files",
            "list.delete",
            path=str(located.path),
            expected_hash=expected_hash,
            to_trash=to_trash,
        )
        return None if kept is None else self.roots.place_of(Path(kept))

    def download_list(self, root: str, path: str) -> tuple[str, bytes]:
        """The name of the file and its bytes."""
        located = self.roots.locate_file(root, path)
        frame: Frame = self.call("files", "list.download", path=str(located.path))
        return located.relative.rpartition("/")[2], bytes(frame.body)

    def create_template(
        self,
        root: str,
        path: str,
        of: Located,
        plist: dict[str, Any],
        values: list[dict[str, Any]],
    ) -> dict[str, Any]:
        """Write the new ``.savu`` file of a list that is or will be at `of`."""
        located = self._writable(self.roots.locate_new(root, path))
        self.call(
            "files",
            "template.create",
            path=str(located.path),
            list_path=str(of.path),
            plist=plist,
            values=values,
        )
        return self.file(root, path, with_hash=False)

    def list_of_template(self, root: str, path: str) -> dict[str, Any]:
        """Where the list of a ``.savu`` file is."""
        located = self.roots.locate_file(root, path)
        found: dict[str, Any] = self.call(
            "files", "template.list", path=str(located.path), roots=self.roots.to_json()
        )
        return found

    def judge(self, operation: str, **arguments: Any) -> dict[str, Any]:
        """What a worker says that looks for files inside the roots only."""
        told: dict[str, Any] = self.call(
            "files", operation, roots=self.roots.to_json(), **arguments
        )
        return told

    def question(self, name: str, root: str, file: str, **arguments: Any) -> Frame:
        """What H5Grove answers to the question `name` about an HDF5 file."""
        located = self.roots.locate_file(root, file)
        answer: Frame = self.call(
            "data",
            f"data.{name}",
            file=str(located.path),
            roots=self.roots.to_json(),
            limit=self._answer_size,
            **arguments,
        )
        return answer

    def volumes(self, root: str, file: str) -> dict[str, Any]:
        """The datasets of a file that can be shown as slices, in the form of the API."""
        located = self.roots.locate_file(root, file)
        found: dict[str, Any] = self.call(
            "data", "slices.volumes", file=str(located.path), roots=self.roots.to_json()
        )
        return found

    def volume(self, root: str, file: str, path: str) -> dict[str, Any]:
        """Shape, axes and patterns of a dataset, in the form of the API."""
        return self._of_dataset("slices.volume", root, file, path)

    def growth(self, root: str, file: str, path: str) -> dict[str, Any]:
        """How much of a dataset was written, in the form of the API."""
        return self._of_dataset("slices.growth", root, file, path)

    def _of_dataset(self, operation: str, root: str, file: str, path: str) -> dict[str, Any]:
        located = self.roots.locate_file(root, file)
        told: dict[str, Any] = self.call(
            "data", operation, file=str(located.path), path=path, roots=self.roots.to_json()
        )
        return told

    def frames(self, root: str, file: str, path: str) -> dict[str, Any]:
        """Angles and kinds of the frames of a scan, in the form of the API."""
        located = self.roots.locate_file(root, file)
        told: dict[str, Any] = self.call(
            "data", "slices.frames", file=str(located.path), path=path, roots=self.roots.to_json()
        )
        return told

    def _write(
        self, located: Located, plist: dict[str, Any], expected_hash: str | None, create: bool
    ) -> None:
        self.call(
            "files",
            "list.write",
            path=str(located.path),
            plist=plist,
            expected_hash=expected_hash,
            create=create,
        )

    def _writable(self, located: Located) -> Located:
        if not located.writable:
            raise Fault(
                f"{located.root!r} is read-only here. Save under another name in Jupyter's folder.",
                status=403,
                reason="read_only",
            )
        return located
