import type { Group } from 'h5wasm';

import { joinPath, parentPath } from '../../paths';
import {
  attribute,
  datasetAt,
  type Hdf5,
  numberType,
  readAll
} from './objects';

/** What an engine notes beside its data while it writes. */
export interface IMarks {
  /** For each index along the axis, whether all was written. */
  written: readonly boolean[];
  axis: number;
}

/** The marks of a dataset in its own file; null where nobody keeps any. */
export function findMarks(
  hdf5: Hdf5,
  file: Group,
  path: string,
  shape: readonly number[]
): IMarks | null {
  const marks = datasetAt(file, joinPath(parentPath(path), 'written'));
  if (!marks || numberType(marks.metadata) !== 'u1') {
    return null;
  }
  const axis = Number(attribute(marks, 'axis') ?? NaN);
  return marks.shape?.length === 1 && marks.shape[0] === shape[axis]
    ? { written: Array.from(readAll(hdf5, marks), Boolean), axis }
    : null;
}
