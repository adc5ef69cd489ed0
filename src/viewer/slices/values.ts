/** Numbers of one type. Integers of 64 bits become doubles, halves become floats. */
export type Values =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array;

/** From and to of rows, then of columns; the last ones are not included. */
export type Rectangle = [number, number, number, number];

/** A part of a plane: every `step`-th value of the rows and columns of a window. */
export interface ISlice {
  values: Values;
  rows: number;
  columns: number;
  /** Where it begins in the plane. */
  top: number;
  left: number;
  step: number;
  /**
   * Bytes stand for values: 0 for none, 1 to 255 from the first to the second of these. Null
   * when the values are the dataset's own.
   */
  scale: [number, number] | null;
  /** Rectangles of the whole plane in which nothing was written yet. */
  missing: Rectangle[];
}

/** Little-endian numbers of a type as NumPy writes it, for example `<f4`. */
export function decode(buffer: ArrayBuffer, dtype: string): Values {
  switch (dtype.slice(1)) {
    case 'f4':
      return new Float32Array(buffer);
    case 'f8':
      return new Float64Array(buffer);
    case 'i1':
      return new Int8Array(buffer);
    case 'u1':
      return new Uint8Array(buffer);
    case 'i2':
      return new Int16Array(buffer);
    case 'u2':
      return new Uint16Array(buffer);
    case 'i4':
      return new Int32Array(buffer);
    case 'u4':
      return new Uint32Array(buffer);
    case 'i8':
      return Float64Array.from(new BigInt64Array(buffer), Number);
    case 'u8':
      return Float64Array.from(new BigUint64Array(buffer), Number);
    case 'f2':
      return Float32Array.from(new Uint16Array(buffer), half);
    default:
      throw new Error(`Values of type ${dtype} are not known.`);
  }
}

/** The number that 16 bits stand for (IEEE 754). */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) {
    return sign * fraction * 2 ** -24;
  }
  if (exponent === 0x1f) {
    return fraction ? NaN : sign * Infinity;
  }
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** From and to in the values of a slice, row by row, where nothing was written. */
export function* missingRuns(slice: ISlice): Generator<[number, number]> {
  const { rows, columns, top, left, step, missing } = slice;
  const inside = (position: number, start: number, length: number) =>
    Math.max(0, Math.min(length, Math.ceil((position - start) / step)));
  for (const [from, to, start, end] of missing) {
    const first = inside(start, left, columns);
    const last = inside(end, left, columns);
    for (let y = inside(from, top, rows); y < inside(to, top, rows); y++) {
      yield [y * columns + first, y * columns + last];
    }
  }
}

/**
 * The value at a row and a column of the plane; null where the slice has none, or knows it only
 * coarsely.
 */
export function valueAt(
  slice: ISlice,
  row: number,
  column: number
): number | null {
  const { values, rows, columns, top, left, step, scale, missing } = slice;
  const y = Math.floor((row - top) / step);
  const x = Math.floor((column - left) / step);
  if (y < 0 || x < 0 || y >= rows || x >= columns || step > 1 || scale) {
    return null;
  }
  const isMissing = missing.some(
    ([from, to, start, end]) =>
      row >= from && row < to && column >= start && column < end
  );
  return isMissing ? null : values[y * columns + x];
}
