"""Lists for jobs, whose loaders look for a scan or for something else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py
import pytest

from jupyterlab_savu.data.roots import Roots
from jupyterlab_savu.faults import Fault
from jupyterlab_savu.jobs.preparation import check, prepare
from savu_core.catalogue import new_plugin
from savu_core.model import ProcessList


def listed(*names: str) -> dict[str, Any]:
    plugins = [new_plugin(name, str(position)) for position, name in enumerate(names, 1)]
    return ProcessList(plugins).to_json()


@pytest.fixture
def result(tmp_path: Path) -> Path:
    """A file that holds no scan."""
    path = tmp_path / "result.nxs"
    with h5py.File(path, "w") as file:
        file.create_group("entry")
    return path


def test_results_of_a_run_need_no_scan(result: Path) -> None:
    plist = listed("SavuNexusLoader", "MedianFilter")
    frame = prepare(plist, str(result), None, [], None)
    assert frame.header["rows"] == 0
    assert check(plist, None, [], str(result), None, Roots([]).to_json())["problems"] == []
    with pytest.raises(Fault, match="What SavuNexusLoader loads cannot be restricted"):
        prepare(plist, str(result), None, [], 5)


def test_a_loader_of_scans_needs_one(result: Path) -> None:
    with pytest.raises(Fault, match="holds no tomography scan"):
        prepare(listed("NxtomoLoader", "DarkFlatFieldCorrection"), str(result), None, [], None)
