/** Which rows of a long list are drawn; heights are in pixels. */

/** Where each row begins, and at last where the list ends. */
export function offsetsOf(heights: readonly number[]): number[] {
  const offsets = [0];
  for (const height of heights) {
    offsets.push(offsets[offsets.length - 1] + height);
  }
  return offsets;
}

/**
 * The first row to draw and the one after the last: those in the window from `top` on that is
 * `height` high, and `beyond` pixels before and after it, so that scrolling does not outrun them.
 */
export function visibleRows(
  offsets: readonly number[],
  top: number,
  height: number,
  beyond: number
): [number, number] {
  const first = rowAt(offsets, top - beyond);
  const last = rowAt(offsets, top + height + beyond);
  return [first, Math.min(last + 1, offsets.length - 1)];
}

/** The row that holds a place, or the nearest one. */
function rowAt(offsets: readonly number[], place: number): number {
  let low = 0;
  let high = Math.max(offsets.length - 2, 0);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (offsets[middle] <= place) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}
