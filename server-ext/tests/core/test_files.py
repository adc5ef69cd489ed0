"""Process-list files: nothing is lost, nothing is half written, nothing else is overwritten."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from h5py import h5s
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from savu_core.files import (
    ChangedOnDisk,
    FileKind,
    NotAProcessList,
    classify,
    file_hash,
    process_list_bytes,
    read_process_list,
    write_process_list,
)
from savu_core.model import IterateGroup, Plugin, ProcessList, ProcessListError

from .strategies import process_lists

SOME = ProcessList([Plugin("1", "NxtomoLoader", "savu.x", parameters={"a": 1.0})])
OTHER = ProcessList([Plugin("1", "Other", "savu.y")])


def tree(path: Path) -> dict[str, Any]:
    """Every object and attribute of a file with its exact type and bytes."""
    found: dict[str, Any] = {}

    def value(source: Any) -> Any:
        htype, shape = source.get_type(), source.shape
        if not shape and source.get_space().get_simple_extent_type() == h5s.NULL:
            return htype.dtype.str, None
        values = np.empty(shape, htype.dtype)
        mtype = None if values.dtype == object else htype
        if isinstance(source, h5py.h5a.AttrID):
            source.read(values, mtype=mtype)
        elif values.size:
            source.read(h5s.ALL, h5s.ALL, values, mtype=mtype)
        kind = (
            (htype.get_cset(), htype.get_strpad(), htype.is_variable_str())
            if isinstance(htype, h5py.h5t.TypeStringID)
            else htype.dtype.str
        )
        return kind, shape, values.tolist() if values.dtype == object else values.tobytes()

    def note(name: str, item: Any) -> None:
        # old versions of Savu padded positions with blanks
        name = "/".join(part.strip() for part in name.split("/"))
        found[name] = value(item.id) if isinstance(item, h5py.Dataset) else "group"
        for key in item.attrs:
            found[f"{name}@{key}"] = value(item.attrs.get_id(key))

    with h5py.File(path) as file:
        note("", file)
        file.visititems(note)
    return found


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_every_kind_of_list_is_saved_unchanged(lists: list[Path], tmp_path: Path) -> None:
    assert len(lists) == 15
    for path in lists:
        plist, digest = read_process_list(path)
        assert digest == hashlib.sha256(path.read_bytes()).hexdigest()
        saved = tmp_path / path.name
        new_digest = write_process_list(saved, plist, create=True)
        again, read_digest = read_process_list(saved)
        assert json.dumps(again.to_json()) == json.dumps(plist.to_json())
        assert read_digest == new_digest == file_hash(saved)
        assert tree(saved) == tree(path)


def test_a_list_that_went_through_the_api_is_saved_unchanged(lists: list[Path]) -> None:
    for path in lists:
        plist, _ = read_process_list(path)
        travelled = ProcessList.from_json(json.loads(json.dumps(plist.to_json())))
        assert process_list_bytes(travelled) == process_list_bytes(plist)


@given(process_lists())
def test_any_list_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, plist: ProcessList
) -> None:
    path = tmp_path_factory.mktemp("any") / "list.nxs"
    write_process_list(path, plist)
    again, _ = read_process_list(path)
    expected, found = plist.to_json(), again.to_json()
    for obj in (expected, found):
        # a new list says nothing about its groups; one that was read does
        del obj["extra"]
        for plugin in obj["plugins"]:
            del plugin["extra"]
    assert json.dumps(found) == json.dumps(expected)
    before = tree(path)
    write_process_list(path, again)
    assert tree(path) == before


def test_a_new_list_has_the_layout_of_savu(tmp_path: Path) -> None:
    path = tmp_path / "new.nxs"
    plist = ProcessList([Plugin("1", "A", "savu.a", False, {"x": None})], [IterateGroup(1, 1, 3)])
    write_process_list(path, plist, create=True)
    with h5py.File(path) as file:
        group = file["entry/plugin/1"]
        assert group.attrs["NX_class"] == "NXnote"
        assert group["active"].dtype == bool and group["active"].shape == (1,)
        assert not group["active"][0]
        for name, text in (("name", b"A"), ("id", b"savu.a"), ("data", b'{"x": null}')):
            assert group[name].shape == (1,)
            assert group[name].dtype == np.dtype(f"S{len(text)}")
            assert group[name][0] == text
        assert file["entry/savu_notes/version"][()] == b"4.2"
        loop = file["entry/iterate_plugin_groups/0"]
        assert {name: int(loop[name][()]) for name in loop} == {
            "start": 1,
            "end": 1,
            "iterations": 3,
        }
        assert loop["start"].dtype == np.int32


def test_lists_counted_from_0_and_padded_positions_are_accepted(tmp_path: Path) -> None:
    path = tmp_path / "old.nxs"
    path.write_bytes(
        process_list_bytes(ProcessList([Plugin(str(n), f"P{n}", "p") for n in (1, 2)]))
    )
    with h5py.File(path, "a") as file:
        plugins = file["entry/plugin"]
        plugins.move("1", "   0 ")
        plugins.move("2", "   1 ")
    plist, _ = read_process_list(path)
    assert [(plugin.position, plugin.name) for plugin in plist.plugins] == [
        ("1", "P1"),
        ("2", "P2"),
    ]


def test_letters_templates_and_loops_survive(data: Path) -> None:
    letters, _ = read_process_list(data / "lists/made_letters.nxs")
    assert [plugin.position for plugin in letters.plugins] == ["1", "2a", "2b", "2c", "3"]
    template, _ = read_process_list(data / "lists/made_template.nxs")
    assert template.plugins[3].parameters["centre_of_rotation"] == "<50.5>"
    looped, _ = read_process_list(data / "savu_lists/iterate_one_median_filter.nxs")
    assert looped.groups == [IterateGroup(3, 3, 2)]


def test_what_other_programs_added_survives(data: Path, tmp_path: Path) -> None:
    path = tmp_path / "list.nxs"
    shutil.copy(data / "lists/made_basic_fbp_phantom_tomo_a.nxs", path)
    with h5py.File(path, "a") as file:
        plugin = file["entry/plugin/2"]
        plugin["note"] = "naïve"
        plugin["name"].attrs["origin"] = np.float32(1.5)
        plugin["bytes"] = np.array([b"\xff\xfe", b"ok"])
        plugin["empty"] = h5py.Empty("f4")
        plugin.create_dataset("none", shape=(0, 3), dtype=">i2")
        plugin.create_dataset("flag", data=[True, False])
        file["entry/link"] = h5py.SoftLink("/entry/plugin")
        file["elsewhere"] = h5py.ExternalLink("scan.nxs", "/entry1")
        file["entry/iterate_plugin_groups"].create_dataset("odd", data=np.arange(6).reshape(2, 3))
        file.attrs["creator"] = np.array(["a", "b"], dtype=h5py.string_dtype())
    before = tree(path)
    plist, digest = read_process_list(path)
    plist = ProcessList.from_json(json.loads(json.dumps(plist.to_json())))
    plist.plugins[0].active = False
    plist.groups.append(IterateGroup(2, 3, 5))
    write_process_list(path, plist, expected_hash=digest)
    after = tree(path)
    assert {key: after[key] for key in before if key != "entry/plugin/1/active"} == {
        key: value for key, value in before.items() if key != "entry/plugin/1/active"
    }
    with h5py.File(path) as file:
        assert file.get("entry/link", getlink=True).path == "/entry/plugin"
        assert file.get("elsewhere", getlink=True).filename == "scan.nxs"
        assert not file["entry/plugin/1/active"][0]
        assert file["entry/iterate_plugin_groups/0/iterations"][()] == 5


@pytest.mark.parametrize(
    "extra",
    [
        {"group": {"x": {"type": "<i4", "shape": [2], "data": "AAAA"}}},
        {"group": {"x": {"type": "O", "shape": [], "data": ""}}},
        {"group": {"x": {"type": "<i4", "shape": [2**40], "data": ""}}},
        {"group": {"x": {"type": {"string": "ascii", "length": 0, "padding": "nullpad"}}}},
        {"group": {"a/b": {"group": {}}}},
        {"group": {"name": {"type": "<i4", "shape": [], "data": "AAAAAA=="}}},
        {"group": {"x": {"attributes": {"y": {}}}}},
        {"group": {"x": 5}},
        {"members": {}},
    ],
)  # fmt: skip
def test_an_extra_that_was_tampered_with_is_refused(extra: dict[str, Any]) -> None:
    with pytest.raises(ProcessListError) as caught:
        process_list_bytes(ProcessList([Plugin("1", "A", "a", extra=extra)]))
    assert (caught.value.place or "").startswith("/plugins/0/extra")


def test_content_decides_what_a_file_is(data: Path, tmp_path: Path, scan_file: Path) -> None:
    result = tmp_path / "scan_processed.nxs"
    shutil.copy(data / "lists/made_basic_fbp_phantom_tomo_a.nxs", result)
    with h5py.File(result, "a") as file:
        file["entry/final_result_tomo/data"] = h5py.ExternalLink("gone.h5", "data")
    other = tmp_path / "other.nxs"
    h5py.File(other, "w").close()
    empty = tmp_path / "new.nxs"
    empty.touch()
    text = tmp_path / "text.nxs"
    text.write_text("This is not a list.\n")
    assert classify(data / "lists/made_letters.nxs") is FileKind.LIST
    assert classify(empty) is FileKind.LIST
    assert classify(scan_file) is FileKind.SCAN
    assert classify(result) is FileKind.RESULT
    assert [classify(path) for path in (other, text, tmp_path)] == [FileKind.OTHER] * 3
    with pytest.raises(FileNotFoundError):
        classify(tmp_path / "gone.nxs")


def test_an_empty_file_is_a_new_list(tmp_path: Path) -> None:
    path = tmp_path / "new.nxs"
    path.touch()
    plist, digest = read_process_list(path)
    assert plist == ProcessList()
    write_process_list(path, SOME, expected_hash=digest)
    assert read_process_list(path)[0].plugins[0].name == "NxtomoLoader"


def test_errors_name_the_file_and_say_what_it_is(
    data: Path, tmp_path: Path, scan_file: Path
) -> None:
    text = tmp_path / "text.nxs"
    text.write_text("This is not a process list.")
    whole = (data / "lists/made_letters.nxs").read_bytes()
    cut = tmp_path / "cut.nxs"
    cut.write_bytes(whole[: len(whole) // 2])
    for path, phrase in [
        (text, "text.nxs is not an HDF5 file (27 bytes of text)"),
        (cut, f"cut.nxs is a truncated HDF5 file ({len(whole) // 2} bytes are left)"),
        (scan_file, "scan.nxs is a scan, not a process list"),
        (tmp_path, f"{tmp_path.name} is a folder"),
    ]:
        with pytest.raises(NotAProcessList) as caught:
            read_process_list(path)
        assert caught.value.message == phrase


@pytest.mark.parametrize(
    ("member", "value", "phrase"),
    [
        ("data", b"not json", "the parameters of plugin 1 are not JSON"),
        ("data", b"[1]", "the parameters of plugin 1 are not a JSON object"),
        ("name", None, "plugin 1 has no 'name'"),
    ],
)
def test_a_broken_list_is_named_with_its_plugin(
    tmp_path: Path, member: str, value: bytes | None, phrase: str
) -> None:
    path = tmp_path / "broken.nxs"
    write_process_list(path, SOME)
    with h5py.File(path, "a") as file:
        del file[f"entry/plugin/1/{member}"]
        if value is not None:
            file[f"entry/plugin/1/{member}"] = np.array([value])
    with pytest.raises(ProcessListError, match=r"broken\.nxs") as caught:
        read_process_list(path)
    assert phrase in caught.value.message


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    cuts=st.lists(st.tuples(st.integers(0, 10**6), st.binary(min_size=1, max_size=8)), max_size=6)
)
def test_a_file_of_rubbish_is_an_error_not_a_crash(
    tmp_path: Path, cuts: list[tuple[int, bytes]]
) -> None:
    content = bytearray(process_list_bytes(SOME))
    for where, what in cuts:
        # the tail of the file holds strings and headers; its first bytes make it HDF5 at all
        begin = 96 + where % (len(content) - 104)
        content[begin : begin + len(what)] = what
    path = tmp_path / "mutated.nxs"
    path.write_bytes(content)
    assert classify(path) in FileKind
    try:
        read_process_list(path)
    except ProcessListError as error:
        assert "mutated.nxs" in error.message


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
