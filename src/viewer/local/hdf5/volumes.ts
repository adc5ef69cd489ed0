import type { Dataset, Group } from 'h5wasm';

import type { IVolume, IVolumeItem } from '../../../api';
import { joinPath, parentPath } from '../../paths';
import { rank } from '../../patterns';
import { Fault } from './faults';
import {
  attribute,
  datasetAt,
  groupAt,
  type Hdf5,
  isDataset,
  isGroup,
  lookUp,
  members,
  numberType,
  readAll,
  textAttribute
} from './objects';
import { findScan, type IScan } from './scans';

const MAX_VISITS = 2000;
const MAX_DEPTH = 6;
const MAX_FOUND = 500;
/** Values of an axis are told one by one up to this many, unless they are evenly spaced. */
const MAX_VALUES = 4096;
const LONGEST_AXIS = 1_000_000;
const LONGEST_KEY = 10_000_000;

const ORDER: IVolumeItem['kind'][] = [
  'result',
  'scan',
  'signal',
  'intermediate',
  'other'
];

/** How Savu and NXtomo name what one looks at, by the axes that are shown of three. */
const SCAN_AXES = ['rotation_angle', 'detector_y', 'detector_x'];
const SCAN_PATTERNS: IVolume['patterns'] = [
  { name: 'PROJECTION', shown: [1, 2] },
  { name: 'SINOGRAM', shown: [0, 2] },
  { name: 'TANGENTOGRAM', shown: [0, 1] }
];

/** The datasets of a file that make pictures, those of most interest first. */
export function listVolumes(file: Group): IVolumeItem[] {
  const scan = findScan(file)?.data;
  const found = findPictures(file).map(item =>
    item.path === scan ? { ...item, kind: 'scan' as const } : item
  );
  found.sort(
    (one, other) => ORDER.indexOf(one.kind) - ORDER.indexOf(other.kind)
  );
  return found.slice(0, MAX_FOUND);
}

/** The shape, axes and patterns of a dataset. */
export function describeVolume(hdf5: Hdf5, file: Group, path: string): IVolume {
  const dataset = datasetAt(file, path);
  const shape = dataset?.shape;
  const dtype = dataset && numberType(dataset.metadata);
  if (!dataset || !shape || shape.length < 2 || dtype === null) {
    throw new Fault(
      'missing',
      `${path} holds no pictures: numbers in two or more dimensions.`
    );
  }
  const parent = groupAt(file, parentPath(path));
  const scan = findScan(file);
  const isScan = scan?.data === path && shape.length === 3;
  const names = axisNames(parent, shape.length).map(
    (name, axis) => name ?? (isScan ? SCAN_AXES[axis] : null)
  );
  const patterns = patternsOf(hdf5, parent, shape.length);
  const first = shape.map((length, axis) =>
    names[axis]?.endsWith('_params') ? 0 : length >> 1
  );
  if (isScan) {
    first[0] = firstProjection(hdf5, file, scan);
  }
  return {
    path,
    title: titleOf(dataset, path, parent),
    unit: textAttribute(dataset, 'units'),
    shape: [...shape],
    dtype,
    chunks: dataset.metadata.chunks,
    axes: shape.map((length, axis) =>
      axisOf(hdf5, parent, names[axis], length)
    ),
    patterns: isScan && patterns.length === 0 ? SCAN_PATTERNS : patterns,
    first
  };
}

/** Datasets in two or more dimensions, level by level. */
function findPictures(file: Group): IVolumeItem[] {
  const found: IVolumeItem[] = [];
  let level: [string, Group][] = [['/', file]];
  let visits = 0;
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    const following: [string, Group][] = [];
    for (const [parent, group] of level) {
      const signal = textAttribute(group, 'signal');
      for (const name of members(group)) {
        if (++visits > MAX_VISITS) {
          return found;
        }
        const path = joinPath(parent, name);
        const item = lookUp(group, name);
        if (isGroup(item)) {
          following.push([path, item]);
        } else if (isDataset(item) && isPicture(item)) {
          found.push({
            path,
            title: titleOf(item, path, group),
            shape: [...item.shape!],
            dtype: numberType(item.metadata)!,
            kind: kindOf(path, name === signal)
          });
        }
      }
    }
    level = following;
  }
  return found;
}

