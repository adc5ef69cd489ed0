import type { File as Hdf5File } from 'h5wasm';

import type { Hdf5 } from './objects';

/** Links out of a file that are followed one after the other. */
const MOST_LINKS = 8;

/** Where a dataset is stored. */
export interface IOrigin {
  file: Hdf5File;
  path: string;
}

/**
 * Follows links from one file into others, and keeps those open: HDF5 would open them anew for
 * each value, and tells nothing of what lies beside a dataset there.
 */
export class Origins {
  constructor(
    private readonly _hdf5: Hdf5,
    private readonly _file: Hdf5File,
    private readonly _open: (name: string) => Hdf5File
  ) {}

  /** Where a dataset is stored; null when it is not there, or its file is not. */
  of(path: string): IOrigin | null {
    let origin = this._known.get(path);
    if (origin === undefined) {
      origin = this._find(path);
      this._known.set(path, origin);
    }
    return origin;
  }

  private _find(path: string): IOrigin | null {
    let origin: IOrigin | null = { file: this._file, path };
    for (let count = 0; count < MOST_LINKS && origin; count++) {
      const link = this._linkOn(origin);
      if (!link) {
        return origin;
      }
      const { filename } = origin.file;
      const folder = filename.slice(0, filename.lastIndexOf('/') + 1);
      const file = this._opened(folder + link.file);
      origin = file && { file, path: link.path };
    }
    return null;
  }

  /** The first link out of the file on a path, with what follows it. */
  private _linkOn({ file, path }: IOrigin) {
    const parts = path.split('/').slice(1);
    for (let count = 1; count <= parts.length; count++) {
      const start = `/${parts.slice(0, count).join('/')}`;
      try {
        const link = this._hdf5.get_external_link(file.file_id, start);
        if (link.filename) {
          const rest = parts.slice(count).map(part => `/${part}`);
          return { file: link.filename, path: link.obj_path + rest.join('') };
        }
      } catch {
        // Nothing is there; whoever reads says so.
        return null;
      }
    }
    return null;
  }

  private _opened(name: string): Hdf5File | null {
    const known = this._files.get(name);
    if (known !== undefined) {
      return known;
    }
    let file: Hdf5File | null = null;
    try {
      file = this._open(name);
    } catch {
      // It was not chosen together with the others.
    }
    this._files.set(name, file);
    return file;
  }

  private readonly _files = new Map<string, Hdf5File | null>();
  private readonly _known = new Map<string, IOrigin | null>();
}
