"""What is told of the volumes of a file: axes, patterns, and which comes first."""

from __future__ import annotations

from typing import Any

import h5py
import httpx
import numpy as np
from conftest import Folder


def test_a_scan_is_described_by_its_axes_and_patterns(api: httpx.Client, folder: Folder) -> None:
    file = folder.at("scan.nxs")
    items = api.get("slices/volumes", params={"file": file}).json()["items"]
    assert items[0]["kind"] == "scan"
    told = api.get("slices/volume", params={"file": file, "path": items[0]["path"]}).json()
    assert told["axes"][0]["name"] == "rotation_angle"
    assert {p["name"]: p["shown"] for p in told["patterns"]} == {
        "PROJECTION": [1, 2],
        "SINOGRAM": [0, 2],
        "TANGENTOGRAM": [0, 1],
    }
    with h5py.File(folder / "scan.nxs") as opened:
        keys = opened["entry1/tomo_entry/instrument/detector/image_key"][()]
        angles = opened["entry1/tomo_entry/data/rotation_angle"][()]
    assert keys[told["first"][0]] == 0
    frames = api.get("slices/frames", params={"file": file, "path": items[0]["path"]}).json()
    assert frames == {"angles": angles.tolist(), "image_keys": keys.tolist()}


def test_frames_are_told_of_scans_only_and_as_far_as_they_are_known(
    api: httpx.Client, folder: Folder
) -> None:
    with h5py.File(folder / "bare.h5", "w") as file:
        file["entry/definition"] = "NXtomo"
        data = file.create_group("entry/data")
        data.attrs["NX_class"] = "NXdata"
        data["data"] = np.ones((3, 4, 5), "u2")
        data["rotation_angle"] = [0.0, np.nan, 180.0]
        file["flat"] = np.ones((4, 5))

    def ask_for(path: str) -> httpx.Response:
        return api.get("slices/frames", params={"file": folder.at("bare.h5"), "path": path})

    assert ask_for("/entry/data/data").json() == {"angles": None, "image_keys": None}
    assert ask_for("/flat").json()["place"] == "path"
    assert ask_for("/entry").status_code == 404
    assert ask_for("/nowhere").status_code == 404


def test_a_run_that_ended_early_opens_on_the_last_step_with_values(
    api: httpx.Client, folder: Folder
) -> None:
    for number, name in ((1, "p1_flat"), (2, "p2_rings"), (3, "p3_recon")):
        with h5py.File(folder / f"tomo_{name}.h5", "w") as file:
            group = file.create_group(f"{number}-Plugin{number}-tomo")
            data = group.create_dataset("data", (4, 5, 6), "f4", chunks=(4, 5, 6))
            if number < 3:
                data[:] = number
    with h5py.File(folder / "scan_processed.nxs", "w") as file:
        entry = file.create_group("entry")
        for number, name in ((1, "p1_flat"), (2, "p2_rings")):
            step = entry.create_group(f"intermediate/{number}-Plugin{number}-tomo")
            path = f"/{number}-Plugin{number}-tomo/data"
            step["data"] = h5py.ExternalLink(f"tomo_{name}.h5", path)
            step["meta_data/shifts"] = np.zeros((5, 2))
    told = api.get("slices/volumes", params={"file": folder.at("scan_processed.nxs")}).json()
    assert [(item["kind"], item.get("step", {}).get("number")) for item in told["items"]] == [
        ("intermediate", 2),
        ("intermediate", 1),
        ("unfinished", 3),
        ("other", None),
        ("other", None),
    ]


def test_scanning_acquisitions_open_on_the_picture_that_tells_most(
    api: httpx.Client, folder: Folder
) -> None:
    """Fluorescence, absorption and diffraction of one sample that was moved, in one file."""
    with h5py.File(folder / "modes.nxs", "w") as file:
        spectra = np.ones((4, 3, 5, 64), "f4")
        spectra[..., 37] = 9
        entries = {
            "fluo": (spectra, "spectrum", ("theta", "y", "x", "energy")),
            "stxm": (np.ones((4, 3, 5), "f4"), "image", ("theta", "y", "x")),
            "xrd": (np.ones((4, 3, 5, 8, 9), "f4"), "image", ("theta", "y", "x", "u", "v")),
        }
        for name, (values, meant, axes) in entries.items():
            group = file.create_group(f"entry1/{name}_entry/data")
            group.attrs.update({"NX_class": "NXdata", "signal": "data"})
            group.attrs["axes"] = np.array([axis.encode() for axis in axes])
            # as they are written there: as text, for both axes that the motors moved together
            group.attrs["x_indices"] = group.attrs["y_indices"] = np.array([b"1", b"2"])
            group.attrs["energy_indices"] = "7"
            group.attrs["theta_indices"] = "none"
            group["data"] = values
            group["data"].attrs["interpretation"] = meant
            file[f"entry1/{name}_entry/instrument/detector/data"] = group["data"]
        file["entry1/stxm_entry/monitor/data"] = np.ones((50, 60, 70), "f4")
    file_name = folder.at("modes.nxs")
    items = api.get("slices/volumes", params={"file": file_name}).json()["items"]
    assert [item["title"] for item in items[:3]] == ["xrd_entry", "stxm_entry", "fluo_entry"]

    def described(name: str) -> dict[str, Any]:
        query = {"file": file_name, "path": f"/entry1/{name}_entry/data/data"}
        told: dict[str, Any] = api.get("slices/volume", params=query).json()
        assert [axis["name"] for axis in told["axes"]] == list(entries[name][2])
        return told

    assert described("xrd")["patterns"][0] == {"name": "DIFFRACTION", "shown": [3, 4]}
    assert described("stxm")["patterns"][0] == {"name": "PROJECTION", "shown": [1, 2]}
    fluo = described("fluo")
    assert fluo["patterns"][0] == {"name": "PROJECTION", "shown": [1, 2]}
    assert fluo["first"][3] == 37
    with h5py.File(folder / "modes.nxs", "r+") as file:
        file.attrs["default"] = "entry1"
        file["entry1"].attrs["default"] = "fluo_entry/data"
    items = api.get("slices/volumes", params={"file": file_name}).json()["items"]
    assert items[0]["title"] == "fluo_entry"
