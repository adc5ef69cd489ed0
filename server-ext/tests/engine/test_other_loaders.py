"""Loading image stacks, results, other layouts of scans and fields of several batches."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
import tifffile

from savu_core.catalogue import new_plugin
from savu_embedded.errors import RefusedError
from savu_embedded.plugins import PLUGINS
from savu_embedded.plugins.loading import Loader
from savu_embedded.sources import Source

from .conftest import CHAIN, FBP, Engine, MakeList, final

FRAMES = np.arange(7 * 5 * 6, dtype=np.uint16).reshape(7, 5, 6)


def loaded(name: str, path: Path, **parameters: Any) -> dict[str, Source]:
    loader = PLUGINS[name]({**new_plugin(name).parameters, **parameters})
    assert isinstance(loader, Loader)
    assert not list(loader.check())
    return loader.open(path)


def load(name: str, path: Path, **parameters: Any) -> Source:
    (source,) = loaded(name, path, **parameters).values()
    return source


def whole(source: Source) -> np.ndarray:
    by_rows = np.concatenate([source.read(i, i + 1) for i in range(source.data.shape[1])])
    by_frames = np.concatenate([source.read_frames(i, i + 1) for i in range(source.data.shape[0])])
    np.testing.assert_array_equal(by_rows.swapaxes(0, 1), by_frames)
    return by_frames


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """TIFF files whose names are not in the order of the alphabet, some of them compressed."""
    path = tmp_path / "images"
    (path / "fields").mkdir(parents=True)
    for number, frame in enumerate(FRAMES, 5):
        order = ">" if number == 6 else "<"
        compression = "zlib" if number == 7 else None
        name = path / f"p_{number}.tif"
        tifffile.imwrite(name, frame, byteorder=order, compression=compression)
    for number in range(2):
        tifffile.imwrite(path / f"dark_{number}.tif", np.full((5, 6), 10 + number, np.uint16))
        tifffile.imwrite(path / f"fields/flat{number}.tiff", np.full((5, 6), 90.0 + number))
    (path / "notes.txt").write_text("no image")
    return path


def test_a_folder_of_images_is_a_scan(folder: Path) -> None:
    source = load("ImageLoader", folder, data_prefix="p_")
    np.testing.assert_array_equal(whole(source), FRAMES)
    np.testing.assert_allclose(source.data.angles, np.linspace(0, 180, 7))
    assert source.data.dtype == "uint16"
    first = load("ImageLoader", folder / "p_5.tif", data_prefix="p_")
    np.testing.assert_array_equal(whole(first), FRAMES)
    # without a prefix, all but the fields are projections
    fields = {"dark_prefix": "dark_", "flat_prefix": "fields/flat", "angles": 7}
    part = load("ImageLoader", folder, **fields, preview=["1:6:2", "2:5", "0:6:3"])
    np.testing.assert_array_equal(whole(part), FRAMES[1:6:2, 2:5, ::3])
    np.testing.assert_allclose(part.data.dark, 10.5)
    np.testing.assert_allclose(part.data.flat, 90.5)
    assert part.data.dark is not None
    assert part.data.dark.shape == (3, 2)


def test_one_file_may_hold_all_images(tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "stack.tif", FRAMES, photometric="minisblack")
    np.testing.assert_array_equal(whole(load("ImageLoader", tmp_path / "stack.tif")), FRAMES)


def test_images_that_are_no_stack_are_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="no TIFF files whose names begin with 'x'"):
        load("ImageLoader", folder, data_prefix="x")
    with pytest.raises(RefusedError, match="5 angles for 7 projections"):
        load("ImageLoader", folder, data_prefix="p_", angles=5)
    tifffile.imwrite(folder / "p_9.tif", np.zeros((2, 3), np.uint8))
    with pytest.raises(RefusedError, match=r"p_9\.tif has 2 x 3 pixels"):
        load("ImageLoader", folder, data_prefix="p_")
    (folder / "p_9.tif").write_text("nothing")
    with pytest.raises(RefusedError, match=r"p_9\.tif is no TIFF file"):
        load("ImageLoader", folder, data_prefix="p_")


def test_images_are_reconstructed_as_the_scan_they_come_from(
    scan: Path, make_list: MakeList, engine: Engine, tmp_path: Path
) -> None:
    images = tmp_path / "images"
    images.mkdir()
    with h5py.File(scan) as file:
        group = file["entry1/tomo_entry"]
        frames = group["data/data"][()]
        key = group["instrument/detector/image_key"][()]
    for name, wanted in (("p", 0), ("flat", 1), ("dark", 2)):
        for number, frame in enumerate(frames[key == wanted]):
            tifffile.imwrite(images / f"{name}{number:03d}.tif", frame)
    loader = ("ImageLoader", {"data_prefix": "p", "dark_prefix": "dark", "flat_prefix": "flat"})
    done = engine(images, make_list(loader, *CHAIN[1:], FBP), "--processes", 2, folder="images-run")
    assert done.returncode == 0, done.stderr
    assert engine(scan, make_list(*CHAIN, FBP), folder="scan-run").returncode == 0
    found, expected = final(tmp_path / "images-run"), final(tmp_path / "scan-run")
    np.testing.assert_allclose(found, expected, atol=1e-6 * expected.max())


def test_results_are_loaded_to_go_on_with_them(
    scan: Path, make_list: MakeList, engine: Engine, tmp_path: Path
) -> None:
    assert engine(scan, make_list(*CHAIN, FBP), "--keep", folder="first").returncode == 0
    processed = tmp_path / "first" / "tiny_processed.nxs"
    corrected = "2-RingRemovalSorting-tomo"
    loader = ("SavuNexusLoader", {"datasets": [corrected], "names": ["tomo"]})
    done = engine(processed, make_list(loader, FBP), folder="second")
    assert done.returncode == 0, done.stderr
    np.testing.assert_array_equal(final(tmp_path / "first"), final(tmp_path / "second"))
    source = load("SavuNexusLoader", processed, preview={"tomo": ["0:4", "2:6:2", ":"]})
    np.testing.assert_array_equal(whole(source), final(tmp_path / "first")[:4, 2:6:2])
    assert source.data.kind == "volume"
    assert source.data.axes[1].units == "voxels"
    assert source.data.made_of is not None
    assert len(source.data.made_of.angles) == 91
    with pytest.raises(RefusedError, match="has no result other; it has tomo, 1-DarkFlat"):
        load("SavuNexusLoader", processed, datasets=["other"])
    with pytest.raises(RefusedError, match="has no results"):
        load("SavuNexusLoader", scan)


def test_batches_of_fields_keep_their_place_and_may_be_left_out(tmp_path: Path) -> None:
    key = np.array([1, 1, 2, 0, 0, 0, 1, 0, 2, 1])
    frames = np.arange(10)[:, None, None] * np.ones((1, 2, 3))
    path = tmp_path / "scan.nxs"
    with h5py.File(path, "w") as file:
        file["entry/definition"] = "NXtomo"
        file["entry/data/data"] = frames
        file["entry/data"].attrs["NX_class"] = "NXdata"
        file["entry/instrument/detector/image_key"] = key
        file["entry/sample/rotation_angle"] = np.arange(10.0)
    flats = load("NxtomoLoader", path).data.flats
    assert [(field.image[0, 0], field.number, field.after) for field in flats] == [
        (0.5, 2, 0),
        (6, 1, 3),
        (9, 1, 4),
    ]
    kept = load("NxtomoLoader", path, ignore_flats=[1, 3]).data
    np.testing.assert_allclose(kept.flat, 6)
    with pytest.raises(RefusedError, match="batch 4, and there are 3"):
        load("NxtomoLoader", path, ignore_flats=[4])


def test_frames_may_be_in_another_file_and_angles_in_a_text_file(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "frames.h5", "w") as file:
        file["frames"] = FRAMES
    path = tmp_path / "scan.nxs"
    with h5py.File(path, "w") as file:
        file["entry1/definition"] = "NXtomo"
        group = file.create_group("entry1/data")
        group.attrs["NX_class"] = "NXdata"
        group["data"] = h5py.ExternalLink("frames.h5", "/frames")
    (tmp_path / "angles.txt").write_text("\n".join(str(10 * i) for i in range(7)))
    source = load("NxtomoLoader", path, angles="angles.txt")
    np.testing.assert_array_equal(whole(source), FRAMES)
    np.testing.assert_allclose(source.data.angles, np.arange(7) * 10)
    with pytest.raises(RefusedError, match=r"cannot read the angles in no\.txt"):
        load("NxtomoLoader", path, angles="no.txt")


def test_a_data_exchange_file_has_its_fields_apart(tmp_path: Path) -> None:
    path = tmp_path / "scan.h5"
    with h5py.File(path, "w") as file:
        file["exchange/data"] = FRAMES
        file["exchange/data_dark"] = FRAMES[:2]
        file["exchange/data_white"] = FRAMES[3:]
        file["exchange/theta"] = np.arange(7) * 30.0
    source = load("DxchangeLoader", path, preview=[":", "1:4", ":"])
    np.testing.assert_array_equal(whole(source), FRAMES[:, 1:4])
    np.testing.assert_allclose(source.data.dark, FRAMES[:2, 1:4].mean(axis=0))
    np.testing.assert_allclose(source.data.flat, FRAMES[3:, 1:4].mean(axis=0))
    np.testing.assert_allclose(source.data.angles, np.arange(7) * 30)


@pytest.mark.parametrize("length", [91, True])
def test_scans_that_follow_each_other_become_a_dimension(
    length: int | bool, scan: Path, make_list: MakeList, engine: Engine, tmp_path: Path
) -> None:
    path = tmp_path / "series.nxs"
    with h5py.File(scan) as one, h5py.File(path, "w") as many:
        group = one["entry1/tomo_entry"]
        key = group["instrument/detector/image_key"][()]
        twice = [*np.flatnonzero(key == 1), *np.flatnonzero(key == 2)]
        twice += [*np.flatnonzero(key == 0), *np.flatnonzero(key == 0)[::-1]]
        frames = group["data/data"][()][twice]
        entry = many.create_group("entry1/tomo_entry")
        entry["definition"] = "NXtomo"
        entry["data/data"] = frames
        entry["data"].attrs["NX_class"] = "NXdata"
        entry["instrument/detector/image_key"] = key[twice]
        turn = np.linspace(0, 180, 91)
        fields = np.zeros(np.count_nonzero(key))
        entry["sample/rotation_angle"] = np.concatenate([fields, turn, turn])
    loader = ("NxtomoLoader", {"3d_to_4d": length, "preview": [":", "2:4", ":", ":"]})
    done = engine(path, make_list(loader, CHAIN[1], FBP), "--processes", 2, folder="many")
    assert done.returncode == 0, done.stderr
    found = final(tmp_path / "many")
    assert found.shape == (128, 2, 128, 2)
    part = ("NxtomoLoader", {"preview": [":", "2:4", ":"]})
    assert engine(scan, make_list(part, CHAIN[1], FBP), folder="one").returncode == 0
    np.testing.assert_allclose(found[..., 0], final(tmp_path / "one"), atol=1e-5)
    assert np.abs(found[..., 1] - found[..., 0]).max() > 1e-3
    with h5py.File(tmp_path / "many" / "series_processed.nxs") as file:
        axes = file["entry/final_result_tomo"].attrs["axes"]
        assert list(axes) == ["voxel_x", "voxel_y", "voxel_z", "scan"]
    with pytest.raises(RefusedError, match="182 projections are no scans of 90"):
        load("NxtomoLoader", path, **{"3d_to_4d": 90})
