import React from 'react';

import type { ISize, View } from '../camera';
import type { IDrawable } from '../drawable';
import { cleared, fill } from '../drawing';
import { paint } from '../painter';
import type { ISlice, Rectangle } from '../values';

interface ICanvasProps {
  drawable: IDrawable;
  size: ISize;
  /** How the plane lies on the screen now. */
  view: () => View;
  label: string;
  style?: React.CSSProperties;
}

/** The picture itself, which follows the model without React. */
export function Canvas(props: ICanvasProps): JSX.Element {
  const { drawable, size, view, label, style } = props;
  const node = React.useRef<HTMLCanvasElement>(null);
  React.useEffect(() => {
    const painted = new Painted();
    let frame = 0;
    const draw = () => {
      frame = 0;
      if (node.current) {
        render(node.current, drawable, view(), painted);
      }
    };
    const request = () => {
      frame ||= requestAnimationFrame(draw);
    };
    drawable.drawn.connect(request);
    draw();
    return () => {
      drawable.drawn.disconnect(request);
      cancelAnimationFrame(frame);
    };
  }, [drawable, view]);
  const ratio = window.devicePixelRatio || 1;
  return (
    <canvas
      ref={node}
      style={style}
      role="img"
      aria-label={label}
      width={Math.round(size.width * ratio)}
      height={Math.round(size.height * ratio)}
    />
  );
}

/** Pictures that were painted last, so that pushing one does not paint it again. */
class Painted {
  /** The picture of a slice in colours, as something to be drawn. */
  of(slice: ISlice, drawable: IDrawable): HTMLCanvasElement {
    const { colours } = drawable;
    const known = this._known.get(slice);
    const key = JSON.stringify(colours);
    if (known?.key === key) {
      return known.picture;
    }
    const picture = known?.picture ?? document.createElement('canvas');
    fill(picture, paint(slice, colours), slice.columns, slice.rows);
    this._known = new Map([...this._known].slice(-1));
    this._known.set(slice, { key, picture });
    return picture;
  }

  private _known = new Map<
    ISlice,
    { key: string; picture: HTMLCanvasElement }
  >();
}

function render(
  canvas: HTMLCanvasElement,
  drawable: IDrawable,
  view: View,
  painted: Painted
): void {
  const { context, ratio } = cleared(canvas, view);
  const slices = [drawable.slice, drawable.detail].filter(
    slice => slice !== null
  );
  for (const slice of slices) {
    // Pixels stay sharp when they are larger than the screen's.
    context.imageSmoothingEnabled = view.scale * slice.step < 1;
    context.drawImage(
      painted.of(slice, drawable),
      slice.left,
      slice.top,
      slice.columns * slice.step,
      slice.rows * slice.step
    );
  }
  const { width, height } = view.plane;
  const edge = placed(context, [0, height, 0, width]);
  const missing = (drawable.slice?.missing ?? []).map(area =>
    placed(context, area)
  );
  context.resetTransform();
  outline(context, edge, ratio, getComputedStyle(canvas).color);
  hatch(context, missing, ratio);
  canvas.dataset.plane = drawable.drawnPlane?.at.join(',') ?? '';
}

/** Where a part of the plane lies on the canvas. */
function placed(
  context: CanvasRenderingContext2D,
  [top, bottom, left, right]: Rectangle
): DOMRect {
  const { a, b, c, d, e, f } = context.getTransform();
  const [x, toX] = [a * left + c * top + e, a * right + c * bottom + e];
  const [y, toY] = [b * left + d * top + f, b * right + d * bottom + f];
  return new DOMRect(x, y, toX - x, toY - y);
}

/** Shows where the plane ends, around it, also where it has no numbers. */
function outline(
  context: CanvasRenderingContext2D,
  { left, top, right, bottom }: DOMRect,
  ratio: number,
  colour: string
): void {
  context.strokeStyle = colour;
  context.lineWidth = ratio;
  context.strokeRect(
    left - ratio / 2,
    top - ratio / 2,
    right - left + ratio,
    bottom - top + ratio
  );
}

/** Marks what was never written: no value, however dark, looks like it. */
function hatch(
  context: CanvasRenderingContext2D,
  missing: readonly DOMRect[],
  ratio: number
): void {
  if (!missing.length) {
    return;
  }
  const tile = document.createElement('canvas');
  tile.width = tile.height = Math.round(8 * ratio);
  const lines = tile.getContext('2d')!;
  lines.strokeStyle = 'rgb(128 128 128 / 60%)';
  lines.lineWidth = ratio;
  lines.beginPath();
  lines.moveTo(0, tile.height);
  lines.lineTo(tile.width, 0);
  lines.stroke();
  context.fillStyle = context.createPattern(tile, 'repeat')!;
  for (const { x, y, width, height } of missing) {
    context.fillRect(x, y, width, height);
  }
}
