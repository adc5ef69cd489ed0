"""The phantom scan, its truth, and the figures that compare a result with it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest

from savu_embedded.phantom import PRESETS, flange, main, true_slice, write_scan
from savu_embedded.verify import verify

from .conftest import Engine, MakeList, environment


def test_line_integrals_and_cross_section_are_of_the_same_object() -> None:
    size, half = 400, 200
    shapes = flange()
    image = shapes.image(0.3, size, (size - 1) / 2, half)
    position = (np.arange(size) - (size - 1) / 2) / half
    across, down = shapes.integrals(0.3, np.array([0, np.pi / 2]), position)
    # At angle 0 the rays run along the rows' direction, at 90 degrees along the columns'.
    np.testing.assert_allclose(image.sum(axis=0) / half, across, atol=0.02)
    np.testing.assert_allclose(image.sum(axis=1)[::-1] / half, down, atol=0.02)


def test_a_plot_of_the_scan_opens_on_the_first_projection(scan: Path) -> None:
    with h5py.File(scan) as file:
        group = file
        while "signal" not in group.attrs:
            group = group[group.attrs["default"]]
        assert group[group.attrs["signal"]].shape == (101, 8, 128)
        frame, *rest = group.attrs["default_slice"]
        assert group["image_key"][int(frame)] == 0
        assert group["image_key"][int(frame) - 1] == 1
        assert rest == [".", "."]


def test_the_same_seed_gives_the_same_scan(scan: Path, tmp_path: Path) -> None:
    write_scan(tmp_path / "again.nxs", PRESETS["tiny"])
    path = "entry1/tomo_entry/data/data"
    with h5py.File(scan) as first, h5py.File(tmp_path / "again.nxs") as second:
        np.testing.assert_array_equal(first[path], second[path])
    with pytest.raises(FileExistsError):
        write_scan(tmp_path / "again.nxs", PRESETS["tiny"])


def test_the_demo_is_reconstructed_as_it_is(
    make_list: MakeList, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo = tmp_path / "demo.nxs"
    monkeypatch.setattr(sys, "argv", ["phantom", str(demo)])
    main()
    assert demo.stat().st_size < 30e6
    plist = make_list(
        ("NxtomoLoader", {"preview": [":", "60:68", ":"]}),
        "DarkFlatFieldCorrection",
        ("RingRemovalNormalization", {}),
        ("VoCentering", {"in_datasets": ["tomo"], "preview": [":", "mid", ":"]}),
        ("ScikitimageFilterBackProjection", {"in_datasets": ["tomo"], "filter": "hann"}),
    )
    assert engine(demo, plist).returncode == 0
    result = tmp_path / "run" / "demo_processed.nxs"
    done = subprocess.run(
        [sys.executable, "-m", "savu_embedded.verify", result, demo],
        capture_output=True,
        text=True,
        env=environment(),
        check=True,
    )
    figures = json.loads(done.stdout)
    assert figures["size"] == [512, 8, 512]
    assert figures["centre_true"] == 263
    assert figures["centre"] == pytest.approx(263, abs=0.5)
    assert figures["error"] < 0.15


def test_a_wrong_result_has_a_large_error(
    scan: Path, make_list: MakeList, engine: Engine, tmp_path: Path
) -> None:
    errors = {}
    for name, centre in (("right", 60.0), ("wrong", 64.0)):
        plist = make_list(
            "NxtomoLoader",
            "DarkFlatFieldCorrection",
            ("AstraReconCpu", {"centre_of_rotation": centre}),
        )
        assert engine(scan, plist, folder=name).returncode == 0
        errors[name] = verify(tmp_path / name / "tiny_processed.nxs", scan)["error"]
    assert errors["right"] < 0.2 < 0.3 < errors["wrong"]


def test_the_true_slice_is_in_attenuation_per_pixel(scan: Path) -> None:
    image = true_slice(scan, 4, 128)
    with h5py.File(scan) as file:
        attenuation = file["truth/attenuation"][()]
    # The rim of the part has value one.
    assert image[64, 128 - 11] == pytest.approx(attenuation, rel=1e-5)
    assert image[0, 0] == 0
