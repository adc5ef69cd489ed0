import { colourTable } from '../slices/colours';
import type { IPicture } from './correction';

/** How two projections are seen over each other. */
export type Way = 'difference' | 'colours';

/** The values that are drawn darkest and brightest. */
export type Limits = readonly [number, number];

/** The part of the contrast at which a difference has its full colour. */
const FULL_DIFFERENCE = 0.25;
const LAST = 255;
const OPAQUE = 0xff000000;

/**
 * The value of the mirror image of a row at a column, mirrored about another one; between pixels
 * it lies on a line. It is no number where the row does not reach.
 */
export function mirroredAt(
  { values, columns }: IPicture,
  row: number,
  column: number,
  centre: number
): number {
  const place = 2 * centre - column;
  const left = Math.floor(place);
  const fraction = place - left;
  if (
    left < 0 ||
    left > columns - 1 ||
    (fraction > 0 && left === columns - 1)
  ) {
    return NaN;
  }
  const start = row * columns + left;
  return fraction === 0
    ? values[start]
    : values[start] * (1 - fraction) + values[start + 1] * fraction;
}

/**
 * A projection and the mirror image of the opposite one in colours, one number a pixel as the
 * memory of a picture holds it. As a difference, red is where the projection is brighter; in
 * colours, the projection is red and the mirror image cyan, grey where both agree. What only the
 * projection shows is grey and dim.
 */
export function overlay(
  first: IPicture,
  opposite: IPicture,
  centre: number,
  way: Way,
  [low, high]: Limits
): Uint32Array {
  const { values, rows, columns } = first;
  const table = colourTable('Blue–red', false);
  const picture = new Uint32Array(values.length);
  const factor = LAST / (high - low || 1);
  const gain = factor / (2 * FULL_DIFFERENCE);
  const middle = (LAST + 1) / 2;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const index = row * columns + column;
      const value = values[index];
      const mirrored = mirroredAt(opposite, row, column, centre);
      if (value !== value) {
        continue;
      }
      const bright = byte((value - low) * factor);
      if (mirrored !== mirrored) {
        const dim = (bright + LAST) >> 2;
        picture[index] = colour(dim, dim);
      } else if (way === 'difference') {
        picture[index] = table[byte(middle + (value - mirrored) * gain)];
      } else {
        picture[index] = colour(bright, byte((mirrored - low) * factor));
      }
    }
  }
  return picture;
}

function byte(value: number): number {
  return value <= 0 ? 0 : value >= LAST ? LAST : value | 0;
}

function colour(red: number, cyan: number): number {
  return (OPAQUE | (cyan << 16) | (cyan << 8) | red) >>> 0;
}
