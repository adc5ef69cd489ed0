import type { Dataset } from 'h5wasm';

import type { IGrowth } from '../../../api';
import type { IPlane } from '../../slices/planes';
import {
  type ISlice,
  missingRuns,
  type Rectangle,
  type Values
} from '../../slices/values';
import { Chunks } from './chunks';
import { findMarks, type IMarks } from './marks';
import type { Hdf5 } from './objects';
import type { IOrigin } from './origins';

/** What counts how often HDF5 reads from the disk. */
export interface IReads {
  readonly reads: number;
}

/**
 * Tells what of a dataset was never written: by the marks of the engine that wrote it, or else by
 * the chunks that are there. Of values in one run nobody can tell.
 */
export class Unwritten {
  constructor(
    private readonly _hdf5: Hdf5,
    disk: IReads
  ) {
    this._chunks = new Chunks(_hdf5, disk);
  }

  /** Rectangles in a part of a plane: row from and to, column from and to. */
  of(
    dataset: Dataset,
    origin: IOrigin | null,
    plane: IPlane,
    slice: ISlice
  ): Rectangle[] {
    if (!origin) {
      return [];
    }
    const marks = this._marksOf(dataset, origin);
    return marks
      ? unmarked(marks, plane, dataset.shape!)
      : this._chunks.missing(keyOf(origin), dataset, plane, slice);
  }

  growth(dataset: Dataset, origin: IOrigin | null): IGrowth {
    const marks = origin && this._marksOf(dataset, origin);
    // While it is open, the file is what it was when it was chosen.
    const version = '';
    return marks
      ? {
          version,
          written: marks.written.filter(isWritten => isWritten).length,
          of: marks.written.length,
          axis: marks.axis
        }
      : { version, written: null, of: null, axis: null };
  }

  private _marksOf(dataset: Dataset, origin: IOrigin): IMarks | null {
    const key = keyOf(origin);
    let marks = this._marks.get(key);
    if (marks === undefined) {
      const { file, path } = origin;
      marks = findMarks(this._hdf5, file, path, dataset.shape ?? []);
      this._marks.set(key, marks);
    }
    return marks;
  }

  private readonly _chunks: Chunks;
  private readonly _marks = new Map<string, IMarks | null>();
}

/** The values of a slice that were written. */
export function writtenOnly(slice: ISlice): Values {
  const { values, missing } = slice;
  if (missing.length === 0) {
    return values;
  }
  const isMissing = new Uint8Array(values.length);
  for (const [from, to] of missingRuns(slice)) {
    isMissing.fill(1, from, to);
  }
  return values.filter((_: number, index: number) => !isMissing[index]);
}

/** A slice whose values are no numbers where nothing was written. */
export function withGaps(slice: ISlice): ISlice {
  if (slice.missing.length === 0) {
    return slice;
  }
  const values = Float64Array.from(slice.values);
  for (const [from, to] of missingRuns(slice)) {
    values.fill(NaN, from, to);
  }
  return { ...slice, values };
}

function keyOf({ file, path }: IOrigin): string {
  return `${file.filename}:${path}`;
}

function unmarked(
  { written, axis }: IMarks,
  { shown: [rowAxis, columnAxis], at }: IPlane,
  shape: readonly number[]
): Rectangle[] {
  const [rows, columns] = [shape[rowAxis], shape[columnAxis]];
  if (axis !== rowAxis && axis !== columnAxis) {
    return written[at[axis]] ? [] : [[0, rows, 0, columns]];
  }
  const found: Rectangle[] = [];
  for (let start = 0; start < written.length; start++) {
    if (!written[start]) {
      const next = written.indexOf(true, start);
      const stop = next < 0 ? written.length : next;
      found.push(
        axis === rowAxis ? [start, stop, 0, columns] : [0, rows, start, stop]
      );
      start = stop;
    }
  }
  return found;
}
