import { Dialog, Notification, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IJob, IJobData, SavuClient } from '../api';
import type { JobsModel } from './model';
import { secondsBetween } from './states';
import type { JobWords } from './words';

/** Seconds of work that are not thrown away without asking. */
const PRECIOUS = 60;

type IActsClient = Pick<
  SavuClient,
  'runAgain' | 'resume' | 'jobData' | 'deleteJobData'
>;

/** What is done with jobs beside submitting them; asks first, and shows what fails. */
export class JobActs {
  constructor(
    private _model: JobsModel,
    private _client: IActsClient,
    private _words: JobWords,
    private _trans: TranslationBundle
  ) {}

  /** The new job, which does the same. */
  runAgain({ id }: IJob): Promise<IJob | null> {
    return this._try(async () => {
      const job = await this._client.runAgain(id);
      this._model.add(job);
      return job;
    });
  }

  /** The new job, which goes on in the same folder. */
  resume({ id }: IJob): Promise<IJob | null> {
    return this._try(async () => {
      const job = await this._client.resume(id);
      this._model.add(job);
      return job;
    });
  }

  async confirmCancel(job: IJob): Promise<boolean> {
    const trans = this._trans;
    const done = secondsBetween(job.started, null, Date.now()) ?? 0;
    if (done < PRECIOUS) {
      return true;
    }
    return confirmed(
      trans.__('Cancel %1?', this._words.name(job)),
      trans.__(
        'It has run for %1. What it has written so far stays in its folder.',
        this._words.duration(done)
      ),
      trans.__('Keep it running'),
      trans.__('Cancel job')
    );
  }

  /** Takes a job off the list; whether that was done. */
  async remove(job: IJob): Promise<boolean> {
    const trans = this._trans;
    const sure = await confirmed(
      trans.__('Remove %1 from the list?', this._words.name(job)),
      trans.__(
        'The job is not listed any more. Its results stay in the folder %1.',
        job.folder.path
      ),
      trans.__('Keep it'),
      trans.__('Remove from the list')
    );
    const removed =
      sure &&
      (await this._try(async () => {
        await this._model.remove(job.id);
        return true;
      }));
    return removed === true;
  }

  async deleteData(job: IJob): Promise<void> {
    const trans = this._trans;
    const data = await this._try(() => this._client.jobData(job.id));
    if (!data || !(await this._confirmDelete(job, data))) {
      return;
    }
    await this._try(async () => {
      const { folder } = await this._client.deleteJobData(job.id, data.hash);
      await this._model.refreshJob(job.id);
      Notification.info(
        folder
          ? trans.__('The data of the job are in %1 now.', folder.path)
          : trans.__('The data of the job are in the trash.'),
        { autoClose: 8000 }
      );
      return true;
    });
  }

  private _confirmDelete(job: IJob, data: IJobData): Promise<boolean> {
    const trans = this._trans;
    return confirmed(
      trans.__('Delete the data of %1?', this._words.name(job)),
      trans._n(
        '%2 with %1 file, %3, goes: results, log and the list as it ran. The scan stays.',
        '%2 with %1 files, %3, goes: results, log and the list as it ran. The scan stays.',
        data.files,
        data.folder.path,
        this._words.size(data.size)
      ),
      trans.__('Keep the data'),
      trans.__('Delete the data')
    );
  }

  private async _try<T>(act: () => Promise<T>): Promise<T | null> {
    try {
      return await act();
    } catch (error) {
      Notification.error(
        error instanceof Error ? error.message : String(error),
        { autoClose: false }
      );
      return null;
    }
  }
}

async function confirmed(
  title: string,
  body: string,
  keep: string,
  go: string
): Promise<boolean> {
  const { button } = await showDialog({
    title,
    body,
    buttons: [
      Dialog.cancelButton({ label: keep }),
      Dialog.warnButton({ label: go })
    ],
    // What is lost is not lost by pressing Enter.
    defaultButton: 0
  });
  return button.accept;
}
