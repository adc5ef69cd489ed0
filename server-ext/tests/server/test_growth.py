"""Results that are being written: what is there is shown, and what is not is told."""

from __future__ import annotations

import json
import threading
from functools import partial
from pathlib import Path
from typing import Any

import h5py
import httpx
import numpy as np
import pytest
from conftest import Folder

from savu_core.files import read_process_list, write_process_list
from savu_embedded.datasets import Family, TunedAxis, projections, volume
from savu_embedded.output import describe
from savu_embedded.result_files import ResultFile, create_result

SHAPE = (10, 12, 10)
GROUP = "2-AstraReconCpu-tomo"
DATA = f"/{GROUP}/data"


def begin(path: Path, cut: Any = "rows", tuned: tuple[TunedAxis, ...] = ()) -> list[ResultFile]:
    """The file of a reconstruction as the engine makes it, without any values."""
    data = volume(SHAPE[0], projections(np.arange(20.0), SHAPE[1], SHAPE[2]))
    family = Family(tuned, (data,))
    about = partial(describe, data=data, tuned=tuned)
    return list(create_result(path, GROUP, SHAPE, 0, cut, family.lengths, describe=about))


def slice_of(api: httpx.Client, file: str, plane: str, **more: Any) -> tuple[np.ndarray, Any]:
    query = {"file": file, "path": DATA, "plane": plane, **more}
    answer = api.get("slices/slice", params=query)
    assert answer.status_code == 200, answer.text
    header = json.loads(answer.headers["Savu-Slice"])
    return np.frombuffer(answer.content, header["dtype"]).reshape(header["shape"]), header


def growth_of(api: httpx.Client, file: str, path: str = DATA) -> dict[str, Any]:
    told: dict[str, Any] = api.get("slices/growth", params={"file": file, "path": path}).json()
    return told


@pytest.mark.parametrize("tuned", [False, True])
def test_rows_that_are_not_marked_are_missing_in_every_plane(
    api: httpx.Client, folder: Folder, tuned: bool
) -> None:
    axis = TunedAxis((0, "centre_of_rotation"), "centre_of_rotation_params", (4.0, 4.5), "pixel")
    results = begin(folder / "tomo_p2_recon.h5", tuned=(axis,) if tuned else ())
    file = folder.at("tomo_p2_recon.h5")
    at = ",1" if tuned else ""
    block = np.full((3, SHAPE[0], SHAPE[2]), 5, np.float32)
    for result in results:
        result.write(4, block)
    assert growth_of(api, file)["written"] == 0
    results[0].mark(4, 7)
    told = growth_of(api, file)
    assert (told["written"], told["of"], told["axis"]) == (3, 12, 1)

    values, header = slice_of(api, file, f":,5,:{at}")
    assert (values == 5).all()
    assert header["missing"] == []
    assert slice_of(api, file, f":,3,:{at}")[1]["missing"] == [[0, 10, 0, 10]]
    assert slice_of(api, file, f"2,:,:{at}")[1]["missing"] == [[0, 4, 0, 10], [7, 12, 0, 10]]
    assert slice_of(api, file, f":,:,2{at}")[1]["missing"] == [[0, 10, 0, 4], [0, 10, 7, 12]]

    # nothing that was not written is in figures, lines or bytes
    query = {"file": file, "path": DATA, "plane": f"2,:,:{at}"}
    figures = api.get("slices/statistics", params=query).json()
    assert (figures["count"], figures["min"], figures["mean"]) == (30, 5, 5)
    region = api.get("slices/statistics", params={**query, "region": "6,9,2,9"}).json()
    assert (region["count"], region["min"]) == (7, 5)
    line = api.get("slices/profile", params={**query, "line": "0,3,11,3"}).json()
    assert line["values"] == [None] * 4 + [5.0] * 3 + [None] * 5
    shown, header = slice_of(api, file, f"2,:,:{at}", bits=8, step=2, region="1,12,0,10")
    assert (shown > 0).any(axis=1).tolist() == [False, False, True, False, False, False]
    assert header["contrast"] == [5, 6]


