import type { IRunningSessionManagers } from '@jupyterlab/running';
import type { TranslationBundle } from '@jupyterlab/translation';
import { closeIcon } from '@jupyterlab/ui-components';

import type { IJob } from '../api';
import { stateIcon } from './icons';
import type { SavuJobs } from './service';
import { isFinal } from './states';
import type { JobWords } from './words';

/** Lists the active jobs among all that runs on the server. */
export function addRunningSection(
  managers: IRunningSessionManagers,
  jobs: SavuJobs,
  words: JobWords,
  trans: TranslationBundle,
  showJob: (job: IJob) => void
): void {
  const active = () => jobs.jobs.filter(job => !isFinal(job));
  managers.add({
    name: trans.__('Savu jobs'),
    running: () =>
      active().map(job => ({
        label: () => `${words.name(job)}, ${words.percent(job.progress)}`,
        labelTitle: () => words.status(job, jobs.queues, Date.now()),
        icon: () => stateIcon(job),
        open: () => showJob(job),
        shutdown: () => void jobs.cancel(job.id)
      })),
    shutdownAll: () => active().forEach(job => void jobs.cancel(job.id)),
    refreshRunning: () => void jobs.model.refresh().catch(() => undefined),
    runningChanged: jobs.changed,
    shutdownLabel: trans.__('Cancel job'),
    shutdownItemIcon: closeIcon,
    shutdownAllLabel: trans.__('Cancel All'),
    shutdownAllConfirmationText: trans.__(
      'Are you sure that you want to cancel all jobs? What they have written so far stays.'
    )
  });
}
