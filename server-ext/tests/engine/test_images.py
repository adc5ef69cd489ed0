"""Results as image files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import tifffile

from savu_embedded.tiff import write_tiff

from .conftest import CHAIN, FBP, Engine, MakeList, final


def read_tiff(path: Path) -> np.ndarray:
    return np.asarray(tifffile.imread(path))


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_a_tiff_file_holds_the_image(dtype: type, tmp_path: Path) -> None:
    image = np.arange(35).reshape(5, 7).T.astype(dtype)
    write_tiff(tmp_path / "image.tif", image)
    found = read_tiff(tmp_path / "image.tif")
    assert found.dtype == dtype
    np.testing.assert_array_equal(found, image)


def test_every_slice_becomes_an_image(
    scan: Path, make_list: MakeList, engine: Engine, tmp_path: Path
) -> None:
    whole = ("ImageSaver", {})
    part = ("ImageSaver", {"num_bit": 8, "min": 0.0, "max": 0.02, "prefix": "part_"})
    done = engine(scan, make_list(*CHAIN, FBP, "TiffSaver", whole))
    assert done.returncode == 0, done.stderr
    volume = final(tmp_path / "run")
    names = [f"img_tiny_{i:05d}" for i in range(8)]
    folder = tmp_path / "run" / "TiffSaver_3"
    assert sorted(path.name for path in folder.iterdir()) == [f"{name}.tiff" for name in names]
    for i, name in enumerate(names):
        np.testing.assert_array_equal(read_tiff(folder / f"{name}.tiff"), volume[:, i])
        found = read_tiff(tmp_path / "run" / "ImageSaver_3" / f"{name}.tif")
        scaled = (volume[:, i] - volume.min()) / (volume.max() - volume.min())
        np.testing.assert_allclose(found, np.floor(scaled * 65535), atol=1)
    assert engine(scan, make_list(*CHAIN, FBP, part), folder="part").returncode == 0
    found = read_tiff(tmp_path / "part" / "ImageSaver_3" / "part_00002.tif")
    assert found.dtype == np.uint8
    scaled = np.clip(volume[:, 2] / 0.02, 0, 1)
    np.testing.assert_allclose(found, np.floor(scaled * 255), atol=1)


def test_frames_become_images_before_the_reconstruction(
    scan: Path, make_list: MakeList, engine: Engine, tmp_path: Path
) -> None:
    frames = ("TiffSaver", {"pattern": "PROJECTION", "in_datasets": ["tomo"]})
    done = engine(scan, make_list(*CHAIN, frames), "--processes", 2)
    assert done.returncode == 0, done.stderr
    images = sorted((tmp_path / "run" / "TiffSaver_2").iterdir())
    assert len(images) == 91
    np.testing.assert_array_equal(read_tiff(images[40]), final(tmp_path / "run")[40])


def test_a_prefix_that_leads_elsewhere_is_refused(
    scan: Path, make_list: MakeList, engine: Engine
) -> None:
    done = engine(scan, make_list(*CHAIN, FBP, ("TiffSaver", {"prefix": "../../x"})))
    assert done.returncode == 2
    assert "prefix must be the beginning of a file name" in done.stderr