def test_frames_are_marked_along_the_first_axis(api: httpx.Client, folder: Folder) -> None:
    (result,) = begin(folder / "tomo_p2_recon.h5", cut="frames")
    result.write_frames(0, np.ones((4, *SHAPE[1:]), np.float32))
    result.mark(0, 4)
    file = folder.at("tomo_p2_recon.h5")
    told = growth_of(api, file)
    assert (told["written"], told["of"], told["axis"]) == (4, 10, 0)
    assert slice_of(api, file, ":,3,:")[1]["missing"] == [[4, 10, 0, 10]]


def test_the_version_changes_with_what_is_marked_and_with_the_file(
    api: httpx.Client, folder: Folder
) -> None:
    path = folder / "tomo_p2_recon.h5"
    file = folder.at(path.name)
    (result,) = begin(path)
    versions = [growth_of(api, file)["version"]]
    result.write(0, np.ones((4, *SHAPE[::2]), np.float32))
    assert growth_of(api, file)["version"] == versions[0]
    for first in range(0, 12, 4):
        result.mark(first, first + 4)
        versions.append(growth_of(api, file)["version"])
    assert growth_of(api, file)["version"] == versions[-1]
    path.rename(folder / "old.h5")
    begin(path)[0].mark(0, 12)
    versions.append(growth_of(api, file)["version"])
    assert len(set(versions)) == len(versions)
    path.unlink()
    gone = api.get("slices/growth", params={"file": file, "path": DATA})
    assert gone.status_code == 404


def test_chunks_count_unless_all_were_made_at_once(api: httpx.Client, folder: Folder) -> None:
    with h5py.File(folder / "other.h5", "w") as made:
        some = made.create_dataset("some", SHAPE, "f4", chunks=(10, 1, 10))
        some[:, 2:5] = 1
        made["run"] = np.zeros(SHAPE, "f4")
        create = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        create.set_chunk((10, 1, 10))
        create.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
        space, kind = h5py.h5s.create_simple(SHAPE), h5py.h5t.NATIVE_FLOAT
        h5py.h5d.create(made.id, b"early", kind, space, create)
        # of another meaning: no axis is named
        made["marked/data"] = np.zeros(SHAPE, "f4")
        made["marked/written"] = np.zeros(12, "u1")
    file = folder.at("other.h5")
    some_told = growth_of(api, file, "/some")
    assert (some_told["written"], some_told["of"], some_told["axis"]) == (3, 12, None)
    for name in ("/run", "/early", "/marked/data"):
        told = growth_of(api, file, name)
        assert (told["written"], told["of"]) == (None, None)


def test_what_is_marked_is_right_while_somebody_writes(api: httpx.Client, folder: Folder) -> None:
    (result,) = begin(folder / "tomo_p2_recon.h5")
    file = folder.at("tomo_p2_recon.h5")
    ended = threading.Event()

    def write() -> None:
        for row in [*range(SHAPE[1])]:
            for _ in range(20):
                result.write(row, np.full((1, *SHAPE[::2]), row + 1, np.float32))
                ended.wait(0.005)
            result.mark(row, row + 1)

    writer = threading.Thread(target=write)
    writer.start()
    seen = set()
    while writer.is_alive():
        for plane, axis in (("3,:,:", 0), (":,:,3", 1)):
            values, header = slice_of(api, file, plane)
            there = np.ones(values.shape, bool)
            for top, bottom, left, right in header["missing"]:
                there[top:bottom, left:right] = False
            rows = np.broadcast_to(np.arange(1, 13), SHAPE[:2])
            expected = rows.T if axis == 0 else rows
            assert (values[there] == expected[there]).all()
            seen.add(int(there.any(axis=1 - axis).sum()))
    writer.join()
    assert len(seen) > 3
    assert slice_of(api, file, "3,:,:")[1]["missing"] == []


