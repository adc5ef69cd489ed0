import type { Group } from 'h5wasm';

import type { IFrames } from '../../../api';
import { Fault } from './faults';
import { datasetAt, type Hdf5, numberType, readAll } from './objects';
import { scanWith } from './scans';

/** More frames than any detector writes in one scan are not told one by one. */
const MOST_FRAMES = 200_000;

/** The angles (degrees) and the image keys of the frames of a scan; null for what it lacks. */
export function framesOf(hdf5: Hdf5, file: Group, path: string): IFrames {
  const shape = datasetAt(file, path)?.shape;
  if (shape?.length !== 3) {
    throw new Fault('missing', `${path} holds no frames of a scan.`);
  }
  if (shape[0] > MOST_FRAMES) {
    throw new Fault('missing', `${path} has too many frames.`);
  }
  const { angles, imageKey } = scanWith(file, path);
  return {
    angles: numbers(hdf5, file, angles),
    image_keys: numbers(hdf5, file, imageKey)?.map(Math.trunc) ?? null
  };
}

function numbers(
  hdf5: Hdf5,
  file: Group,
  path: string | null
): number[] | null {
  const found = path && datasetAt(file, path);
  if (!found || numberType(found.metadata) === null) {
    return null;
  }
  const values = Array.from(readAll(hdf5, found));
  return values.every(Number.isFinite) ? values : null;
}
