import { colourTable } from '../slices/colours';
import type { IPicture } from './correction';

/** How two projections are seen over each other. */
export type Way = 'difference' | 'colours';

/** The values that are drawn darkest and brightest. */
export type Limits = readonly [number, number];

/** Every so many rows and columns of a part of a picture; the ends are not included. */
export interface IPart {
  top: number;
  bottom: number;
  left: number;
  right: number;
  every: number;
}

/** Pixels as the memory of a picture holds them, one number each. */
export interface IPainted {
  pixels: Uint32Array;
  rows: number;
  columns: number;
}

/** The part of the contrast at which a difference has its full colour. */
const FULL_DIFFERENCE = 0.25;
const LAST = 255;
const OPAQUE = 0xff000000;

/**
 * A row of the picture that is mirrored about a column, at some columns; between pixels the
 * values lie on a line. They are no numbers where the row does not reach.
 */
export function mirroredRow(
  { values, columns }: IPicture,
  row: number,
  centre: number,
  shown: Int32Array
): Float32Array {
  const mirrored = new Float32Array(shown.length);
  const start = row * columns;
  for (let index = 0; index < shown.length; index++) {
    const place = 2 * centre - shown[index];
    const left = Math.floor(place);
    const fraction = place - left;
    const right = fraction > 0 ? left + 1 : left;
    mirrored[index] =
      left >= 0 && right < columns
        ? values[start + left] * (1 - fraction) +
          values[start + right] * fraction
        : NaN;
  }
  return mirrored;
}

/**
 * A projection and the mirror image of the opposite one, in colours. As a difference, red is
 * where the projection has more and blue where it has less; in colours, the projection is red
 * and the mirror image cyan, grey where both agree. What only the projection shows is grey and
 * dim.
 */
export function overlay(
  first: IPicture,
  opposite: IPicture,
  centre: number,
  way: Way,
  [low, high]: Limits,
  part: IPart = wholeOf(first)
): IPainted {
  const { top, left, every } = part;
  const rows = Math.ceil((part.bottom - top) / every);
  const shown = Int32Array.from(
    { length: Math.ceil((part.right - left) / every) },
    (_, index) => left + index * every
  );
  const columns = shown.length;
  const pixels = new Uint32Array(rows * columns);
  const table = colourTable('Blue–red', false);
  const factor = LAST / (high - low || 1);
  const gain = factor / (2 * FULL_DIFFERENCE);
  const middle = (LAST + 1) / 2;
  for (let line = 0; line < rows; line++) {
    const row = top + line * every;
    const mirrored = mirroredRow(opposite, row, centre, shown);
    for (let index = 0; index < columns; index++) {
      const value = first.values[row * first.columns + shown[index]];
      const other = mirrored[index];
      if (value !== value) {
        continue;
      }
      const bright = byte((value - low) * factor);
      let pixel: number;
      if (other !== other) {
        const dim = (bright + LAST) >> 2;
        pixel = colour(dim, dim);
      } else if (way === 'difference') {
        pixel = table[byte(middle + (value - other) * gain)];
      } else {
        pixel = colour(bright, byte((other - low) * factor));
      }
      pixels[line * columns + index] = pixel;
    }
  }
  return { pixels, rows, columns };
}

function wholeOf({ rows, columns }: IPicture): IPart {
  return { top: 0, bottom: rows, left: 0, right: columns, every: 1 };
}

function byte(value: number): number {
  return value <= 0 ? 0 : value >= LAST ? LAST : value | 0;
}

function colour(red: number, cyan: number): number {
  return (OPAQUE | (cyan << 16) | (cyan << 8) | red) >>> 0;
}
