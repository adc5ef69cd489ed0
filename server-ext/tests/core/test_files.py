"""Process-list files: what a file is, and that nothing in it is lost."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import shutil
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from h5py import h5s
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from savu_core.files import (
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


@settings(deadline=None, max_examples=40)
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
    damaged = tmp_path / "damaged.nxs"
    # the superblock is sound, so that HDF5 opens the file
    damaged.write_bytes(whole[:1000] + b"\xff" * (len(whole) - 1000))
    for path, phrase in [
        (damaged, "damaged.nxs is a damaged HDF5 file"),
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


def _judge(path: Path, answer: Connection) -> None:
    """Read a file in a process of its own, and say how that ended."""
    try:
        classify(path)
        read_process_list(path)
        answer.send(None)
    except ProcessListError as error:
        answer.send(None if path.name in error.message else f"no name: {error.message}")
    except BaseException as error:
        answer.send(repr(error))


CUTS = st.lists(st.tuples(st.integers(0, 10**6), st.binary(min_size=1, max_size=8)), max_size=6)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
    max_examples=50,
    derandomize=True,
)
@given(cuts=CUTS)
def test_a_file_of_rubbish_gives_a_clear_error(
    tmp_path: Path, cuts: list[tuple[int, bytes]]
) -> None:
    content = bytearray(process_list_bytes(SOME))
    for where, what in cuts:
        # the first bytes make it HDF5 at all
        begin = 96 + where % (len(content) - 104)
        content[begin : begin + len(what)] = what
    path = tmp_path / "mutated.nxs"
    path.write_bytes(content)
    context = multiprocessing.get_context("fork")
    receiving, sending = context.Pipe(duplex=False)
    child = context.Process(target=_judge, args=(path, sending))
    child.start()
    sending.close()
    try:
        # the HDF5 library itself may crash or loop on such a file: that ends a worker only
        if receiving.poll(5):
            assert receiving.recv() is None
    except EOFError:
        child.join()
        assert child.exitcode != 0
    finally:
        child.kill()
        child.join()
