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
import type { IRunnableList, ISavuJobs } from '../tokens';
import type { JobsModel } from './model';

/** What other areas do with jobs; failures are shown to the user. */
export class SavuJobs implements ISavuJobs {
  constructor(
    readonly model: JobsModel,
    private _client: Pick<SavuClient, 'submit'>
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

  /** A job was submitted from this page. */
  get submitted(): ISignal<SavuJobs, IJob> {
    return this._submitted;
  }

  /** A second click while the first is under way is the same submission. */
  submit(
    queue: string,
    list: IRunnableList,
    scan: IPlace
  ): Promise<IJob | null> {
    const click = JSON.stringify([queue, list.path, scan.root, scan.path]);
    let submission = this._underWay.get(click);
    if (!submission) {
      submission = this._submit(queue, list, scan).finally(() =>
        this._underWay.delete(click)
      );
      this._underWay.set(click, submission);
    }
    return submission;
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
    { root, path }: IPlace
  ): Promise<IJob | null> {
    try {
      const job = await this._client.submit({
        queue,
        list: { root: JUPYTER_ROOT, path: list.path, content: list.content },
        data: { root, path },
        key: UUID.uuid4()
      });
      this.model.add(job);
      this._submitted.emit(job);
      return job;
    } catch (error) {
      tell(error);
      return null;
    }
  }

  private _changed = new Signal<ISavuJobs, void>(this);
  private _submitted = new Signal<SavuJobs, IJob>(this);
  private _underWay = new Map<string, Promise<IJob | null>>();
}

function tell(error: unknown): void {
  Notification.error(error instanceof Error ? error.message : String(error), {
    autoClose: false
  });
}
