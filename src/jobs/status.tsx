import { ReactWidget } from '@jupyterlab/apputils';
import type { IStatusBar } from '@jupyterlab/statusbar';
import type { TranslationBundle } from '@jupyterlab/translation';
import { UseSignal } from '@jupyterlab/ui-components';
import React from 'react';

import { jobsIcon } from './icons';
import type { JobsModel } from './model';
import type { JobWords } from './words';

/** The jobs in the status bar, for when the panel is closed. */
export function addStatusItem(
  statusBar: IStatusBar,
  model: JobsModel,
  words: JobWords,
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
          {words.summary(model.jobs)}
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
