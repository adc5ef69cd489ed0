import type { Dataset } from 'h5wasm';

import type { IPlane } from '../../slices/planes';
import type { ISlice, Rectangle } from '../../slices/values';
import { type Hdf5, readBytes } from './objects';
import type { IReads } from './unwritten';

/**
 * Chunks that are looked for at most in a plane, and those of them that are there: to find one of
 * them, HDF5 decodes it. Of the others, nobody can tell.
 */
const MOST = 4096;
const MOST_DECODED = 16;

/**
 * Tells which chunks of datasets are in the file. HDF5's own question for that is not part of
 * what is compiled for browsers; but of a chunk that was never written, HDF5 makes up the values,
 * and reads nothing.
 */
export class Chunks {
  constructor(
    private readonly _hdf5: Hdf5,
    private readonly _disk: IReads
  ) {}

  /**
   * The chunks in a part of a plane that were never written: row from and to, column from and to.
   *
   * @param key - the same for the same dataset, and for no other.
   */
  missing(
    key: string,
    dataset: Dataset,
    plane: IPlane,
    slice: ISlice
  ): Rectangle[] {
    const shape = dataset.shape!;
    const { chunks } = dataset.metadata;
    if (!chunks) {
      return [];
    }
    const [rowAxis, columnAxis] = plane.shown;
    const { top, left, rows, columns, step } = slice;
    const spans = (start: number, count: number, axis: number) =>
      tiles(start, start + count * step, chunks[axis], shape[axis]);
    const found: Rectangle[] = [];
    let [looked, decoded] = [0, 0];
    // From the end, where what is missing mostly is.
    for (const [from, to] of spans(top, rows, rowAxis).reverse()) {
      for (const [start, end] of spans(left, columns, columnAxis).reverse()) {
        const tile: Rectangle = [from, to, start, end];
        if (!isEven(slice, tile)) {
          continue;
        }
        const at = [...plane.at];
        at[rowAxis] = from;
        at[columnAxis] = start;
        const place = at.map((index, axis) => Math.floor(index / chunks[axis]));
        const name = `${key} ${place}`;
        let isThere = this._known.get(name);
        if (isThere === undefined && looked < MOST && decoded < MOST_DECODED) {
          isThere = this._isThere(dataset, at);
          this._known.set(name, isThere);
          looked++;
          decoded += Number(isThere);
        }
        if (isThere === false) {
          found.push(tile);
        }
      }
    }
    return joined(found.reverse());
  }

  private _isThere(dataset: Dataset, offset: number[]): boolean {
    const one = offset.map(() => 1);
    const read = () => {
      const before = this._disk.reads;
      readBytes(this._hdf5, dataset, { offset, count: one, stride: one });
      return this._disk.reads > before;
    };
    // The first one may have read only where the chunk is; that is known for the second.
    return read() && read();
  }

  private readonly _known = new Map<string, boolean>();
}

/** The parts of an axis that are each in one chunk. */
function tiles(
  start: number,
  stop: number,
  size: number,
  length: number
): [number, number][] {
  const found: [number, number][] = [];
  const first = start - (start % size);
  for (let from = first; from < Math.min(stop, length); from += size) {
    found.push([from, Math.min(from + size, length)]);
  }
  return found;
}

/** Whether all values of a part of a slice are the same, as those are that HDF5 makes up. */
function isEven(slice: ISlice, [from, to, start, end]: Rectangle): boolean {
  const { values, rows, columns, top, left, step } = slice;
  const inside = (index: number, first: number, count: number) =>
    Math.max(0, Math.min(count, Math.ceil((index - first) / step)));
  const [low, high] = [
    inside(start, left, columns),
    inside(end, left, columns)
  ];
  let known: number | undefined;
  for (let row = inside(from, top, rows); row < inside(to, top, rows); row++) {
    for (let column = low; column < high; column++) {
      const value = values[row * columns + column];
      if (!Object.is((known ??= value), value)) {
        return false;
      }
    }
  }
  return true;
}

/** Puts rectangles together that lie beside each other, then those of the same width below. */
function joined(found: readonly Rectangle[]): Rectangle[] {
  const lines: Rectangle[] = [];
  for (const [from, to, start, end] of found) {
    const last = lines[lines.length - 1];
    if (last?.[0] === from && last[3] === start) {
      last[3] = end;
    } else {
      lines.push([from, to, start, end]);
    }
  }
  const areas: Rectangle[] = [];
  for (const line of lines) {
    const above = areas.find(
      area => area[1] === line[0] && area[2] === line[2] && area[3] === line[3]
    );
    if (above) {
      above[1] = line[1];
    } else {
      areas.push(line);
    }
  }
  return areas;
}
