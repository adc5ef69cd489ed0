import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import { type IPoint, View, WHOLE } from '../camera';
import type { IDrawable } from '../drawable';
import type { SliceModel } from '../model';
import { planeShape } from '../planes';
import type { Rectangle } from '../values';
import { Canvas } from './canvas';
import { useSignal, useSize } from './hooks';
import { Overlay } from './overlay';
import { Readout } from './readout';
import { Remark } from './remark';

interface IPictureProps {
  model: SliceModel;
  trans: TranslationBundle;
  /** Keys that the picture does not know itself. */
  onKey: (event: React.KeyboardEvent) => void;
  /** What is drawn, the last uppermost; the model itself unless given. */
  layers?: readonly ILayer[];
  title?: string;
  /** What its colours mean, beside the title. */
  legend?: React.ReactNode;
  children?: React.ReactNode;
}

/** One of several pictures in the same place. */
export interface ILayer {
  drawable: IDrawable;
  style?: React.CSSProperties;
}

interface IDrag {
  from: IPoint;
  /** In the plane. */
  start: IPoint;
  last: IPoint;
}

const NEARER = 1.25;

/** The picture with its tools: push, zoom, step, draw a region or a line, read values. */
export function Picture(props: IPictureProps): JSX.Element {
  const { model, trans, onKey, title, children } = props;
  const layers = props.layers ?? [{ drawable: model }];
  useSignal(model.changed);
  const node = React.useRef<HTMLDivElement>(null);
  const size = useSize(node);
  const drag = React.useRef<IDrag | null>(null);
  const [cursor, setCursor] = React.useState<IPoint | null>(null);
  const [height, width] = planeShape(model.volume, model.plane);

  const view = React.useCallback(
    () =>
      new View(
        { width, height },
        { width: size.width || 1, height: size.height || 1 },
        model.camera,
        model.orientation
      ),
    [model, width, height, size.width, size.height]
  );
  useDetail(model, view);
  useWheel(node, model, view);

  const at = (event: React.PointerEvent): IPoint => {
    const { left, top } = node.current!.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };

  const begin = (event: React.PointerEvent) => {
    if (event.button !== 0) {
      return;
    }
    node.current?.setPointerCapture(event.pointerId);
    const from = at(event);
    drag.current = { from, start: view().toPlane(from), last: from };
  };

  const move = (event: React.PointerEvent) => {
    const here = at(event);
    setCursor(view().toPlane(here));
    const dragged = drag.current;
    if (!dragged) {
      return;
    }
    if (model.tool === 'pan') {
      const { last } = dragged;
      model.setCamera(view().pushed(here.x - last.x, here.y - last.y));
      dragged.last = here;
    } else if (distance(dragged.from, here) > 3) {
      draw(model, dragged.start, view().toPlane(here), { width, height });
    }
  };

  return (
    <div
      ref={node}
      className={`jp-SavuSlices-picture jp-mod-${model.tool}`}
      tabIndex={0}
      role="group"
      aria-label={title ?? trans.__('Picture')}
      aria-keyshortcuts="ArrowLeft ArrowRight Space R C P 0"
      onKeyDown={onKey}
      onPointerDown={begin}
      onPointerMove={move}
      onPointerUp={() => (drag.current = null)}
      onPointerCancel={() => (drag.current = null)}
      onPointerLeave={() => setCursor(null)}
      onDoubleClick={() => model.setCamera(WHOLE)}
    >
      {layers.map(({ drawable, style }, index) => (
        <Canvas
          key={index}
          drawable={drawable}
          style={style}
          size={size}
          view={view}
          label={title ?? trans.__('Slice of %1', model.volume.title)}
        />
      ))}
      <Overlay model={model} view={view} size={size} />
      {title && (
        <div className="jp-SavuSlices-top">
          <div className="jp-SavuSlices-title" title={title}>
            {title}
          </div>
          {props.legend}
        </div>
      )}
      <Readout
        model={model}
        drawables={layers.map(({ drawable }) => drawable)}
        cursor={cursor}
        trans={trans}
      />
      <Remark model={model} size={size} view={view} trans={trans} />
      {children}
    </div>
  );
}

/** Reads what is seen in detail when a movement has ended. */
function useDetail(model: SliceModel, view: () => View): void {
  React.useEffect(() => {
    const sharpen = () => void model.sharpen(view().visible());
    model.changed.connect(sharpen);
    sharpen();
    return () => {
      model.changed.disconnect(sharpen);
    };
  }, [model, view]);
}

/** The wheel steps through the slices; with Ctrl it zooms, as pinching does. */
function useWheel(
  node: React.RefObject<HTMLElement>,
  model: SliceModel,
  view: () => View
): void {
  React.useEffect(() => {
    const element = node.current;
    const turn = (event: WheelEvent) => {
      event.preventDefault();
      if (event.ctrlKey || event.metaKey) {
        const { left, top } = element!.getBoundingClientRect();
        const point = { x: event.clientX - left, y: event.clientY - top };
        const factor = event.deltaY < 0 ? NEARER : 1 / NEARER;
        model.setCamera(view().zoomed(factor, point));
      } else if (event.deltaY) {
        model.walk(Math.sign(event.deltaY) * (event.shiftKey ? 10 : 1));
      }
    };
    // React listens passively, and the page would scroll.
    element?.addEventListener('wheel', turn, { passive: false });
    return () => element?.removeEventListener('wheel', turn);
  }, [model, view]);
}

function draw(
  model: SliceModel,
  start: IPoint,
  end: IPoint,
  { width, height }: { width: number; height: number }
): void {
  const within = (value: number, most: number) =>
    Math.max(0, Math.min(most, value));
  if (model.tool === 'region') {
    const [top, bottom] = [start.y, end.y]
      .map(y => within(y, height))
      .sort((one, other) => one - other);
    const [left, right] = [start.x, end.x]
      .map(x => within(x, width))
      .sort((one, other) => one - other);
    const region: Rectangle = [
      Math.floor(top),
      Math.max(Math.floor(top) + 1, Math.ceil(bottom)),
      Math.floor(left),
      Math.max(Math.floor(left) + 1, Math.ceil(right))
    ];
    if (region[0] < height && region[2] < width) {
      model.region = region;
    }
  } else {
    // Lines go between the centres of pixels.
    const centre = ({ x, y }: IPoint) => [
      within(y - 0.5, height - 1),
      within(x - 0.5, width - 1)
    ];
    const [[row, column], [toRow, toColumn]] = [centre(start), centre(end)];
    model.line = [row, column, toRow, toColumn];
  }
}

function distance(one: IPoint, other: IPoint): number {
  return Math.hypot(one.x - other.x, one.y - other.y);
}
