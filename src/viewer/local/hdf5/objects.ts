import type {
  BrokenSoftLink,
  Dataset,
  Datatype,
  ExternalLink,
  Group,
  Metadata,
  ready
} from 'h5wasm';

import { decode, type Values } from '../../slices/values';
import { Fault } from './faults';

/** HDF5, compiled for browsers. */
export type Hdf5 = Awaited<typeof ready>;

export type Member =
  Group | Dataset | Datatype | BrokenSoftLink | ExternalLink | null;

/** HDF5's classes of types. */
export const TypeClass = {
  integer: 0,
  float: 1,
  string: 3,
  compound: 6,
  enumeration: 8,
  vlen: 9,
  array: 10
} as const;

/** What a path leads to; null also where a link leads nowhere, or what is there is damaged. */
export function lookUp(group: Group, path: string): Member {
  try {
    // The types of h5wasm name more than a path can lead to.
    return group.get(path) as Member;
  } catch {
    return null;
  }
}

export function isGroup(member: Member): member is Group {
  return String(member?.type) === 'Group';
}

export function isDataset(member: Member): member is Dataset {
  return String(member?.type) === 'Dataset';
}

export function datasetAt(file: Group, path: string): Dataset | null {
  const found = lookUp(file, path);
  return isDataset(found) ? found : null;
}

export function groupAt(file: Group, path: string): Group | null {
  const found = lookUp(file, path || '/');
  return isGroup(found) ? found : null;
}

export function members(group: Group): string[] {
  try {
    return group.keys();
  } catch {
    return [];
  }
}

/** An attribute as numbers and texts; undefined when there is none, or it cannot be read. */
export function attribute(of: Group | Dataset, name: string): unknown {
  try {
    // Asked for one that is not there, HDF5 fails.
    return name in of.attrs ? of.get_attribute(name, true) : undefined;
  } catch {
    return undefined;
  }
}

/** An attribute that holds one text. */
export function textAttribute(
  of: Group | Dataset,
  name: string
): string | null {
  const value = attribute(of, name);
  const one = Array.isArray(value) && value.length === 1 ? value[0] : value;
  return typeof one === 'string' ? one : null;
}

/** The type of values that can be drawn, as NumPy's kind and bytes; null for other values. */
export function numberType({
  type,
  size,
  signed
}: Pick<Metadata, 'type' | 'size' | 'signed'>): string | null {
  const isWhole = type === TypeClass.integer || type === TypeClass.enumeration;
  if (isWhole && [1, 2, 4, 8].includes(size)) {
    return `${signed ? 'i' : 'u'}${size}`;
  }
  return type === TypeClass.float && [2, 4, 8].includes(size)
    ? `f${size}`
    : null;
}

/** A part of a dataset: along each axis where it begins, how many and how far apart. */
export interface IBlock {
  offset: number[];
  count: number[];
  stride: number[];
}

/** The bytes of a part of a dataset, little-endian, in the order of its axes. */
export function readBytes(
  hdf5: Hdf5,
  dataset: Dataset,
  { offset, count, stride }: IBlock
): ArrayBuffer {
  const size = count.reduce((product, length) => product * length, 1);
  const length = size * dataset.metadata.size;
  const place = length > 0 ? hdf5._malloc(length) : 0;
  if (length === 0) {
    return new ArrayBuffer(0);
  }
  if (place === 0) {
    throw new Fault(
      'memory',
      `There is no room for ${Math.ceil(length / 2 ** 20)} MiB.`
    );
  }
  try {
    hdf5.get_dataset_data(
      dataset.file_id,
      dataset.path,
      count.map(BigInt),
      offset.map(BigInt),
      stride.map(BigInt),
      BigInt(place)
    );
    // The memory of HDF5 may have grown, and its view be another one.
    return hdf5.HEAPU8.slice(place, place + length).buffer as ArrayBuffer;
  } finally {
    hdf5._free(place);
  }
}

/** Numbers of a part of a dataset. */
export function readNumbers(
  hdf5: Hdf5,
  dataset: Dataset,
  block: IBlock
): Values {
  const type = numberType(dataset.metadata);
  if (type === null) {
    throw new Fault('missing', `${dataset.path} holds no numbers.`);
  }
  return decode(readBytes(hdf5, dataset, block), `<${type}`);
}

/** All numbers of a dataset in one dimension. */
export function readAll(hdf5: Hdf5, dataset: Dataset): Values {
  const count = dataset.shape ?? [0];
  return readNumbers(hdf5, dataset, {
    offset: count.map(() => 0),
    count,
    stride: count.map(() => 1)
  });
}
