"""Makes the demo: a folder with a synthetic scan and process lists that reconstruct it.

Run as `python -m jupyterlab_savu.demo FOLDER`. What is already in the folder stays as it is.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import h5py

from savu_core.catalogue import new_plugin
from savu_core.files import write_process_list
from savu_core.model import ProcessList

SCAN = "scan.nxs"


def make_demo(folder: Path, preset: str = "demo", notebooks: Path | None = None) -> list[Path]:
    """Writes what is missing of the demo and answers the paths of what it wrote.

    Args:
        folder: is made when there is none.
        preset: the size of the scan, one of the presets of `savu_embedded.phantom`.
        notebooks: a folder whose notebooks are copied.

    Raises:
        subprocess.CalledProcessError: when the scan cannot be made; its message is on stderr.
        OSError: when the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []

    def supply(name: str, write: Callable[[Path], object]) -> None:
        target = folder / name
        if not target.exists():
            write(target)
            written.append(target)

    supply(SCAN, lambda target: _make_scan(target, preset))
    supply("demo_fbp.nxs", lambda target: write_process_list(target, fbp_list()))
    supply(
        "demo_skimage.nxs",
        lambda target: write_process_list(target, skimage_list(_true_centre(folder / SCAN))),
    )
    for notebook in sorted(notebooks.glob("*.ipynb")) if notebooks else ():
        supply(notebook.name, partial(shutil.copyfile, notebook))
    return written


def fbp_list() -> ProcessList:
    """Finds the centre of rotation and reconstructs with it."""
    return _process_list(
        ("NxtomoLoader", {}),
        ("DarkFlatFieldCorrection", {}),
        ("RingRemovalSorting", {}),
        ("VoCentering", {}),
        ("AstraReconCpu", {"algorithm": "FBP"}),
    )


def skimage_list(centre: float) -> ProcessList:
    """Reconstructs around a known centre of rotation, in pixels from the left edge."""
    return _process_list(
        ("NxtomoLoader", {}),
        ("DarkFlatFieldCorrection", {}),
        ("RingRemovalNormalization", {}),
        ("ScikitimageFilterBackProjection", {"centre_of_rotation": centre}),
    )


def _process_list(*plugins: tuple[str, dict[str, Any]]) -> ProcessList:
    made = []
    for number, (name, changes) in enumerate(plugins, start=1):
        plugin = new_plugin(name, str(number))
        plugin.parameters.update(changes)
        made.append(plugin)
    return ProcessList(plugins=made)


def _make_scan(target: Path, preset: str) -> None:
    # the engine is only ever run as a command
    command = [sys.executable, "-m", "savu_embedded.phantom", str(target), "--preset", preset]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own interpreter and module


def _true_centre(scan: Path) -> float:
    with h5py.File(scan, "r") as file:
        return float(file["truth/centre"][()])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m jupyterlab_savu.demo", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--preset", default="demo", help="the size of the scan")
    parser.add_argument("--notebooks", type=Path, help="a folder whose notebooks are copied")
    options = parser.parse_args()
    try:
        written = make_demo(options.folder, options.preset, options.notebooks)
    except subprocess.CalledProcessError as error:
        sys.exit(f"The synthetic scan could not be made (exit code {error.returncode}).")
    except OSError as error:
        sys.exit(f"The demo folder {options.folder} cannot be written: {error.strerror}.")
    for path in written:
        print(f"wrote {path}")
    if not written:
        print(f"{options.folder} is complete")


if __name__ == "__main__":
    main()
