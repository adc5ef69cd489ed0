import type { ISliceOptions } from './source';
import type { ISlice, Rectangle } from './values';

/**
 * What to read so that a window of a plane of so many rows and columns, drawn coarsely, is sharp.
 * Null where it is as sharp as it can be, or where `known` is.
 */
export function detailOf(
  coarse: ISlice,
  known: ISlice | null,
  [rows, columns]: [number, number],
  visible: Rectangle
): Required<Pick<ISliceOptions, 'region' | 'step'>> | null {
  const [top, bottom, left, right] = visible;
  const seen = ((bottom - top) * (right - left)) / (rows * columns);
  const step = Math.max(1, Math.floor(coarse.step * Math.sqrt(seen)));
  const isEmpty = top >= bottom || left >= right;
  if (step >= coarse.step || isEmpty || holds(known, visible, step)) {
    return null;
  }
  return { region: visible, step };
}

function holds(
  known: ISlice | null,
  [top, bottom, left, right]: Rectangle,
  step: number
): boolean {
  return (
    known !== null &&
    known.step <= step &&
    known.top <= top &&
    known.left <= left &&
    known.top + known.rows * known.step >= bottom &&
    known.left + known.columns * known.step >= right
  );
}
