"""A lossless JSON tree of the HDF5 objects that a process list does not itself describe.

Citations, notes, fields of old versions and whatever other programs add must survive an edit.
A node is one of::

    {"group": {name: node}, "attributes": {name: value}}
    {"type": …, "shape": [..] | null, "data": …, "attributes": {name: value}}     a dataset
    {"soft": path}    {"external": [file, path]}                                  links
    {"attributes": {name: value}}           attributes of an object described elsewhere

`attributes` is absent where there are none. An attribute's value has the form of a dataset
without attributes. `data` is a flat list of texts for strings (or ``{"base64": …}`` for an
item that is not UTF-8), and the Base64 of the little- or big-endian bytes for numbers.
"""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import h5py
import numpy as np
from h5py import h5a, h5d, h5p, h5s, h5t

from savu_core.model import ProcessListError

Node = dict[str, Any]

#: More than this beside the list itself is not a process list, and would not fit a browser.
MAX_BYTES = 16 * 2**20
MAX_OBJECTS = 20_000
MAX_DEPTH = 32

_CHARSETS = {h5t.CSET_ASCII: "ascii", h5t.CSET_UTF8: "utf-8"}
_PADDINGS = {h5t.STR_NULLTERM: "nullterm", h5t.STR_NULLPAD: "nullpad", h5t.STR_SPACEPAD: "space"}
_NUMERIC_KINDS = "biufc"


@dataclass
class Budget:
    """What may still be read; a file made to exhaust memory is refused instead."""

    left_bytes: int = MAX_BYTES
    left_objects: int = MAX_OBJECTS

    def spend(self, size: int, where: str) -> None:
        self.left_bytes -= size
        self.left_objects -= 1
        if self.left_bytes < 0 or self.left_objects < 0:
            raise ProcessListError(f"{where} holds more data than a process list can carry along")


def encode_group(
    group: h5py.Group, known: Callable[[str], bool], budget: Budget, depth: int = 0
) -> Node:
    """The tree of `group` without the datasets and groups whose path is `known`."""
    if depth > MAX_DEPTH:
        raise ProcessListError(f"{group.name} is nested too deeply for a process list")
    members: dict[str, Node] = {}
    for name in group:
        budget.spend(0, group.name)
        link = group.get(name, getlink=True)
        if isinstance(link, h5py.SoftLink):
            members[name] = {"soft": link.path}
            continue
        if isinstance(link, h5py.ExternalLink):
            members[name] = {"external": [link.filename, link.path]}
            continue
        item = group[name]
        if known(item.name):
            if isinstance(item, h5py.Dataset) and len(item.attrs):
                members[name] = {"attributes": _encode_attributes(item, budget)}
        elif isinstance(item, h5py.Group):
            members[name] = encode_group(item, known, budget, depth + 1)
        elif isinstance(item, h5py.Dataset):
            members[name] = _encode_dataset(item, budget)
        else:
            raise ProcessListError(f"{item.name} is a named type, which cannot be kept")
    return _with_attributes({"group": members}, group, budget)


def decode_group(group: h5py.Group, node: Any, place: str, depth: int = 0) -> None:
    """Write the tree `node` into `group`, which may already hold members that it does not.

    Raises:
        ProcessListError: at `place` or below it, when the tree is not valid.
    """
    if not isinstance(node, dict) or not isinstance(node.get("group"), dict):
        raise ProcessListError("a group is expected here", place)
    if depth > MAX_DEPTH:
        raise ProcessListError("this is nested too deeply for a process list", place)
    for name, child in node["group"].items():
        where = f"{place}/group/{name.replace('~', '~0').replace('/', '~1')}"
        if name in ("", ".", "..") or "/" in name or "\0" in name:
            raise ProcessListError(f"{name!r} cannot name an HDF5 object", where)
        try:
            _decode_member(group, name, child, where, depth)
        except ProcessListError:
            raise
        except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as fault:
            raise ProcessListError(f"not a kept HDF5 object: {fault}", where) from None
    _decode_attributes(group, node, place)


def _decode_member(group: h5py.Group, name: str, node: Node, place: str, depth: int) -> None:
    if "group" in node:
        decode_group(group.require_group(name), node, place, depth + 1)
    elif "soft" in node:
        group[name] = h5py.SoftLink(node["soft"])
    elif "external" in node:
        filename, path = node["external"]
        group[name] = h5py.ExternalLink(filename, path)
    elif "type" in node:
        htype, space, data = _decode_value(node)
        properties = h5p.create(h5p.DATASET_CREATE)
        # the same list is to give the same bytes, whenever it is written
        properties.set_obj_track_times(False)
        dataset = h5d.create(group.id, name.encode(), htype, space, properties)
        if data is not None:
            dataset.write(h5s.ALL, h5s.ALL, data, mtype=_in_memory(htype))
        _decode_attributes(h5py.Dataset(dataset), node, place)
    else:
        _decode_attributes(group[name], node, place)


def _with_attributes(node: Node, item: Any, budget: Budget) -> Node:
    if len(item.attrs):
        node["attributes"] = _encode_attributes(item, budget)
    return node


