import type { ISliceStatistics } from '../../../api';
import type { IProfile, Line } from '../../slices/source';
import type { ISlice, Values } from '../../slices/values';

const BINS = 256;
/** The byte of a value that is no number; the darkest value is 1. */
const NOTHING = 0;
const DARKEST = 1;
const BRIGHTEST = 255;

/** Values between two limits as 1 to 255, those beyond as the nearest, no numbers as 0. */
export function toBytes(
  values: Values,
  [low, high]: readonly [number, number]
): Uint8Array {
  const scale = (BRIGHTEST - DARKEST) / (high - low || 1);
  const bytes = new Uint8Array(values.length);
  for (let index = 0; index < values.length; index++) {
    const scaled = (values[index] - low) * scale + DARKEST;
    bytes[index] =
      scaled >= BRIGHTEST
        ? BRIGHTEST
        : scaled > DARKEST
          ? scaled + 0.5
          : scaled === scaled
            ? DARKEST
            : NOTHING;
  }
  return bytes;
}

/** Count, range, mean, standard deviation and histogram of the values that are finite. */
export function statistics(values: Values): ISliceStatistics {
  let [count, sum, min, max] = [0, 0, Infinity, -Infinity];
  for (const value of values) {
    if (Number.isFinite(value)) {
      count++;
      sum += value;
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
  }
  const others = { count, not_finite: values.length - count };
  if (count === 0) {
    const none = { min: null, max: null, mean: null, std: null };
    return { ...others, ...none, histogram: [], edges: [] };
  }
  const mean = sum / count;
  const top = max > min ? max : min + 1;
  const histogram: number[] = Array(BINS).fill(0);
  let squares = 0;
  for (const value of values) {
    if (Number.isFinite(value)) {
      squares += (value - mean) ** 2;
      const bin = Math.floor(((value - min) / (top - min)) * BINS);
      histogram[Math.min(BINS - 1, bin)]++;
    }
  }
  return {
    ...others,
    min,
    max,
    mean,
    std: Math.sqrt(squares / count),
    histogram,
    edges: Array.from(
      { length: BINS + 1 },
      (_, bin) => min + ((top - min) * bin) / BINS
    )
  };
}

/** Values along a line of a slice of neighbouring values, weighted between them (bilinear). */
export function profile(slice: ISlice, line: Line): IProfile {
  const { values, rows, columns, top, left } = slice;
  const [fromRow, fromColumn, toRow, toColumn] = line;
  const length = Math.hypot(toRow - fromRow, toColumn - fromColumn);
  const count = Math.max(2, Math.ceil(length) + 1);
  const within = (position: number, last: number) =>
    Math.max(0, Math.min(last, position));
  const told: IProfile = { values: [], distances: [] };
  for (let index = 0; index < count; index++) {
    const along = index / (count - 1);
    const row = within(fromRow + (toRow - fromRow) * along - top, rows - 1);
    const column = within(
      fromColumn + (toColumn - fromColumn) * along - left,
      columns - 1
    );
    const [y, x] = [Math.floor(row), Math.floor(column)];
    const [down, right] = [row - y, column - x];
    const neighbours = [
      [y, x, (1 - down) * (1 - right)],
      [y + 1, x, down * (1 - right)],
      [y, x + 1, (1 - down) * right],
      [y + 1, x + 1, down * right]
    ];
    let value = 0;
    for (const [r, c, weight] of neighbours) {
      // A neighbour without weight must not spread what is no number.
      value += weight > 0 ? values[r * columns + c] * weight : 0;
    }
    told.values.push(Number.isFinite(value) ? value : null);
    told.distances.push(along * length);
  }
  return told;
}