function isPicture(dataset: Dataset): boolean {
  const long = (dataset.shape ?? []).filter(length => length > 1);
  return long.length > 1 && numberType(dataset.metadata) !== null;
}

function kindOf(path: string, isSignal: boolean): IVolumeItem['kind'] {
  if (path.startsWith('/entry/final_result')) {
    return 'result';
  }
  if (path.startsWith('/entry/intermediate/')) {
    return 'intermediate';
  }
  return isSignal ? 'signal' : 'other';
}

/** What the file calls it, or the name of its group: Savu's datasets are all called data. */
function titleOf(dataset: Dataset, path: string, parent: Group | null): string {
  const title =
    textAttribute(dataset, 'long_name') ??
    (parent && textAttribute(parent, 'title'));
  const [group, name] = ['', ...path.split('/')].slice(-2);
  return title || (name === 'data' && group ? group : name);
}

function axisNames(parent: Group | null, count: number): (string | null)[] {
  const names: (string | null)[] = Array(count).fill(null);
  const told = parent && attribute(parent, 'axes');
  const listed = (Array.isArray(told) ? told : [told]).filter(
    name => typeof name === 'string'
  );
  listed.forEach((name, position) => {
    const indices = attribute(parent!, `${name}_indices`) ?? position;
    const axis = Number(Array.isArray(indices) ? indices[0] : indices);
    if (axis >= 0 && axis < count && name !== '.') {
      names[axis] = name;
    }
  });
  return names;
}

/** Savu's patterns in two dimensions: a name and the axes that are shown. */
function patternsOf(
  hdf5: Hdf5,
  parent: Group | null,
  count: number
): IVolume['patterns'] {
  const group = parent && lookUp(parent, 'patterns');
  if (!isGroup(group)) {
    return [];
  }
  const found = members(group).flatMap(name => {
    const core = datasetAt(group, `${name}/core_dims`);
    if (core?.shape?.length !== 1 || core.shape[0] !== 2) {
      return [];
    }
    const shown = Array.from(readAll(hdf5, core), Number).sort((a, b) => a - b);
    return shown[0] >= 0 && shown[0] < shown[1] && shown[1] < count
      ? [{ name, shown }]
      : [];
  });
  return found.sort((one, other) => rank(one) - rank(other));
}

/** Name, unit and values of an axis: evenly spaced, one by one, or unknown. */
function axisOf(
  hdf5: Hdf5,
  parent: Group | null,
  name: string | null,
  length: number
): IVolume['axes'][number] {
  const told = {
    name,
    unit: null,
    length,
    start: null,
    step: null,
    values: null
  };
  const values =
    parent && name && !name.includes('/') ? datasetAt(parent, name) : null;
  if (!values || numberType(values.metadata) === null) {
    return told;
  }
  const named = { ...told, unit: textAttribute(values, 'units') };
  const { shape } = values;
  if (shape?.length !== 1 || shape[0] !== length || length > LONGEST_AXIS) {
    return named;
  }
  const numbers = Array.from(readAll(hdf5, values));
  if (!numbers.every(Number.isFinite)) {
    return named;
  }
  const step = evenStep(numbers);
  if (step !== null) {
    return { ...named, start: numbers[0], step };
  }
  return length <= MAX_VALUES ? { ...named, values: numbers } : named;
}

/** The step between values that are evenly spaced; null for others. */
export function evenStep(values: readonly number[]): number | null {
  if (values.length < 2) {
    return null;
  }
  const first = values[1] - values[0];
  const isEven = values
    .slice(1)
    .every(
      (value, index) =>
        Math.abs(value - values[index] - first) <= 1e-9 + 1e-3 * Math.abs(first)
    );
  return isEven
    ? (values[values.length - 1] - values[0]) / (values.length - 1)
    : null;
}

/** The first frame that is neither a flat nor a dark field. */
function firstProjection(hdf5: Hdf5, file: Group, scan: IScan): number {
  const keys = scan.imageKey && datasetAt(file, scan.imageKey);
  if (!keys || (keys.shape?.[0] ?? 0) > LONGEST_KEY) {
    return 0;
  }
  return Math.max(0, readAll(hdf5, keys).indexOf(0));
}
