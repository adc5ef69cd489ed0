import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { CentreFinder } from '../finder';
import { around, centresOf, closerThan, type IRange } from '../range';
import type { INoTrials } from '../services';
import { NumberField } from '../../slices/components/numberField';

interface ITryingProps {
  finder: CentreFinder;
  trans: TranslationBundle;
}

/** Asks which centres to try on which row. */
export function Trying({ finder, trans }: ITryingProps): JSX.Element {
  const { trials, services, row, volume } = finder;
  const [range, setRange] = React.useState<IRange | null>(null);
  const { start, stop, step } = range ?? around(finder.centre);
  const shown = { start, stop, step };
  const centres = centresOf(shown);
  const { isPossible, told } = services.running();
  const ends: [string, string, keyof IRange, number][] = [
    [trans.__('from'), trans.__('First centre'), 'start', start],
    [trans.__('to'), trans.__('Last centre'), 'stop', stop],
    [trans.__('by'), trans.__('Step between centres'), 'step', step]
  ];
  const closer = () => setRange(around(finder.centre, closerThan(step)));
  const obstacle = isPossible
    ? centres
      ? null
      : trans.__('Choose a range of 2 to 40 centres.')
    : told || trans.__('Jobs or process lists are switched off.');
  return (
    <div className="jp-SavuCentre-trying">
      <div
        className="jp-SavuCentre-range"
        role="group"
        aria-label={trans.__('Reconstruct a row around several centres')}
      >
        <label className="jp-SavuCentre-rowField">
          {trans.__('Row')}
          <input
            type="range"
            aria-label={trans.__('Row to reconstruct')}
            min={0}
            max={volume.shape[1] - 1}
            value={row}
            onChange={event => (finder.row = Number(event.target.value))}
          />
          <NumberField
            label={trans.__('Number of the row')}
            value={row}
            onChange={value => (finder.row = value)}
          />
        </label>
        {ends.map(([label, name, part, value]) => (
          <label key={part}>
            {label}
            <NumberField
              label={name}
              value={value}
              onChange={typed => setRange({ ...shown, [part]: typed })}
            />
          </label>
        ))}
        <button
          className="jp-SavuButton"
          title={trans.__('A smaller range around the axis')}
          onClick={closer}
        >
          {trans.__('Closer')}
        </button>
        <button
          className="jp-SavuButton jp-mod-outlined"
          aria-label={trans.__('Try %1 centres', centres?.length ?? 0)}
          title={trans.__(
            'Reconstruct the row around each of these centres, on the preview queue'
          )}
          disabled={obstacle !== null || trials.isBusy}
          onClick={() => centres && void trials.start(row, centres)}
        >
          {trans.__('Try %1', centres?.length ?? '')}
        </button>
      </div>
      {obstacle && <p role="status">{obstacle}</p>}
    </div>
  );
}

/** Says why no centres can be tried, and offers what changes that. */
export function NoTrials({ why, remedy }: INoTrials): JSX.Element {
  return (
    <div className="jp-SavuCentre-trying jp-SavuCentre-noTrials" role="note">
      <span>{why}</span>
      {remedy && (
        <button className="jp-SavuButton jp-mod-outlined" onClick={remedy.run}>
          {remedy.label}
        </button>
      )}
    </div>
  );
}