def _encode_dataset(dataset: h5py.Dataset, budget: Budget) -> Node:
    budget.spend(dataset.size * dataset.dtype.itemsize if dataset.shape else 0, dataset.name)
    return _with_attributes(_encode_value(dataset.id, dataset.name, budget), dataset, budget)


def _encode_attributes(item: Any, budget: Budget) -> Node:
    return {
        name: _encode_value(item.attrs.get_id(name), f"{item.name}@{name}", budget)
        for name in item.attrs
    }


def _decode_attributes(item: Any, node: Node, place: str) -> None:
    for name, value in node.get("attributes", {}).items():
        try:
            htype, space, data = _decode_value(value)
            if name in item.attrs:
                del item.attrs[name]
            attribute = h5a.create(item.id, name.encode(), htype, space)
            if data is not None:
                attribute.write(data, mtype=_in_memory(htype))
        except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as fault:
            raise ProcessListError(
                f"not a kept HDF5 attribute: {fault}", f"{place}/attributes/{name}"
            ) from None


def _encode_value(source: h5d.DatasetID | h5a.AttrID, where: str, budget: Budget) -> Node:
    htype, space = source.get_type(), source.get_space()
    node: Node = {"type": _encode_type(htype, where), "shape": None}
    if space.get_simple_extent_type() == h5s.NULL:
        return node
    shape = space.get_simple_extent_dims()
    node["shape"] = list(shape)
    size = math.prod(shape)
    budget.spend(size * htype.get_size(), where)
    if not size:
        node["data"] = [] if isinstance(node["type"], dict) else ""
        return node
    values = np.empty(shape, htype.dtype)
    if isinstance(source, h5a.AttrID):
        source.read(values, mtype=_in_memory(htype))
    else:
        source.read(h5s.ALL, h5s.ALL, values, mtype=_in_memory(htype))
    if isinstance(node["type"], str):
        node["data"] = base64.b64encode(values.tobytes()).decode("ascii")
        return node
    texts = [_encode_text(item) for item in values.ravel()]
    budget.spend(sum(len(str(text)) for text in texts), where)
    node["data"] = texts
    return node


def _decode_value(node: Node) -> tuple[h5t.TypeID, h5s.SpaceID, np.ndarray | None]:
    htype = _decode_type(node["type"])
    if node["shape"] is None:
        return htype, h5s.create(h5s.NULL), None
    shape = tuple(int(length) for length in node["shape"])
    size = math.prod(shape)
    if min(shape, default=0) < 0 or size * htype.get_size() > MAX_BYTES:
        raise ValueError("the shape is not one that can be written")
    space = h5s.create_simple(shape) if shape else h5s.create(h5s.SCALAR)
    if not size:
        return htype, space, None
    if isinstance(node["type"], str):
        data = _decode_base64(node["data"])
        if len(data) != size * htype.get_size():
            raise ValueError("data and shape do not agree")
        return htype, space, np.frombuffer(data, htype.dtype).reshape(shape)
    items = [_decode_text(item) for item in node["data"]]
    if len(items) != size:
        raise ValueError("data and shape do not agree")
    values = np.empty(size, htype.dtype)
    values[:] = items
    return htype, space, values.reshape(shape)


def _in_memory(htype: h5t.TypeID) -> h5t.TypeID | None:
    """The type of the values in an array: as stored, but h5py's own for variable strings."""
    variable = isinstance(htype, h5t.TypeStringID) and htype.is_variable_str()
    return None if variable else htype


def _encode_type(htype: h5t.TypeID, where: str) -> str | Node:
    if isinstance(htype, h5t.TypeStringID):
        charset = _CHARSETS[htype.get_cset()]
        if htype.is_variable_str():
            return {"string": charset}
        padding = _PADDINGS[htype.get_strpad()]
        return {"string": charset, "length": htype.get_size(), "padding": padding}
    try:
        dtype = htype.dtype
        kept = dtype.kind in _NUMERIC_KINDS and h5t.py_create(np.dtype(dtype.str), True) == htype
    except TypeError:
        kept = False
    if not kept:
        raise ProcessListError(f"{where} is of an HDF5 type that a process list cannot carry along")
    return str(dtype.str)


def _decode_type(description: str | Node) -> h5t.TypeID:
    if isinstance(description, str):
        dtype = np.dtype(description)
        if dtype.kind not in _NUMERIC_KINDS:
            raise ValueError(f"{description!r} is not a type that is kept")
        return h5t.py_create(dtype, logical=True)
    htype = h5t.C_S1.copy()
    if "length" in description:
        htype.set_size(int(description["length"]))
        htype.set_strpad({v: k for k, v in _PADDINGS.items()}[description["padding"]])
    else:
        htype.set_size(h5t.VARIABLE)
    htype.set_cset({v: k for k, v in _CHARSETS.items()}[description["string"]])
    return htype


def _encode_text(value: object) -> str | Node:
    raw = value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogateescape")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(raw).decode("ascii")}


def _decode_text(item: str | Node) -> bytes:
    if isinstance(item, str):
        return item.encode()
    return _decode_base64(item["base64"])


def _decode_base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as fault:
        raise ValueError(f"not Base64: {fault}") from None
