import type { View } from './camera';

/** A canvas to draw on in positions of a plane. */
export interface ISurface {
  context: CanvasRenderingContext2D;
  /** Pixels of the canvas along one of the screen. */
  ratio: number;
}

/** Clears a canvas; what is drawn then lies where the view has it on the screen. */
export function cleared(canvas: HTMLCanvasElement, view: View): ISurface {
  const context = canvas.getContext('2d')!;
  const ratio = canvas.width / Math.max(1, view.screen.width);
  context.resetTransform();
  context.clearRect(0, 0, canvas.width, canvas.height);
  const [a, b, c, d, e, f] = view.transform.map(value => value * ratio);
  context.setTransform(a, b, c, d, e, f);
  return { context, ratio };
}

/** Makes a canvas of colours, a pixel each. */
export function fill(
  canvas: HTMLCanvasElement,
  pixels: Uint32Array,
  columns: number,
  rows: number
): void {
  canvas.width = columns;
  canvas.height = rows;
  const bytes = new Uint8ClampedArray(pixels.buffer as ArrayBuffer);
  canvas
    .getContext('2d')!
    .putImageData(new ImageData(bytes, columns, rows), 0, 0);
}
