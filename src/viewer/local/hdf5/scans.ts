import type { Dataset, Group } from 'h5wasm';

import { joinPath } from '../../paths';
import {
  datasetAt,
  groupAt,
  isDataset,
  isGroup,
  lookUp,
  members,
  numberType,
  textAttribute
} from './objects';

/** What a file is, decided by its content as on the server. */
export type FileKind = 'list' | 'scan' | 'result' | 'other';

/** Where the parts of a scan are. */
export interface IScan {
  data: string;
  /** What each frame is: 0 projection, 1 flat field, 2 dark field, 3 invalid. */
  imageKey: string | null;
  /** In degrees, one for each frame. */
  angles: string | null;
}

/** Where Savu's loader looks when a list does not say otherwise. */
const DATA = '/entry1/tomo_entry/data/data';
const CONTAINERS = [
  'NXentry',
  'NXsubentry',
  'NXinstrument',
  'NXdata',
  'NXdetector',
  'NXcollection'
];
const MAX_DEPTH = 5;
const MAX_GROUPS = 2000;

export function kindOf(file: Group): FileKind {
  const entry = groupAt(file, '/entry');
  if (entry) {
    // The engine copies its list into every result.
    const isResult = members(entry).some(
      name =>
        name === 'intermediate' ||
        name === 'input_data' ||
        name.startsWith('final_result_')
    );
    if (isResult) {
      return 'result';
    }
    if (isGroup(lookUp(entry, 'plugin'))) {
      return 'list';
    }
  }
  return findScan(file) ? 'scan' : 'other';
}

/**
 * The frames of a scan: where Savu's loader looks, else in the first NXtomo entry
 * (https://manual.nexusformat.org/classes/applications/NXtomo.html), else in the first group with
 * an image key. Null when there is no scan.
 */
export function findScan(file: Group): IScan | null {
  const data = locate(file);
  return data === null ? null : scanWith(file, data);
}

/** The scan whose frames are in a dataset. */
export function scanWith(file: Group, data: string): IScan {
  return {
    data,
    imageKey: companion(file, data, [
      'image_key',
      'instrument/detector/image_key'
    ]),
    angles: companion(file, data, [
      'rotation_angle',
      'sample/rotation_angle',
      'data/rotation_angle'
    ])
  };
}

/** What has a value for each frame, in the nearest of the groups around the frames. */
function companion(
  file: Group,
  data: string,
  names: readonly string[]
): string | null {
  const length = datasetAt(file, data)?.shape?.[0];
  const parts = data.split('/').slice(1, -1);
  for (let count = parts.length; count > 0; count--) {
    const group = `/${parts.slice(0, count).join('/')}`;
    for (const name of names) {
      const path = joinPath(group, name);
      const shape = datasetAt(file, path)?.shape;
      if (shape?.length === 1 && shape[0] === length) {
        return path;
      }
    }
  }
  return null;
}

function locate(file: Group): string | null {
  if (isStack(datasetAt(file, DATA))) {
    return DATA;
  }
  const groups = groupsOf(file);
  const entries = groups.filter(([, group]) => isTomo(group));
  const candidates = [
    ...groups.filter(
      ([path, group]) =>
        entries.some(
          ([entry]) => path === entry || path.startsWith(`${entry}/`)
        ) &&
        ['NXdata', 'NXdetector'].includes(
          textAttribute(group, 'NX_class') ?? ''
        )
    ),
    ...groups.filter(([, group]) => lookUp(group, 'image_key') !== null)
  ];
  for (const [path, group] of candidates) {
    const name = [textAttribute(group, 'signal'), 'data'].find(
      one => one && isStack(datasetAt(group, one))
    );
    if (name) {
      return joinPath(path, name);
    }
  }
  return null;
}

/** The groups that may lead to frames, outermost first. */
function groupsOf(file: Group): [string, Group][] {
  const found: [string, Group][] = [];
  let level: [string, Group][] = [['/', file]];
  let seen = 0;
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    const below: [string, Group][] = [];
    for (const [path, group] of level) {
      for (const name of members(group)) {
        if (++seen > MAX_GROUPS) {
          return found;
        }
        const child = lookUp(group, name);
        // Entries of old files carry no class.
        const leadsOn =
          isGroup(child) &&
          (depth === 0 ||
            CONTAINERS.includes(textAttribute(child, 'NX_class') ?? ''));
        if (leadsOn) {
          below.push([joinPath(path, name), child]);
        }
      }
    }
    found.push(...below);
    level = below;
  }
  return found;
}

function isTomo(group: Group): boolean {
  const definition = lookUp(group, 'definition');
  try {
    return isDataset(definition)
      ? [definition.value].flat()[0] === 'NXtomo'
      : false;
  } catch {
    return false;
  }
}

function isStack(dataset: Dataset | null): boolean {
  return dataset?.shape?.length === 3 && numberType(dataset.metadata) !== null;
}
