/** Makes the folder of a run as an engine does that is still at work in it. */
import { execFileSync } from 'node:child_process';

import { tool } from '../../scripts/lib/paths.mjs';

/** Of the scan, the rows from here on were loaded. */
export const FIRST_ROW = 60;
/** Image rows, slices and image columns of what is being reconstructed. */
export const SHAPE = [80, 24, 80] as const;

const SCRIPT = `
import json, sys
from functools import partial
from pathlib import Path

import h5py
import numpy as np

from savu_core.catalogue import new_plugin
from savu_core.files import write_process_list
from savu_core.model import ProcessList
from savu_embedded.datasets import TunedAxis, projections, volume
from savu_embedded.output import describe
from savu_embedded.result_files import create_result

folder, first, shape, act = json.load(sys.stdin)
run = Path(folder)
processed, growing = run / "scan_processed.nxs", run / "tomo_p2_astra_recon_cpu.h5"
group, corrected = "2-AstraReconCpu-tomo", "1-DarkFlatFieldCorrection-tomo"
x, y, z = np.indices(shape)
values = (100 + 3 * x + 2 * z + np.where((x - 40) ** 2 + (z - 24) ** 2 < 240, 80, 0) + y).astype("f4")
data = volume(shape[0], projections(np.arange(20.0), shape[1], shape[2]))


def link(name, target, path, of):
    with h5py.File(processed, "a") as file:
        made = file.create_group(name)
        describe(made, of)
        made["data"] = h5py.ExternalLink(target, path)


if act == "begin":
    (run / "run_log").mkdir(parents=True)
    plist = ProcessList([new_plugin("NxtomoLoader", "1")])
    plist.plugins[0].parameters["preview"] = [":", f"{first}:{first + shape[1]}", ":"]
    write_process_list(run / "run_log/list.nxs", plist, create=True)
    raw = projections(np.arange(181.0), shape[1], 512)
    link("entry/input_data/tomo", "../scan.nxs", "/entry1/tomo_entry/data/data", raw)
    with h5py.File(run / "tomo_p1_dark_flat_field_correction.h5", "w") as file:
        file[f"{corrected}/data"] = np.ones((181, shape[1], 512), "f4")
    name = f"entry/intermediate/{corrected}"
    link(name, "tomo_p1_dark_flat_field_correction.h5", f"/{corrected}/data", raw)
    create_result(growing, group, tuple(shape), describe=partial(describe, data=data))
elif act == "link":
    link("entry/final_result_tomo", growing.name, f"/{group}/data", data)
elif act == "pair":
    run.mkdir()
    with h5py.File(run / "pair.h5", "w") as file:
        file["one/data"] = values
        file["other/data"] = values + np.where(z < shape[2] // 2, 50, -50).astype("f4")
        thin = np.full((2, 4, 900), np.nan, "f4")
        thin[1] = np.arange(900)
        file["thin/data"] = thin
elif act == "tune":
    run.mkdir()
    axis = TunedAxis((0, "c"), "centre_of_rotation_params", (80.0, 84.5, 86.0, 99.0), "float")
    word = TunedAxis((0, "a"), "algorithm_params", ("FBP", "CGLS"), "str")
    for name, axes in (("numbers", (axis,)), ("words", (word,))):
        with h5py.File(run / f"{name}.h5", "w") as file:
            made = file.create_group("entry")
            describe(made, data, axes)
            count = len(axes[0].values)
            made["data"] = np.stack([np.roll(values, 7 * k, 0) for k in range(count)], -1)
else:
    start, stop = act
    with h5py.File(growing, "r+", locking=False) as file:
        file[group]["data"][:, start:stop] = values[:, start:stop]
        file[group]["written"][start:stop] = 1
`;

/** What the engine does next; two numbers are the rows that it writes. */
export type Act =
  'begin' | 'link' | 'pair' | 'tune' | readonly [number, number];

export function grow(folder: string, act: Act): void {
  execFileSync(tool('python'), ['-c', SCRIPT], {
    input: JSON.stringify([folder, FIRST_ROW, SHAPE, act]),
    encoding: 'utf8'
  });
}

/** Slice `row` of what is reconstructed. */
export function reconstructed(row: number): number[][] {
  return Array.from({ length: SHAPE[0] }, (_, x) =>
    Array.from(
      { length: SHAPE[2] },
      (_, z) =>
        100 +
        3 * x +
        2 * z +
        ((x - 40) ** 2 + (z - 24) ** 2 < 240 ? 80 : 0) +
        row
    )
  );
}
