import { View } from '../slices/camera';
import { paint } from '../slices/painter';
import type { IColours } from '../slices/colours';
import type { ISlice } from '../slices/values';
import type { IOverlay } from './finder';
import { overlay as coloursOf, type Way } from './mirroring';

/** Paints an overlay; what was painted last is kept, so that pushing it costs nothing. */
export class OverlayPainter {
  /** The overlay with the axis on a column of the scan. */
  picture(overlay: IOverlay, centre: number, way: Way): HTMLCanvasElement {
    if (
      this._overlay !== overlay ||
      this._centre !== centre ||
      this._way !== way
    ) {
      const { first, opposite, limits, step } = overlay;
      const pixels = coloursOf(first, opposite, centre / step, way, limits);
      fill(this._canvas, pixels, first.columns, first.rows);
      [this._overlay, this._centre, this._way] = [overlay, centre, way];
    }
    return this._canvas;
  }

  private readonly _canvas = document.createElement('canvas');
  private _centre = NaN;
  private _overlay: IOverlay | null = null;
  private _way: Way = 'difference';
}

/** Draws a picture as it lies on the screen, in as many pixels as the screen has. */
export function show(
  canvas: HTMLCanvasElement,
  picture: HTMLCanvasElement,
  view: View
): void {
  const context = canvas.getContext('2d')!;
  const ratio = canvas.width / Math.max(1, view.screen.width);
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  const [a, b, c, d, e, f] = view.transform.map(value => value * ratio);
  context.setTransform(a, b, c, d, e, f);
  const { width, height } = view.plane;
  context.imageSmoothingEnabled = view.scale * (width / picture.width) < 1;
  context.drawImage(picture, 0, 0, width, height);
}

/** Draws a slice in its colours, a pixel a value. */
export function drawSlice(
  canvas: HTMLCanvasElement,
  slice: ISlice,
  colours: IColours
): void {
  fill(canvas, paint(slice, colours), slice.columns, slice.rows);
}

function fill(
  canvas: HTMLCanvasElement,
  pixels: Uint32Array,
  width: number,
  height: number
): void {
  canvas.width = width;
  canvas.height = height;
  const bytes = new Uint8ClampedArray(pixels.buffer as ArrayBuffer);
  canvas
    .getContext('2d')!
    .putImageData(new ImageData(bytes, width, height), 0, 0);
}
