"""Writing process-list files: all or nothing, never over something else."""

from __future__ import annotations

import errno
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from savu_core.files import (
    ChangedOnDisk,
    NotAProcessList,
    file_hash,
    read_process_list,
    write_process_list,
)
from savu_core.model import Plugin, ProcessList

SOME = ProcessList([Plugin("1", "NxtomoLoader", "savu.x")])
OTHER = ProcessList([Plugin("1", "Other", "savu.y")])


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_writing_into_a_scan_or_result_is_refused(scan_file: Path, tmp_path: Path) -> None:
    text = tmp_path / "notes.nxs"
    text.write_text("keep me")
    for path in (scan_file, text):
        before = path.read_bytes()
        for digest in (None, file_hash(path)):
            with pytest.raises(NotAProcessList):
                write_process_list(path, SOME, expected_hash=digest)
        assert path.read_bytes() == before


def test_a_file_that_changed_since_it_was_read_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "list.nxs"
    digest = write_process_list(path, SOME, create=True)
    write_process_list(path, OTHER)
    with pytest.raises(ChangedOnDisk, match=r"list\.nxs was changed"):
        write_process_list(path, SOME, expected_hash=digest)
    assert read_process_list(path)[0].plugins[0].name == "Other"
    path.unlink()
    with pytest.raises(ChangedOnDisk, match="deleted"):
        write_process_list(path, SOME, expected_hash=digest)
    assert not path.exists()


def test_a_new_list_does_not_replace_a_file(tmp_path: Path) -> None:
    path = tmp_path / "list.nxs"
    write_process_list(path, SOME, create=True)
    before = path.read_bytes()
    with pytest.raises(FileExistsError):
        write_process_list(path, OTHER, create=True)
    assert path.read_bytes() == before


def test_of_many_who_save_the_same_version_one_wins(tmp_path: Path) -> None:
    path = tmp_path / "list.nxs"
    digest = write_process_list(path, SOME)

    def save(number: int) -> bool:
        plist = ProcessList([Plugin("1", f"By{number}", "a")])
        try:
            write_process_list(path, plist, expected_hash=digest)
        except ChangedOnDisk:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        saved = list(pool.map(save, range(16)))
    assert saved.count(True) == 1
    assert read_process_list(path)[0].plugins[0].name == f"By{saved.index(True)}"
    assert names_in(tmp_path) == ["list.nxs"]


@pytest.mark.parametrize("step", ["fsync", "replace"])
@pytest.mark.parametrize("exists", [True, False])
def test_a_full_disk_leaves_the_old_file_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, exists: bool
) -> None:
    path = tmp_path / "list.nxs"
    if exists:
        write_process_list(path, SOME)
    before = path.read_bytes() if exists else None

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(*((Path, "replace", full) if step == "replace" else (os, "fsync", full)))
        with pytest.raises(OSError, match="No space left"):
            write_process_list(path, OTHER)
    assert (path.read_bytes() if path.exists() else None) == before
    assert names_in(tmp_path) == (["list.nxs"] if exists else [])


def test_a_failure_names_the_file_that_was_to_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "list.nxs"

    def refuse(source: Path, target: Path) -> None:
        raise OSError(errno.EROFS, "Read-only file system", str(source), None, str(target))

    monkeypatch.setattr(Path, "replace", refuse)
    monkeypatch.setattr(Path, "unlink", lambda source: refuse(source, source))
    with pytest.raises(OSError, match="Read-only") as caught:
        write_process_list(path, SOME)
    assert (caught.value.filename, caught.value.filename2) == (str(path), None)


def test_mode_is_kept_and_new_files_obey_the_umask(tmp_path: Path) -> None:
    path = tmp_path / "list.nxs"
    before = os.umask(0o027)
    try:
        write_process_list(path, SOME)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    path.chmod(0o604)
    write_process_list(path, OTHER)
    assert stat.S_IMODE(path.stat().st_mode) == 0o604


def test_a_protected_file_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "list.nxs"
    write_process_list(path, SOME)
    before = path.read_bytes()
    path.chmod(0o444)
    with pytest.raises(PermissionError):
        write_process_list(path, OTHER)
    assert path.read_bytes() == before


def test_a_symbolic_link_stays_and_its_target_is_written(tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    target, link = folder / "list.nxs", tmp_path / "link.nxs"
    link.symlink_to(target)
    digest = write_process_list(link, SOME, create=True)
    write_process_list(link, OTHER, expected_hash=digest)
    assert link.is_symlink()
    assert read_process_list(target)[0].plugins[0].name == "Other"


def test_a_name_may_be_as_long_as_names_can_be(tmp_path: Path) -> None:
    path = tmp_path / f"{'x' * 251}.nxs"
    digest = write_process_list(path, SOME, create=True)
    write_process_list(path, OTHER, expected_hash=digest)
    assert list(tmp_path.iterdir()) == [path]
