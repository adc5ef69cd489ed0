import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { IJob } from '../../../api';
import type { CentreFinder } from '../finder';

interface IProgressProps {
  finder: CentreFinder;
  trans: TranslationBundle;
}

/** How far the trials are, or why there are none, over the picture. */
export function Progress(props: IProgressProps): JSX.Element | null {
  return props.finder.trials.isBusy ? (
    <Bar {...props} />
  ) : (
    <Trouble {...props} />
  );
}

function Bar({ finder, trans }: IProgressProps): JSX.Element {
  const { job } = finder.trials;
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
function Trouble({ finder, trans }: IProgressProps): JSX.Element | null {
  const { job, trouble } = finder.trials;
  const isFailed = job?.state === 'failed';
  if (!job || (!isFailed && trouble === null)) {
    return null;
  }
  const why = isFailed ? job.message : (trouble as Error).message;
  return (
    <div className="jp-SavuCentre-progress" role="alert">
      <span>
        <b>{trans.__('No trial was made.')}</b> {why}{' '}
        {trans.__('The process list is as it was.')}
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
