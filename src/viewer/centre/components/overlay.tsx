import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import { type IPoint, View, WHOLE } from '../../slices/camera';
import { useSize } from '../../slices/components/hooks';
import { drawOverlay } from '../drawing';
import type { CentreFinder, IOverlay } from '../finder';
import type { Way } from '../mirroring';

interface IOverlayViewProps {
  finder: CentreFinder;
  overlay: IOverlay;
  way: Way;
  trans: TranslationBundle;
}

const UPRIGHT = { turns: 0, isFlipped: false, isStretched: false } as const;
const NEARER = 1.25;
const STEP = 0.5;
const FINE_STEP = 0.1;

/** Two opposite projections over each other, and the axis between them. */
export function OverlayView(props: IOverlayViewProps): JSX.Element {
  const { finder, overlay, way, trans } = props;
  const { centre, row, camera } = finder;
  const node = React.useRef<HTMLDivElement>(null);
  const size = useSize(node);
  const last = React.useRef<IPoint | null>(null);
  const [, height, width] = finder.volume.shape;
  const view = new View(
    { width, height },
    { width: size.width || 1, height: size.height || 1 },
    camera,
    UPRIGHT
  );
  useWheel(node, finder, view);

  const push = (event: React.PointerEvent) => {
    if (last.current) {
      const here = { x: event.clientX, y: event.clientY };
      const { x, y } = last.current;
      finder.camera = view.pushed(here.x - x, here.y - y);
      last.current = here;
    }
  };
  const keys: Record<string, (step: number) => void> = {
    ArrowLeft: step => (finder.centre = centre - step),
    ArrowRight: step => (finder.centre = centre + step),
    '0': () => (finder.camera = WHOLE),
    '+': () => (finder.camera = zoomed(view, NEARER)),
    '-': () => (finder.camera = zoomed(view, 1 / NEARER))
  };
  const onKey = (event: React.KeyboardEvent) => {
    const act = keys[event.key];
    if (act && !event.ctrlKey && !event.metaKey && !event.altKey) {
      act(event.shiftKey ? FINE_STEP : STEP);
      event.preventDefault();
      event.stopPropagation();
    }
  };
  // A pixel spans from its index to the next.
  const axis = view.toScreen({ x: centre + 0.5, y: 0 }).x;
  const level = view.toScreen({ x: 0, y: row + 0.5 }).y;
  return (
    <div
      ref={node}
      className="jp-SavuCentre-overlay"
      onKeyDown={onKey}
      onPointerDown={event => {
        last.current = { x: event.clientX, y: event.clientY };
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={push}
      onPointerUp={() => (last.current = null)}
      onPointerCancel={() => (last.current = null)}
      onDoubleClick={() => (finder.camera = WHOLE)}
    >
      <OverlayCanvas {...props} view={view} />
      {!finder.services.noTrials && (
        <div
          className="jp-SavuCentre-row"
          style={{ top: level }}
          aria-hidden="true"
        >
          <span>{trans.__('row %1', row)}</span>
        </div>
      )}
      <Axis
        finder={finder}
        trans={trans}
        left={axis}
        toColumn={x => view.toPlane({ x, y: 0 }).x - 0.5}
      />
      <p className="jp-SavuCentre-legend">{legend(overlay, way, trans)}</p>
      <p className="jp-SavuCentre-legend jp-mod-hint" aria-hidden="true">
        {trans.__('Drag the axis, or ← → (with Shift finer)')}
      </p>
    </div>
  );
}

function OverlayCanvas(props: IOverlayViewProps & { view: View }): JSX.Element {
  const { finder, overlay, way, view, trans } = props;
  const { centre } = finder;
  const canvas = React.useRef<HTMLCanvasElement>(null);
  const ratio = window.devicePixelRatio || 1;
  // Without dependencies: whatever changed is to be seen, once a frame.
  React.useEffect(() => {
    const frame = requestAnimationFrame(() => {
      if (canvas.current) {
        drawOverlay(canvas.current, overlay, centre, way, view);
        canvas.current.dataset.centre = String(centre);
      }
    });
    return () => cancelAnimationFrame(frame);
  });
  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label={
        way === 'difference'
          ? trans.__('Difference of two opposite projections')
          : trans.__('Two opposite projections in colours')
      }
      width={Math.round(view.screen.width * ratio)}
      height={Math.round(view.screen.height * ratio)}
    />
  );
}

interface IAxisProps {
  finder: CentreFinder;
  trans: TranslationBundle;
  /** Where it is on the screen. */
  left: number;
  /** The column at a position on the screen. */
  toColumn: (x: number) => number;
}

/** The axis, which can be dragged. */
function Axis({ finder, trans, left, toColumn }: IAxisProps): JSX.Element {
  const node = React.useRef<HTMLDivElement>(null);
  /** From the pointer to the axis, in pixels of the screen. */
  const grip = React.useRef<number | null>(null);
  React.useEffect(() => node.current?.focus({ preventScroll: true }), []);
  const move = (event: React.PointerEvent) => {
    if (grip.current !== null) {
      const column = toColumn(event.clientX + grip.current);
      finder.centre = Math.round(column / FINE_STEP) * FINE_STEP;
      event.stopPropagation();
    }
  };
  return (
    <div
      ref={node}
      className="jp-SavuCentre-axis"
      style={{ left }}
      role="slider"
      tabIndex={0}
      aria-label={trans.__('Axis of rotation')}
      aria-keyshortcuts="ArrowLeft ArrowRight Shift+ArrowLeft Shift+ArrowRight"
      aria-orientation="horizontal"
      aria-valuemin={0}
      aria-valuemax={finder.volume.shape[2] - 1}
      aria-valuenow={finder.centre}
      onPointerDown={event => {
        grip.current = left - event.clientX;
        event.currentTarget.setPointerCapture(event.pointerId);
        event.stopPropagation();
      }}
      onPointerMove={move}
      onPointerUp={() => (grip.current = null)}
      onPointerCancel={() => (grip.current = null)}
      onDoubleClick={event => event.stopPropagation()}
    />
  );
}

/** The wheel zooms, as there is nothing to step through. */
function useWheel(
  node: React.RefObject<HTMLElement>,
  finder: CentreFinder,
  view: View
): void {
  React.useEffect(() => {
    const element = node.current;
    const turn = (event: WheelEvent) => {
      event.preventDefault();
      const { left, top } = element!.getBoundingClientRect();
      const point = { x: event.clientX - left, y: event.clientY - top };
      const factor = event.deltaY < 0 ? NEARER : 1 / NEARER;
      finder.camera = view.zoomed(factor, point);
    };
    // React listens passively, and the page would scroll.
    element?.addEventListener('wheel', turn, { passive: false });
    return () => element?.removeEventListener('wheel', turn);
  });
}

function zoomed(view: View, factor: number) {
  const { width, height } = view.screen;
  return view.zoomed(factor, { x: width / 2, y: height / 2 });
}

function legend(
  { pair, isCorrected }: IOverlay,
  way: Way,
  trans: TranslationBundle
): string {
  const [one, other] = pair.angles.map(angle => `${Number(angle.toFixed(2))}°`);
  const seen =
    way === 'difference'
      ? trans.__('%1 minus %2 mirrored', one, other)
      : trans.__('%1 in red, %2 mirrored in cyan', one, other);
  return isCorrected ? seen : trans.__('%1, without a flat field', seen);
}
