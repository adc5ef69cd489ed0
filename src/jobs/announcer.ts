import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IJob } from '../api';
import type { SavuJobs } from './service';
import { isFinal, isPreview } from './states';
import type { JobWords } from './words';

/** What the announcer makes others do. */
export interface IAnnouncerActions {
  openResult: (job: IJob) => void;
  showJob: (job: IJob) => void;
  /** Shows the result beside the list that made it, which keeps the focus. */
  showResultBeside: (job: IJob) => void;
}

/** Tells when jobs end, and shows the results of previews that were started on this page. */
export class Announcer {
  constructor(
    private _jobs: SavuJobs,
    private _actions: IAnnouncerActions,
    private _words: JobWords,
    private _trans: TranslationBundle
  ) {
    const { model } = _jobs;
    model.ended.connect((_, job) => {
      if (!_jobs.isFollowed(job)) {
        this._announce(job);
      }
    });
    _jobs.submitted.connect((_, submitted) => {
      this._own.add(submitted.id);
      // Events may be quicker than the answer to the submission.
      const job = model.job(submitted.id);
      if (job && isFinal(job)) {
        this._showResult(job);
      }
    });
  }

  private _announce(job: IJob): void {
    const trans = this._trans;
    const { openResult, showJob } = this._actions;
    const name = this._words.name(job);
    if (job.state === 'succeeded') {
      Notification.success(trans.__('%1 is done', name), {
        autoClose: 8000,
        actions: job.result
          ? [
              {
                label: trans.__('Open result'),
                callback: () => openResult(job)
              }
            ]
          : []
      });
      this._showResult(job);
    } else if (job.state === 'failed') {
      const why = this._words.failureWithMessage(job, Date.now());
      Notification.error(trans.__('%1: %2', name, why), {
        autoClose: false,
        actions: [{ label: trans.__('Show log'), callback: () => showJob(job) }]
      });
    }
  }

  /** Once a job, and only of those that this page submitted. */
  private _showResult(job: IJob): void {
    const queue = this._jobs.queues.find(({ name }) => name === job.queue);
    if (job.result && isPreview(queue) && this._own.delete(job.id)) {
      this._actions.showResultBeside(job);
    }
  }

  private _own = new Set<string>();
}
