"""Lists that load, work on and make several datasets."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import pytest

from savu_core.catalogue import catalogue, new_plugin
from savu_embedded.__main__ import main
from savu_embedded.plugins import PLUGINS

from .conftest import CHAIN, FBP, MakeList, final

TWICE = (("NxtomoLoader", {"name": "one"}), ("NxtomoLoader", {"name": "two"}))
NAMED = {"in_datasets": ["tomo"], "out_datasets": ["smooth"]}


def run(scan: Path, plist: Path, out: Path) -> int:
    return main([str(scan), str(plist), str(out), "-f", "run", "-q"])


def test_a_plugin_works_on_all_datasets_that_fit(
    scan: Path, make_list: MakeList, tmp_path: Path
) -> None:
    rotate = ("Rotate90", {"in_datasets": ["two"], "out_datasets": ["turned"]})
    plist = make_list(*TWICE, CHAIN[1], rotate, ("BandPass", {"type": "Low"}))
    assert run(scan, plist, tmp_path) == 0
    names = sorted(path.name for path in (tmp_path / "run").glob("*.h5"))
    assert names == [f"{name}_p3_band_pass.h5" for name in ("one", "turned", "two")]
    one, two, turned = (final(tmp_path / "run", name) for name in ("one", "two", "turned"))
    np.testing.assert_array_equal(one, two)
    np.testing.assert_allclose(turned, np.rot90(one, axes=(1, 2)), atol=1e-6)
    with h5py.File(tmp_path / "run" / "tiny_processed.nxs") as file:
        assert set(file["entry/input_data"]) == {"one", "two"}


def test_results_of_named_datasets_have_their_own_names(
    scan: Path, make_list: MakeList, tmp_path: Path
) -> None:
    smooth = ("BandPass", {"type": "Low", **NAMED})
    both = {"in_datasets": ["tomo", "smooth"], "out_datasets": ["sharp", "soft"]}
    plist = make_list("NxtomoLoader", CHAIN[1], smooth, (FBP[0], {**FBP[1], **both}))
    assert run(scan, plist, tmp_path) == 0
    sharp, soft = final(tmp_path / "run", "sharp"), final(tmp_path / "run", "soft")
    assert sharp.shape == soft.shape == (128, 8, 128)
    assert sharp.std() > soft.std()


@pytest.mark.parametrize(
    ("items", "message"),
    [
        ((TWICE[0], TWICE[0], CHAIN[1]), "a dataset one is loaded already"),
        ((*TWICE, CHAIN[1], ("TiffSaver", {"pattern": "PROJECTION"})), "works on one dataset"),
        ((*TWICE, (CHAIN[1], {"out_datasets": ["a"]})), "out_datasets names 1 for 2 results"),
        ((TWICE[0], CHAIN[1], ("MonitorCorrection", {"in_datasets": []})), "works on 2 datasets"),
    ],
)
def test_datasets_that_do_not_go_together_are_refused(
    items: tuple[object, ...],
    message: str,
    scan: Path,
    make_list: MakeList,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(scan, make_list(*items), tmp_path) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize("name", PLUGINS)
def test_the_catalogue_has_what_the_engine_runs(name: str) -> None:
    facts, plugin = catalogue()[name], PLUGINS[name]
    for parameter, values in plugin.runs.items():
        found = facts.parameter(parameter)
        assert found is not None, parameter
        assert values
        offered = {str(option) for option in found.options or ()}
        assert not offered or {str(value) for value in values} <= {
            *offered,
            "None",
            str(found.default),
        }
    assert list(plugin(new_plugin(name).parameters).check()) in ([], [NEEDED.get(name)])


#: What must be given, since no default can be right.
NEEDED = {"MtfDeconvolution": "file_path must name the file of the transfer function"}
