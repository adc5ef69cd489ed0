import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import { planeText, short } from '../planes';
import type { SliceModel } from '../model';
import { Contrast } from './contrast';
import { useAnswer, useSignal } from './hooks';
import { ProfileChart } from './profile';

interface IPanelProps {
  model: SliceModel;
  trans: TranslationBundle;
  /** What can be done with a region; null where there is nothing. */
  regionAct: RegionAct | null;
}

/** Something to do with the region that was drawn. */
export interface IRegionAct {
  label: string;
  /** What it would set, in words; null while that is not known. */
  hint: string | null;
  run: () => void;
}
export type RegionAct = (model: SliceModel) => IRegionAct | null;

/** Contrast, and the figures of what was drawn into the picture. */
export function Panel({ model, trans, regionAct }: IPanelProps): JSX.Element {
  return (
    <aside
      className="jp-SavuSlices-panel"
      aria-label={trans.__('Figures of the slice')}
    >
      <Contrast model={model} trans={trans} />
      <Figures model={model} trans={trans} regionAct={regionAct} />
      <Profile model={model} trans={trans} />
    </aside>
  );
}

/** Figures of the region, or of the whole slice. */
function Figures({ model, trans, regionAct }: IPanelProps): JSX.Element {
  useSignal(model.changed);
  const { region } = model;
  const plane = model.drawnPlane;
  const isAtRest = plane !== null && !model.slice?.scale;
  const figures = useAnswer(
    () =>
      isAtRest
        ? model.source.statistics(model.volume.path, plane, region)
        : null,
    [isAtRest && planeText(plane), region, versionOf(model)].join('|')
  );
  const act = region && regionAct?.(model);
  const rows: [string, string][] = figures
    ? [
        [trans.__('Mean'), figures.mean],
        [trans.__('Deviation'), figures.std],
        [trans.__('Lowest'), figures.min],
        [trans.__('Highest'), figures.max]
      ].map(([name, value]) => [
        String(name),
        value === null ? '–' : short(Number(value))
      ])
    : [];
  if (figures?.not_finite) {
    rows.push([trans.__('No numbers'), String(figures.not_finite)]);
  }
  return (
    <section>
      <h3>{region ? trans.__('Region') : trans.__('Slice')}</h3>
      {region && (
        <div className="jp-SavuSlices-region">
          <span>
            {trans.__(
              'rows %1–%2, columns %3–%4',
              region[0],
              region[1] - 1,
              region[2],
              region[3] - 1
            )}
          </span>
          <button
            className="jp-SavuButton"
            onClick={() => (model.region = null)}
          >
            {trans.__('Clear')}
          </button>
        </div>
      )}
      <dl aria-live="polite">
        {rows.map(([name, value]) => (
          <React.Fragment key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </React.Fragment>
        ))}
      </dl>
      {act && (
        <div className="jp-SavuSlices-act">
          {act.hint && <code>{act.hint}</code>}
          <button className="jp-SavuButton jp-mod-primary" onClick={act.run}>
            {act.label}
          </button>
        </div>
      )}
    </section>
  );
}

function Profile({
  model,
  trans
}: Omit<IPanelProps, 'regionAct'>): JSX.Element | null {
  useSignal(model.changed);
  const { line } = model;
  const plane = model.drawnPlane;
  const profile = useAnswer(
    () =>
      line && plane
        ? model.source.profile(model.volume.path, plane, line)
        : null,
    [plane && planeText(plane), line, versionOf(model)].join('|')
  );
  if (!line) {
    return null;
  }
  return (
    <section>
      <h3>{trans.__('Profile')}</h3>
      {profile && <ProfileChart profile={profile} trans={trans} />}
      <button className="jp-SavuButton" onClick={() => (model.line = null)}>
        {trans.__('Clear')}
      </button>
    </section>
  );
}

/** What changes with the values of the slice; of one that is complete nothing does. */
function versionOf({ growth, slice }: SliceModel): string | undefined {
  const isComplete = growth?.written !== null && !slice?.missing.length;
  return isComplete ? undefined : growth?.version;
}
