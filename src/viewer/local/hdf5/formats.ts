import type { Values } from '../../slices/values';

/** The header of a NumPy file is padded to a multiple of this. */
const NPY_ALIGNMENT = 64;
const NPY_START = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0];

/** Values as a NumPy file, version 1.0 (https://numpy.org/neps/nep-0001-npy-format.html). */
export function npy(values: Values, shape: readonly number[]): ArrayBuffer {
  const dimensions = shape.map(length => `${length},`).join(' ');
  const description = `{'descr': '${numpyType(values)}', 'fortran_order': False, 'shape': (${dimensions}), }`;
  const lead = NPY_START.length + 2;
  const size =
    Math.ceil((lead + description.length + 1) / NPY_ALIGNMENT) * NPY_ALIGNMENT;
  const header = description.padEnd(size - lead - 1) + '\n';
  const file = new Uint8Array(size + values.byteLength);
  file.set(NPY_START);
  new DataView(file.buffer).setUint16(NPY_START.length, header.length, true);
  file.set(new TextEncoder().encode(header), lead);
  file.set(bytesOf(values), size);
  return file.buffer;
}

const SHORT = 3;
const LONG = 4;
const ENTRY = 12;

/** A picture as a TIFF file of one strip, without compression (TIFF 6.0, section 2 and 19). */
export function tiff(
  values: Values,
  [rows, columns]: readonly number[]
): ArrayBuffer {
  const format =
    values instanceof Float32Array || values instanceof Float64Array
      ? 3
      : numpyType(values)[1] === 'i'
        ? 2
        : 1;
  const tags: [number, number, number][] = [
    [256, LONG, columns],
    [257, LONG, rows],
    [258, SHORT, values.BYTES_PER_ELEMENT * 8],
    [259, SHORT, 1],
    [262, SHORT, 1],
    [273, LONG, 0],
    [277, SHORT, 1],
    [278, LONG, rows],
    [279, LONG, values.byteLength],
    [339, SHORT, format]
  ];
  const start = 8;
  const data = Math.ceil((start + 2 + tags.length * ENTRY + 4) / 16) * 16;
  const file = new Uint8Array(data + values.byteLength);
  const view = new DataView(file.buffer);
  file.set([0x49, 0x49, 42, 0, start, 0, 0, 0]);
  view.setUint16(start, tags.length, true);
  tags.forEach(([tag, type, value], index) => {
    const at = start + 2 + index * ENTRY;
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, type, true);
    view.setUint32(at + 4, 1, true);
    // A short one lies in the first two of the four bytes, which little-endian numbers do.
    view.setUint32(at + 8, tag === 273 ? data : value, true);
  });
  file.set(bytesOf(values), data);
  return file.buffer;
}

function bytesOf({ buffer, byteOffset, byteLength }: Values): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function numpyType(values: Values): string {
  const [, kind] = /^(Uint|Int|Float)/.exec(values.constructor.name)!;
  const letter = { Uint: 'u', Int: 'i', Float: 'f' }[kind];
  const order = values.BYTES_PER_ELEMENT === 1 ? '|' : '<';
  return `${order}${letter}${values.BYTES_PER_ELEMENT}`;
}
