import type { File as Hdf5File, Group } from 'h5wasm';

import { Filters } from '../hdf5/filters';
import type { Hdf5 } from '../hdf5/objects';
import { FileReader } from '../hdf5/reader';

interface IH5wasm {
  File: new (name: string, mode: string) => Hdf5File;
  ready: Promise<Hdf5>;
}

const { readFileSync } = jest.requireActual<{
  readFileSync: (path: string) => Uint8Array;
}>('fs');

/** HDF5 itself, as pages without modules load it. */
function load(): IH5wasm {
  const script = readFileSync('node_modules/h5wasm/dist/iife/h5wasm.js');
  return new Function(`${script}; return h5wasm;`)() as IH5wasm;
}

export const h5wasm = load();

/** What decodes compressed values, as it is served beside the extension. */
export async function program(name: string): Promise<ArrayBuffer> {
  const path = `node_modules/h5wasm-plugins/plugins/libH5Z${name}.so`;
  return new Uint8Array(readFileSync(path)).buffer;
}

let count = 0;

/** A reader of a file that `write` filled. */
export async function made(
  write: (file: Group) => void
): Promise<{ hdf5: Hdf5; file: Hdf5File; reader: FileReader }> {
  const hdf5 = await h5wasm.ready;
  hdf5.activate_throwing_error_handler();
  const name = `${++count}.nxs`;
  const writing = new h5wasm.File(name, 'w');
  write(writing);
  writing.close();
  const file = new h5wasm.File(name, 'r');
  const reader = new FileReader(hdf5, file, new Filters(hdf5, program));
  return { hdf5, file, reader };
}

export function group(parent: Group, name: string, NX_class = ''): Group {
  const made = parent.create_group(name);
  if (NX_class) {
    made.create_attribute('NX_class', NX_class);
  }
  return made;
}
