import type { View } from '../slices/camera';
import type { IColours } from '../slices/colours';
import { cleared, fill } from '../slices/drawing';
import { paint } from '../slices/painter';
import type { ISlice } from '../slices/values';
import type { IOverlay } from './finder';
import { overlay as paintOverlay, type IPart, type Way } from './mirroring';

/**
 * Draws two projections over each other, with the axis on a column of the scan. Of what is seen,
 * no more is computed than the canvas has pixels, so that it can follow the mouse.
 */
export function drawOverlay(
  canvas: HTMLCanvasElement,
  overlay: IOverlay,
  centre: number,
  way: Way,
  view: View
): void {
  const { context, ratio } = cleared(canvas, view);
  const { first, opposite, limits, step } = overlay;
  const part = partOf(overlay, view, ratio);
  if (part.top >= part.bottom || part.left >= part.right) {
    return;
  }
  const { pixels, rows, columns } = paintOverlay(
    first,
    opposite,
    centre / step,
    way,
    limits,
    part
  );
  const picture = document.createElement('canvas');
  fill(picture, pixels, columns, rows);
  // Pixels stay sharp when they are larger than the screen's.
  const size = step * part.every;
  context.imageSmoothingEnabled = view.scale * size < 1;
  context.drawImage(
    picture,
    part.left * step,
    part.top * step,
    columns * size,
    rows * size
  );
}

/** Draws a slice in its colours, a pixel a value. */
export function drawSlice(
  canvas: HTMLCanvasElement,
  slice: ISlice,
  colours: IColours
): void {
  fill(canvas, paint(slice, colours), slice.columns, slice.rows);
}

/** What is seen of the projections, in their own pixels. */
function partOf({ first, step }: IOverlay, view: View, ratio: number): IPart {
  const [top, bottom, left, right] = view.visible();
  return {
    top: Math.floor(top / step),
    bottom: Math.min(first.rows, Math.ceil(bottom / step)),
    left: Math.floor(left / step),
    right: Math.min(first.columns, Math.ceil(right / step)),
    every: Math.max(1, Math.floor(1 / (view.scale * ratio * step)))
  };
}
