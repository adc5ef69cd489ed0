import { ReactWidget } from '@jupyterlab/apputils';
import type { IStatusBar } from '@jupyterlab/statusbar';
import type { TranslationBundle } from '@jupyterlab/translation';
import { UseSignal } from '@jupyterlab/ui-components';
import React from 'react';

import type { IJob } from '../api';
import { jobsIcon } from './icons';
import type { JobsModel } from './model';
import { hasBegun, isFinal } from './states';

/** The jobs in the status bar, for when the panel is closed. */
export function addStatusItem(
  statusBar: IStatusBar,
  model: JobsModel,
  trans: TranslationBundle,
  onClick: () => void
): void {
  const item = ReactWidget.create(
    <UseSignal signal={model.changed}>
      {() => (
        <button
          className="jp-SavuJobs-statusItem"
          title={trans.__('Show the jobs')}
          onClick={onClick}
        >
          <jobsIcon.react tag="span" aria-hidden="true" />
          {summary(model.jobs, trans)}
        </button>
      )}
    </UseSignal>
  );
  item.addClass('jp-mod-highlighted');
  statusBar.registerStatusItem('jupyterlab-savu:jobs', {
    item,
    align: 'left',
    rank: 20
  });
}

/** How many jobs run and wait. */
export function summary(
  jobs: readonly IJob[],
  trans: TranslationBundle
): string {
  const active = jobs.filter(job => !isFinal(job));
  const running = active.filter(hasBegun).length;
  const waiting = active.length - running;
  return (
    [
      running > 0 && trans.__('%1 running', running),
      waiting > 0 && trans.__('%1 waiting', waiting)
    ]
      .filter(Boolean)
      .join(' · ') || trans.__('No job runs')
  );
}
