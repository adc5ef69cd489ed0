import type { TranslationBundle } from '@jupyterlab/translation';
import { closeIcon } from '@jupyterlab/ui-components';
import type { ISignal } from '@lumino/signaling';
import React from 'react';

import type { SliceModel } from '../model';
import { planeText, short } from '../planes';
import { Action } from './buttons';
import { Contrast } from './contrast';
import { useAnswer, useSignal } from './hooks';
import { LineFields, RegionFields } from './places';
import { ProfileChart } from './profile';

interface IPanelProps {
  model: SliceModel;
  trans: TranslationBundle;
  /** What can be done with a region; null where there is nothing. */
  regionActs: IRegionActs | null;
}

/** Something to do with the region that was drawn. */
export interface IRegionAct {
  label: string;
  /** What it would set, in words; null while that is not known. */
  hint: string | null;
  run: () => void;
}
export interface IRegionActs {
  /** Emitted whenever something else may be possible. */
  changed: ISignal<unknown, unknown>;
  of(model: SliceModel): IRegionAct | null;
}

/** Contrast, and the figures of what was drawn into the picture. */
export function Panel({ model, trans, regionActs }: IPanelProps): JSX.Element {
  return (
    <aside
      className="jp-SavuSlices-panel"
      aria-label={trans.__('Figures of the slice')}
    >
      <Contrast model={model} trans={trans} />
      <Figures model={model} trans={trans} regionActs={regionActs} />
      <Profile model={model} trans={trans} />
    </aside>
  );
}

/** Figures of the region, or of the whole slice. */
function Figures({ model, trans, regionActs }: IPanelProps): JSX.Element {
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
  // While they are not known, nothing below them moves.
  const told = (value?: number | null) =>
    value === undefined ? '…' : value === null ? '–' : short(value);
  const rows: [string, string][] = [
    [trans.__('Mean'), told(figures?.mean)],
    [trans.__('Deviation'), told(figures?.std)],
    [trans.__('Lowest'), told(figures?.min)],
    [trans.__('Highest'), told(figures?.max)]
  ];
  if (figures?.not_finite) {
    rows.push([trans.__('No numbers'), String(figures.not_finite)]);
  }
  const isRegion = region !== null || model.tool === 'region';
  return (
    <section>
      <Heading
        text={isRegion ? trans.__('Region') : trans.__('Slice')}
        hint={trans.__('Clear the region')}
        onClear={region && (() => (model.region = null))}
      />
      {isRegion && <RegionFields model={model} trans={trans} />}
      <dl aria-live="polite">
        {rows.map(([name, value]) => (
          <React.Fragment key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </React.Fragment>
        ))}
      </dl>
      {region && regionActs && <ActOnRegion model={model} acts={regionActs} />}
    </section>
  );
}

/** What the region can become, now that the list in use is as it is. */
function ActOnRegion({
  model,
  acts
}: {
  model: SliceModel;
  acts: IRegionActs;
}): JSX.Element | null {
  useSignal(acts.changed);
  const act = acts.of(model);
  return (
    act && (
      <div className="jp-SavuSlices-act">
        {act.hint && <code>{act.hint}</code>}
        <button className="jp-SavuButton jp-mod-primary" onClick={act.run}>
          {act.label}
        </button>
      </div>
    )
  );
}

function Profile({
  model,
  trans
}: Omit<IPanelProps, 'regionActs'>): JSX.Element | null {
  useSignal(model.changed);
  const { line, tool } = model;
  const plane = model.drawnPlane;
  const profile = useAnswer(
    () =>
      line && plane
        ? model.source.profile(model.volume.path, plane, line)
        : null,
    [plane && planeText(plane), line, versionOf(model)].join('|')
  );
  if (!line && tool !== 'profile') {
    return null;
  }
  return (
    <section>
      <Heading
        text={trans.__('Profile')}
        hint={trans.__('Clear the line')}
        onClear={line && (() => (model.line = null))}
      />
      <LineFields model={model} trans={trans} />
      {profile && <ProfileChart profile={profile} trans={trans} />}
    </section>
  );
}

interface IHeadingProps {
  text: string;
  hint: string;
  /** Null while there is nothing to clear. */
  onClear: (() => void) | null;
}

function Heading({ text, hint, onClear }: IHeadingProps): JSX.Element {
  return (
    <div className="jp-SavuSlices-heading">
      <h3>{text}</h3>
      {onClear && (
        <Action label={hint} hint={hint} icon={closeIcon} onClick={onClear} />
      )}
    </div>
  );
}

/** What changes with the values of the slice; of one that is complete nothing does. */
function versionOf({ growth, slice }: SliceModel): string | undefined {
  const isComplete = growth?.written !== null && !slice?.missing.length;
  return isComplete ? undefined : growth?.version;
}
