import type { File as Hdf5File, Group } from 'h5wasm';

import { Filters } from '../hdf5/filters';
import type { Hdf5 } from '../hdf5/objects';
import { FileReader, type IDisk } from '../hdf5/reader';

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
  write: (file: Group) => void,
  name = `${++count}.nxs`
): Promise<{ hdf5: Hdf5; file: Hdf5File; reader: FileReader }> {
  const hdf5 = await h5wasm.ready;
  hdf5.activate_throwing_error_handler();
  const disk = countingDisk(hdf5);
  const writing = new h5wasm.File(name, 'w');
  write(writing);
  writing.close();
  const file = new h5wasm.File(name, 'r');
  const filters = new Filters(hdf5, program);
  return { hdf5, file, reader: new FileReader(hdf5, file, filters, disk) };
}

/** The part of Emscripten's files in memory that is used. */
interface IMemoryFiles {
  ops_table: {
    file: { stream: { read: (...args: unknown[]) => number } };
  };
}

/** Counts what is read, as the worker does of files on the disk. */
export function countingDisk(hdf5: Hdf5): IDisk {
  const { stream } = (hdf5.FS.filesystems.MEMFS as IMemoryFiles).ops_table.file;
  const { read } = stream;
  const disk = {
    reads: 0,
    open: (name: string) => new h5wasm.File(name, 'r')
  };
  stream.read = (...args) => {
    disk.reads++;
    return read(...args);
  };
  return disk;
}

export function group(parent: Group, name: string, NX_class = ''): Group {
  const made = parent.create_group(name);
  if (NX_class) {
    made.create_attribute('NX_class', NX_class);
  }
  return made;
}