def test_a_run_lists_its_datasets_by_plugin_also_before_it_links_them(
    api: httpx.Client, folder: Folder
) -> None:
    run = folder / "run"
    (run / "run_log").mkdir(parents=True)
    plist, _ = read_process_list(folder / "steps.nxs")
    loader = next(p for p in plist.plugins if p.name == "NxtomoLoader")
    loader.parameters["preview"] = ["2:end:2", "3:5", ":"]
    write_process_list(run / "run_log/steps.nxs", plist, create=True)
    processed = run / "scan_processed.nxs"
    frames = "/entry1/tomo_entry/data/data"
    with h5py.File(processed, "w") as made:
        made["entry/input_data/tomo/data"] = h5py.ExternalLink("../scan.nxs", frames)
    begin(run / "tomo_p2_astra_recon_cpu.h5")
    with h5py.File(run / "tomo_p1_dark_flat_field_correction.h5", "w") as made:
        made["1-DarkFlatFieldCorrection-tomo/data"] = np.ones(SHAPE, "f4")
    (run / "tomo_p3_other.h5").symlink_to("/etc/hostname")
    file = folder.at("run/scan_processed.nxs")

    items = api.get("slices/volumes", params={"file": file}).json()["items"]
    assert [(one["kind"], one.get("step"), one.get("file")) for one in items] == [
        (
            "unfinished",
            {"number": 2, "plugin": "AstraReconCpu", "dataset": "tomo"},
            "tomo_p2_astra_recon_cpu.h5",
        ),
        (
            "unfinished",
            {"number": 1, "plugin": "DarkFlatFieldCorrection", "dataset": "tomo"},
            "tomo_p1_dark_flat_field_correction.h5",
        ),
        ("scan", None, None),
    ]
    beside = folder.at("run/tomo_p2_astra_recon_cpu.h5")
    growing = api.get("slices/volume", params={"file": beside, "path": items[0]["path"]}).json()
    assert [axis["name"] for axis in growing["axes"]] == ["voxel_x", "voxel_y", "voxel_z"]
    assert "VOLUME_XZ" in {pattern["name"] for pattern in growing["patterns"]}

    # which rows of the scan became those of the results
    raw = api.get("slices/volume", params={"file": file, "path": items[-1]["path"]}).json()
    with h5py.File(folder / "scan.nxs") as scan:
        keys = scan["entry1/tomo_entry/instrument/detector/image_key"][()]
    first = int(np.flatnonzero(keys == 0)[2])
    assert raw["loaded"] == [
        {"start": first, "step": 2},
        {"start": 3, "step": 1},
        {"start": 0, "step": 1},
    ]

    with h5py.File(processed, "r+") as made:
        link = h5py.ExternalLink("tomo_p2_astra_recon_cpu.h5", DATA)
        made["entry/final_result_tomo/data"] = link
    items = api.get("slices/volumes", params={"file": file}).json()["items"]
    assert [(one["kind"], one["step"]["number"]) for one in items if one.get("step")] == [
        ("result", 2),
        ("unfinished", 1),
    ]


def test_tuned_values_are_told_as_they_were_typed(api: httpx.Client, folder: Folder) -> None:
    axes = (
        TunedAxis((0, "ratio"), "ratio_params", (0.1, 0.2, 0.3001), "float"),
        TunedAxis((0, "algorithm"), "algorithm_params", ("FBP", "CGLS"), "str"),
    )
    begin(folder / "tomo_p2_recon.h5", tuned=axes)
    query = {"file": folder.at("tomo_p2_recon.h5"), "path": DATA}
    told = api.get("slices/volume", params=query).json()
    assert told["axes"][3]["values"] == [0.1, 0.2, 0.3001]
    assert told["axes"][4]["texts"] == ["FBP", "CGLS"]
    assert told["first"][3:] == [0, 0]
