import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { IJob } from '../../../api';
import type { CentreFinder } from '../finder';
import { around, centresOf, type IRange } from '../range';
import { NumberField } from '../../slices/components/numberField';

interface ITryingProps {
  finder: CentreFinder;
  trans: TranslationBundle;
}

/** Halves of the reach and the step of the range at each closer look. */
const CLOSER = 4;

/** Asks which centres to try on which row, and tells how far that is. */
export function Trying({ finder, trans }: ITryingProps): JSX.Element {
  const { trials, services, row, volume } = finder;
  const [range, setRange] = React.useState<IRange | null>(null);
  const { start, stop, step } = range ?? around(finder.centre);
  const shown = { start, stop, step };
  const centres = centresOf(shown);
  const { isPossible, told } = services.running();
  const change = (part: Partial<IRange>) => setRange({ ...shown, ...part });
  const closer = () => {
    const finer = Math.max(0.1, Math.round((step / CLOSER) * 10) / 10);
    setRange({
      start: finder.centre - CLOSER * finer,
      stop: finder.centre + CLOSER * finer,
      step: finer
    });
  };
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
        <label>
          {trans.__('from')}
          <NumberField
            label={trans.__('First centre')}
            value={start}
            onChange={value => change({ start: value })}
          />
        </label>
        <label>
          {trans.__('to')}
          <NumberField
            label={trans.__('Last centre')}
            value={stop}
            onChange={value => change({ stop: value })}
          />
        </label>
        <label>
          {trans.__('by')}
          <NumberField
            label={trans.__('Step between centres')}
            value={step}
            onChange={value => change({ step: value })}
          />
        </label>
        <button
          className="jp-SavuButton"
          title={trans.__('A smaller range around the axis')}
          onClick={closer}
        >
          {trans.__('Closer')}
        </button>
        <button
          className="jp-SavuButton jp-mod-outlined"
          disabled={obstacle !== null || trials.isBusy}
          onClick={() => centres && void trials.start(row, centres)}
        >
          {centres
            ? trans.__('Try %1 centres', centres.length)
            : trans.__('Try centres')}
        </button>
      </div>
      {obstacle && <p role="status">{obstacle}</p>}
      {trials.isBusy && (
        <Progress job={trials.job} finder={finder} trans={trans} />
      )}
      {!trials.isBusy && <Trouble finder={finder} trans={trans} />}
    </div>
  );
}

function Progress(props: ITryingProps & { job: IJob | null }): JSX.Element {
  const { job, finder, trans } = props;
  const percent = Math.round((job?.progress ?? 0) * 100);
  const step = job?.steps.find(({ state }) => state === 'running');
  return (
    <div className="jp-SavuCentre-progress" role="status">
      <progress
        max={100}
        value={job ? percent : undefined}
        aria-label={trans.__('Progress of the trials')}
      />
      <span>{words(job, step?.name ?? null, trans)}</span>
      <button className="jp-SavuButton" onClick={() => finder.trials.cancel()}>
        {trans.__('Cancel')}
      </button>
    </div>
  );
}

function words(
  job: IJob | null,
  step: string | null,
  trans: TranslationBundle
): string {
  switch (job?.state) {
    case undefined:
    case 'created':
      return trans.__('Sending…');
    case 'queued':
      return trans.__('Waiting on %1', job!.queue);
    case 'succeeded':
    case 'finishing':
      return trans.__('Reading the pictures…');
    default:
      return step ?? trans.__('Starting…');
  }
}

/** Why the last trial has brought no pictures. */
function Trouble({ finder, trans }: ITryingProps): JSX.Element | null {
  const { job, trouble } = finder.trials;
  const isFailed = job?.state === 'failed';
  if (!job || (!isFailed && trouble === null)) {
    return null;
  }
  const why = isFailed
    ? (job.message ?? trans.__('The job has failed.'))
    : trouble instanceof Error
      ? trouble.message
      : String(trouble);
  return (
    <div className="jp-SavuCentre-progress" role="alert">
      <span>
        {trans.__(
          'There are no pictures: %1 The process list is as it was.',
          why
        )}
      </span>
      <button
        className="jp-SavuButton jp-mod-outlined"
        onClick={() => finder.services.showJob(job.id)}
      >
        {trans.__('Show job')}
      </button>
    </div>
  );
}
