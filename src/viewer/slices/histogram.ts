import type { ISlice } from './values';

/** How often values occur. */
export interface IHistogram {
  counts: Uint32Array;
  /** Of the first and to the last bin. */
  low: number;
  high: number;
  /** Values that were counted. */
  total: number;
}

/** Percent of the values that are drawn as the darkest, and as the brightest. */
export const CLIPPED = 0.5;
/** The part of two ranges of values that they share, if they are of one kind. */
const COMMON = 0.1;
const BINS = 1024;
/** More values say no more about percentiles. */
const SAMPLE = 1 << 17;

/** A histogram of some of the values of a slice, evenly taken; null when there are none. */
export function histogram(slice: ISlice): IHistogram | null {
  const values = sample(slice);
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) {
      low = value;
    }
    if (value > high) {
      high = value;
    }
  }
  if (!(low <= high)) {
    return null;
  }
  if (low === high) {
    high = low + 1;
  }
  const counts = new Uint32Array(BINS);
  const factor = BINS / (high - low);
  for (const value of values) {
    counts[Math.min(BINS - 1, ((value - low) * factor) | 0)]++;
  }
  return { counts, low, high, total: values.length };
}

/** The values below which a part and all but a part of the others lie; `part` in percent. */
export function percentiles(
  { counts, low, high, total }: IHistogram,
  part: number
): [number, number] {
  const width = (high - low) / counts.length;
  const limit = (total * part) / 100;
  let first = 0;
  for (let sum = counts[0]; sum < limit; sum += counts[first]) {
    first++;
  }
  let last = counts.length - 1;
  for (let sum = counts[last]; sum < limit; sum += counts[last]) {
    last--;
  }
  return [low + first * width, low + Math.max(first + 1, last + 1) * width];
}

/** Whether limits show something of the values; counts and densities differ. */
export function shows(values: IHistogram, low: number, high: number): boolean {
  const [darkest, brightest] = percentiles(values, CLIPPED);
  const common = Math.min(high, brightest) - Math.max(low, darkest);
  return common > COMMON * Math.max(high - low, brightest - darkest);
}

/** Fewer, wider bins, for drawing. */
export function condensed({ counts }: IHistogram, bins: number): number[] {
  const size = counts.length / bins;
  return Array.from({ length: bins }, (_, bin) => {
    let sum = 0;
    for (let index = bin * size; index < (bin + 1) * size; index++) {
      sum += counts[Math.floor(index)];
    }
    return sum;
  });
}

/** Finite values at even distances, those never written left out. */
function sample({ values, columns, missing, top, left, step, scale }: ISlice) {
  const stride = Math.max(1, Math.floor(values.length / SAMPLE));
  const taken = new Float64Array(Math.ceil(values.length / stride));
  const [low, high] = scale ?? [0, 0];
  let count = 0;
  for (let index = 0; index < values.length; index += stride) {
    let value: number = values[index];
    if (scale) {
      if (value === 0) {
        continue;
      }
      value = low + ((value - 1) / 254) * (high - low);
    }
    if (!Number.isFinite(value)) {
      continue;
    }
    if (missing.length) {
      const row = top + Math.floor(index / columns) * step;
      const column = left + (index % columns) * step;
      const isMissing = missing.some(
        ([from, to, start, end]) =>
          row >= from && row < to && column >= start && column < end
      );
      if (isMissing) {
        continue;
      }
    }
    taken[count++] = value;
  }
  return taken.subarray(0, count);
}
