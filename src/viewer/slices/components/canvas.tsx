import React from 'react';

import type { IPoint, ISize, View } from '../camera';
import type { IDrawable } from '../drawable';
import { cleared } from '../drawing';
import { paint } from '../painter';
import type { ISlice } from '../values';

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

/** A slice in colours. */
interface IPainted {
  slice: ISlice;
  /** The colours, as a text. */
  colours: string;
  memory: ImageData;
  picture: HTMLCanvasElement;
}

/** Pictures that can be drawn at the same time: a slice, and a part of it in detail. */
const DRAWN = 2;

/**
 * Pictures that were painted last, so that pushing one does not paint it again. In a walk, the next
 * slice is painted in the memory of the last but one.
 */
class Painted {
  /** The picture of a slice in colours, as something to be drawn. */
  of(slice: ISlice, { colours }: IDrawable): HTMLCanvasElement {
    const text = JSON.stringify(colours);
    const known = this._known.find(one => one.slice === slice);
    if (known?.colours === text) {
      return known.picture;
    }
    const { memory, picture } =
      known ?? this._free(slice) ?? newPicture(slice.columns, slice.rows);
    paint(slice, colours, new Uint32Array(memory.data.buffer));
    picture.getContext('2d')!.putImageData(memory, 0, 0);
    const painted = { slice, colours: text, memory, picture };
    this._known = [
      painted,
      ...this._known.filter(one => one.picture !== picture)
    ].slice(0, DRAWN);
    return picture;
  }

  /** The oldest picture, if it is of the same size. */
  private _free({ rows, columns }: ISlice): IPainted | null {
    const oldest = this._known[DRAWN - 1];
    return oldest?.slice.rows === rows && oldest.slice.columns === columns
      ? oldest
      : null;
  }

  /** The newest first. */
  private _known: readonly IPainted[] = [];
}

function newPicture(
  width: number,
  height: number
): Pick<IPainted, 'memory' | 'picture'> {
  const picture = document.createElement('canvas');
  picture.width = width;
  picture.height = height;
  return { memory: new ImageData(width, height), picture };
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
  if (drawable.slice?.missing.length) {
    hatch(context, drawable.slice.missing, ratio);
  }
  canvas.dataset.plane = drawable.drawnPlane?.at.join(',') ?? '';
}

/** Marks what was never written: no value, however dark, looks like it. */
function hatch(
  context: CanvasRenderingContext2D,
  missing: ISlice['missing'],
  ratio: number
): void {
  const tile = document.createElement('canvas');
  tile.width = tile.height = Math.round(8 * ratio);
  const lines = tile.getContext('2d')!;
  lines.strokeStyle = 'rgb(128 128 128 / 60%)';
  lines.lineWidth = ratio;
  lines.beginPath();
  lines.moveTo(0, tile.height);
  lines.lineTo(tile.width, 0);
  lines.stroke();
  const pattern = context.createPattern(tile, 'repeat')!;
  const corners = (x: number, y: number): IPoint => {
    const { a, b, c, d, e, f } = context.getTransform();
    return { x: a * x + c * y + e, y: b * x + d * y + f };
  };
  const areas = missing.map(([top, bottom, left, right]) => [
    corners(left, top),
    corners(right, bottom)
  ]);
  context.resetTransform();
  context.fillStyle = pattern;
  for (const [from, to] of areas) {
    context.fillRect(from.x, from.y, to.x - from.x, to.y - from.y);
  }
}
