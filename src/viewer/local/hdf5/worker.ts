import h5wasm from 'h5wasm';

import { BlockReader } from './blocks';
import { Fault, faultOf } from './faults';
import { type FilterName, Filters } from './filters';
import type { IAsked, IOpening, Reply } from './messages';
import { FileReader } from './reader';

/** The part of a worker's global scope that is used; TypeScript knows that of a page here. */
interface IScope {
  onmessage: (event: MessageEvent<IOpening | IAsked>) => void;
  postMessage(reply: Reply, transfer: Transferable[]): void;
}
const scope = self as unknown as IScope;

/** Emscripten's driver for files of the page (https://emscripten.org/docs/api_reference/Filesystem-API.html#workerfs). */
interface IDiskDriver {
  /** Made when files are mounted. */
  reader: { readAsArrayBuffer(part: Blob): ArrayBuffer };
  stream_ops: {
    read(
      stream: { node: { contents: Blob } },
      target: Uint8Array,
      offset: number,
      length: number,
      position: number
    ): number;
  };
}

/** Where the user's files appear to HDF5, beside each other so that links between them work. */
const FOLDER = '/files';

const PROGRAMS: Record<FilterName, URL> = {
  bz2: new URL('h5wasm-plugins/plugins/libH5Zbz2.so', import.meta.url),
  lzf: new URL('h5wasm-plugins/plugins/libH5Zlzf.so', import.meta.url),
  blosc: new URL('h5wasm-plugins/plugins/libH5Zblosc.so', import.meta.url),
  lz4: new URL('h5wasm-plugins/plugins/libH5Zlz4.so', import.meta.url),
  bshuf: new URL('h5wasm-plugins/plugins/libH5Zbshuf.so', import.meta.url),
  zstd: new URL('h5wasm-plugins/plugins/libH5Zzstd.so', import.meta.url)
};

let reader: Promise<FileReader> | null = null;

scope.onmessage = ({ data }) => {
  if ('files' in data) {
    reader = open(data);
    // A failure is told to whoever asks first.
    reader.catch(() => undefined);
  } else {
    void answer(data);
  }
};

/** Reads in pieces from the disk: no file is copied into memory. */
async function open({ files, name }: IOpening): Promise<FileReader> {
  const hdf5 = await h5wasm.ready;
  hdf5.activate_throwing_error_handler();
  hdf5.FS.mkdirTree(FOLDER);
  const { WORKERFS } = hdf5.FS.filesystems;
  hdf5.FS.mount(WORKERFS, { files }, FOLDER);
  const disk: IDiskDriver = WORKERFS;
  const blocks = new BlockReader(part => disk.reader.readAsArrayBuffer(part));
  disk.stream_ops.read = ({ node }, target, offset, length, position) =>
    blocks.read(node.contents, target.subarray(offset), length, position);
  const open = (path: string) => new h5wasm.File(path, 'r');
  return new FileReader(
    hdf5,
    open(`${FOLDER}/${name}`),
    new Filters(hdf5, fetchProgram),
    {
      open,
      get reads() {
        return blocks.reads;
      }
    }
  );
}

async function fetchProgram(name: FilterName): Promise<ArrayBuffer> {
  const response = await fetch(PROGRAMS[name]);
  if (!response.ok) {
    throw new Fault('filter', name);
  }
  return response.arrayBuffer();
}

async function answer({ id, question, args }: IAsked): Promise<void> {
  try {
    const file = await reader!;
    // The page is compiled against the same class.
    const ask = file[question] as (...args: readonly unknown[]) => unknown;
    const value = await ask.apply(file, [...args]);
    scope.postMessage({ id, value }, buffersOf(value));
  } catch (error) {
    scope.postMessage({ id, fault: faultOf(error) }, []);
  }
}

/** What is handed over instead of being copied. */
function buffersOf(value: unknown): Transferable[] {
  const found = (value as { values?: unknown } | null)?.values ?? value;
  if (found instanceof ArrayBuffer) {
    return [found];
  }
  return ArrayBuffer.isView(found) ? [found.buffer as ArrayBuffer] : [];
}
