import { colourTable, fractionOf, type IColours } from './colours';
import { type ISlice, missingRuns } from './values';

const LAST = 255;
/** Values that are tabulated, so that a logarithm is taken of them once only. */
const TABULATED = 65536;

/**
 * The colours of a slice, one number a value. What is no number, and what was never written, is
 * transparent.
 */
export function paint(slice: ISlice, colours: IColours): Uint32Array {
  const table = colourTable(colours.map, colours.isInverted);
  const { values, scale } = slice;
  const picture = new Uint32Array(values.length);
  if (scale || values instanceof Uint8Array || values instanceof Uint16Array) {
    const known = tabulate(slice, colours, table);
    for (let index = 0; index < values.length; index++) {
      picture[index] = known[values[index]];
    }
  } else if (colours.isLogarithmic) {
    for (let index = 0; index < values.length; index++) {
      picture[index] = colour(values[index], colours, table);
    }
  } else {
    const { low, high } = colours;
    const factor = (LAST + 1) / (high - low || 1);
    for (let index = 0; index < values.length; index++) {
      const value = values[index];
      const step = (value - low) * factor;
      // A comparison with what is no number is false.
      picture[index] =
        step >= LAST
          ? table[LAST]
          : step >= 0
            ? table[step | 0]
            : value === value
              ? table[0]
              : 0;
    }
  }
  clearMissing(picture, slice);
  return picture;
}

function colour(value: number, colours: IColours, table: Uint32Array): number {
  if (Number.isNaN(value)) {
    return 0;
  }
  const step = Math.floor(fractionOf(value, colours) * (LAST + 1));
  return table[Math.max(0, Math.min(LAST, step))];
}

/** The colour of each value that bytes or words can stand for. */
function tabulate(
  { values, scale }: ISlice,
  colours: IColours,
  table: Uint32Array
): Uint32Array {
  const length = values instanceof Uint16Array ? TABULATED : LAST + 1;
  return Uint32Array.from({ length }, (_, stored) => {
    if (!scale) {
      return colour(stored, colours, table);
    }
    const [low, high] = scale;
    return stored === 0
      ? 0
      : colour(
          low + ((stored - 1) / (LAST - 1)) * (high - low),
          colours,
          table
        );
  });
}

function clearMissing(picture: Uint32Array, slice: ISlice): void {
  for (const [from, to] of missingRuns(slice)) {
    picture.fill(0, from, to);
  }
}
