from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from savu_core.catalogue import new_plugin
from savu_core.files import write_process_list
from savu_core.model import ProcessList
from savu_embedded.phantom import PRESETS, write_scan

DATA = Path(__file__).parent.parent / "data"
SERVER_EXT = Path(__file__).parent.parent.parent

#: The plugins of most lists, with one that reconstructs.
CHAIN = ("NxtomoLoader", "DarkFlatFieldCorrection", "RingRemovalSorting")
FBP = ("AstraReconCpu", {"centre_of_rotation": 60.0})

MakeList = Callable[..., Path]
Engine = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def data() -> Path:
    """The folder of the test files."""
    return DATA


@pytest.fixture(scope="session")
def scan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A phantom scan: 91 projections of 8 x 128."""
    path = tmp_path_factory.mktemp("scan") / "tiny.nxs"
    write_scan(path, PRESETS["tiny"])
    return path


@pytest.fixture
def make_list(tmp_path: Path) -> MakeList:
    """Write a process list: names of plugins, or pairs of a name and what differs."""

    def make(*items: str | tuple[str, dict[str, Any]], name: str = "list.nxs") -> Path:
        plist = ProcessList()
        for position, item in enumerate(items, 1):
            plugin_name, changes = (item, {}) if isinstance(item, str) else item
            plugin = new_plugin(plugin_name, str(position))
            plugin.parameters.update(changes)
            plist.plugins.append(plugin)
        path = tmp_path / name
        write_process_list(path, plist)
        return path

    return make


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "savu_embedded", *map(str, arguments)]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(SERVER_EXT)}


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """Run the engine on a scan and a list, into tmp_path / folder."""

    def run(
        scan: Path, plist: Path, *options: object, folder: str = "run", **popen: Any
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command(scan, plist, tmp_path, "-f", folder, *options),
            capture_output=True,
            text=True,
            env=environment(),
            timeout=120,
            check=False,
            **popen,
        )

    return run


def final(folder: Path, name: str = "tomo") -> np.ndarray:
    """The final result of a run, through the file that links it."""
    (processed,) = folder.glob("*_processed.nxs")
    with h5py.File(processed) as file:
        return np.asarray(file[f"entry/final_result_{name}/data"][()])


def user_log(folder: Path) -> str:
    return (folder / "run_log" / "user.log").read_text()
