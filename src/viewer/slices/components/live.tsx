import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { IGrowth, IVolume } from '../../../api';
import { GrowthWatch } from '../growth';
import type { SliceModel } from '../model';
import { useSignal } from './hooks';

/** What is known of the job that makes a file. */
export interface IRun {
  /** Changes whenever the job gets further. */
  key: string;
  state: 'active' | 'succeeded' | 'cancelled' | 'failed';
  /** Another run of the same list on the same scan that was started since. */
  newer: { label: string; open: (() => void) | null } | null;
}

interface IWatchedProps {
  model: SliceModel;
  run: IRun | null;
}

interface ILiveNoteProps extends IWatchedProps {
  trans: TranslationBundle;
}

/** How far the volume is, while it is not complete, and whether there is a newer one. */
export function LiveNote({
  model,
  run,
  trans
}: ILiveNoteProps): JSX.Element | null {
  const node = useWatch(model, run);
  const text = progress(model, run, trans);
  const isLive = run?.state === 'active';
  return (
    <div className="jp-SavuSlices-live" ref={node}>
      {text && (
        <span role="status" data-live={isLive}>
          {text}
        </span>
      )}
      {run?.newer && !run.newer.open && <span>{run.newer.label}</span>}
      {run?.newer?.open && (
        <button
          className="jp-SavuButton"
          title={trans.__('Show what it has made so far')}
          onClick={run.newer.open}
        >
          {run.newer.label}
        </button>
      )}
    </div>
  );
}

/** Keeps a view current that is compared with another. */
export function Watched({ model, run }: IWatchedProps): JSX.Element {
  return <span ref={useWatch(model, run)} />;
}

/** Follows how far a volume is, as long as somebody sees the element. */
function useWatch(
  model: SliceModel,
  run: IRun | null
): React.RefObject<HTMLDivElement> {
  useSignal(model.changed);
  const node = React.useRef<HTMLDivElement>(null);
  const watch = React.useRef<GrowthWatch | null>(null);
  const isActive = React.useRef(false);
  isActive.current = run?.state === 'active';
  React.useEffect(() => {
    if (!model.source.growth) {
      return;
    }
    const started = new GrowthWatch(model, {
      isActive: () => isActive.current,
      isSeen: () => (node.current?.getClientRects().length ?? 0) > 0
    });
    watch.current = started;
    return () => started.dispose();
  }, [model]);
  React.useEffect(() => {
    // What is complete is not asked for again, however far other steps are.
    if (!isComplete(model.growth)) {
      watch.current?.refresh();
    }
  }, [run?.key]);
  return node;
}

function isComplete(growth: IGrowth | null): boolean {
  return growth !== null && growth.of !== null && growth.written === growth.of;
}

/** What to say of a volume; null when it is complete, or nothing hints that it is not. */
function progress(
  { growth, slice, volume }: SliceModel,
  run: IRun | null,
  trans: TranslationBundle
): string | null {
  if (!growth || isComplete(growth)) {
    return null;
  }
  if (growth.written === null || growth.of === null) {
    if (run?.state === 'active') {
      return trans.__('Being written; nobody says how far');
    }
    return slice?.missing.length
      ? trans.__('Parts of this slice were never written')
      : null;
  }
  const count = counted(growth, volume, trans);
  switch (run?.state) {
    case 'active':
      return trans.__('Live: %1', count);
    case 'cancelled':
      return trans.__('Cancelled after %1', count);
    case 'failed':
      return trans.__('Failed after %1', count);
    default:
      return trans.__('Written: %1', count);
  }
}

function counted(
  { written, of, axis }: IGrowth,
  volume: IVolume,
  trans: TranslationBundle
): string {
  if (axis === null) {
    return trans.__('%1 of %2 chunks', written, of);
  }
  const isRows = /_y$/.test(volume.axes[axis].name ?? '') || axis === 1;
  return isRows
    ? trans.__('%1 of %2 rows', written, of)
    : trans.__('%1 of %2 frames', written, of);
}
