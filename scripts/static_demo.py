"""Makes the data of the static demo: a scan, its reconstruction, and a list of both.

Run as `python scripts/static_demo.py FOLDER`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import h5py

from jupyterlab_savu.demo import SCAN, fbp_list, make_demo
from savu_core.files import write_process_list

#: Rows that are reconstructed, of 128: a page should be light.
ROWS = slice(58, 70)
FRAMES = "entry1/tomo_entry/data/data"
RESULT = "reconstruction.nxs"
COMPRESSED = {"compression": "gzip", "shuffle": True}


def make(folder: Path) -> None:
    """Write the files of the demo; what is there of them is replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as name:
        work = Path(name)
        make_demo(work)
        pack_scan(work / SCAN, folder / SCAN)
        pack_result(reconstruct(work), folder / RESULT)
    listed = [
        {"title": "The reconstruction", "path": f"demo/{RESULT}"},
        {"title": "The scan", "path": f"demo/{SCAN}"},
    ]
    (folder / "files.json").write_text(json.dumps(listed, indent=1))


def reconstruct(work: Path) -> Path:
    """Run the list of the demo on some rows of its scan; answer the file of the result."""
    plist = fbp_list()
    plist.plugins[0].parameters["preview"] = [":", f"{ROWS.start}:{ROWS.stop}", ":"]
    path = work / "rows.nxs"
    write_process_list(path, plist)
    command = [sys.executable, "-m", "savu_embedded", "-q", "-f", "run"]
    subprocess.run([*command, str(work / SCAN), str(path), str(work)], check=True)  # noqa: S603 - our own interpreter and module
    return next((work / "run").glob("*_processed.nxs"))


def pack_scan(source: Path, target: Path) -> None:
    """The middle rows of the frames, compressed, and what else the entry has."""
    rows = slice(ROWS.start - 10, ROWS.stop + 10)
    with h5py.File(source) as file, h5py.File(target, "w") as packed:
        frames = file[FRAMES]
        entry = packed.create_group("entry1")

        def copy(name: str, item: h5py.Group | h5py.Dataset) -> None:
            if isinstance(item, h5py.Group):
                made = entry.require_group(name)
            elif item == frames:
                chunks = (1, rows.stop - rows.start, frames.shape[2])
                made = entry.create_dataset(name, data=frames[:, rows], chunks=chunks, **COMPRESSED)
            elif item.shape and item.shape[0] == frames.shape[1] and "detector_y" in name:
                made = entry.create_dataset(name, data=item[rows])
            else:
                made = entry.create_dataset(name, data=item[()])
            made.attrs.update(item.attrs)

        # each object once: further links to the frames are left out
        file["entry1"].visititems(copy)


def pack_result(source: Path, target: Path) -> None:
    """The final result with its axes and patterns, in one file."""
    with h5py.File(source) as file, h5py.File(target, "w") as packed:
        entry = packed.create_group("entry")
        entry.attrs.update(file["entry"].attrs)
        name = next(one for one in file["entry"] if one.startswith("final_result"))
        result = file["entry"][name]
        group = entry.create_group(name)
        group.attrs.update(result.attrs)
        for member in result:
            if member != "data":
                result.copy(member, group, expand_external=True)
        data = result["data"]
        made = group.create_dataset("data", data=data[()], chunks=True, **COMPRESSED)
        made.attrs.update(data.attrs)


if __name__ == "__main__":
    make(Path(sys.argv[1]))
