import { Notification } from '@jupyterlab/apputils';
import { UUID } from '@lumino/coreutils';
import { type ISignal, Signal } from '@lumino/signaling';

import {
  type IJob,
  type IPlace,
  type IQueue,
  JUPYTER_ROOT,
  type SavuClient
} from '../api';
import type { IRunnableList, ISavuJobs, ISubmitOptions } from '../tokens';
import { type ISubmitForm, submissionOf } from './form';
import type { JobsModel } from './model';

/** What other areas do with jobs; failures are shown to the user. */
export class SavuJobs implements ISavuJobs {
  constructor(
    readonly model: JobsModel,
    private _client: Pick<SavuClient, 'submit' | 'submitMany'>
  ) {
    model.changed.connect(() => this._changed.emit());
  }

  get jobs(): readonly IJob[] {
    return this.model.jobs;
  }

  get queues(): readonly IQueue[] {
    return this.model.queues;
  }

  get changed(): ISignal<ISavuJobs, void> {
    return this._changed;
  }

  /** Whether who submitted a job tells of it. */
  isFollowed({ id }: IJob): boolean {
    return this._followed.has(id);
  }

  /** A job was submitted from this page. */
  get submitted(): ISignal<SavuJobs, IJob> {
    return this._submitted;
  }

  /** A second click while the first is under way is the same submission. */
  submit(
    queue: string,
    list: IRunnableList,
    scan: IPlace,
    options: ISubmitOptions = {}
  ): Promise<IJob | null> {
    const { root, path } = scan;
    const click = JSON.stringify([queue, list.path, root, path, options]);
    let submission = this._underWay.get(click);
    if (!submission) {
      submission = this._submit(queue, list, scan, options).finally(() =>
        this._underWay.delete(click)
      );
      this._underWay.set(click, submission);
    }
    return submission;
  }

  /** Runs a list on one scan or, as one group, on many; fails with what the server says. */
  async submitForm(list: IRunnableList, form: ISubmitForm): Promise<void> {
    const asked = {
      ...submissionOf(list, form, this.queues),
      key: UUID.uuid4()
    };
    const scans = [...form.scans];
    const jobs =
      scans.length === 1
        ? [await this._client.submit({ ...asked, data: scans[0] })]
        : (await this._client.submitMany({ ...asked, scans })).items;
    for (const job of jobs) {
      this.model.add(job);
      this._submitted.emit(job);
    }
  }

  async cancel(id: string): Promise<void> {
    try {
      await this.model.cancel(id);
    } catch (error) {
      tell(error);
    }
  }

  private async _submit(
    queue: string,
    list: IRunnableList,
    { root, path }: IPlace,
    { rows, isFollowed }: ISubmitOptions
  ): Promise<IJob | null> {
    try {
      const job = await this._client.submit({
        queue,
        list: { root: JUPYTER_ROOT, path: list.path, content: list.content },
        data: { root, path },
        ...(rows === undefined ? {} : { rows }),
        key: UUID.uuid4()
      });
      if (isFollowed) {
        this._followed.add(job.id);
      }
      this.model.add(job);
      if (!isFollowed) {
        this._submitted.emit(job);
      }
      return job;
    } catch (error) {
      tell(error);
      return null;
    }
  }

  private _changed = new Signal<ISavuJobs, void>(this);
  private _followed = new Set<string>();
  private _submitted = new Signal<SavuJobs, IJob>(this);
  private _underWay = new Map<string, Promise<IJob | null>>();
}

function tell(error: unknown): void {
  Notification.error(error instanceof Error ? error.message : String(error), {
    autoClose: false
  });
}
