import { type ISignal, Signal } from '@lumino/signaling';

import type { IProblem, IProcessList, IQueue } from '../api';
import type { ListEditor } from './editor';
import { markOf, marksOf } from './fields/marks';
import { FillRequest } from './fill-request';
import { queueFor, type Run } from './queues';

/** Runs the list of an editor as it is shown, saved or not. */
export class Running {
  constructor(private readonly _editor: ListEditor) {}

  /** What is filled in, for a run or in the list itself. */
  readonly fillIn = new FillRequest(() => {
    this._editor.overlay = 'fill';
    this._changed.emit();
  });

  /** Told when a job is being sent, and when it has been. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get queues(): readonly IQueue[] {
    return this._editor.services.jobs?.queues ?? [];
  }

  /** The queue of a button: the one of that name, or the nearest to it. */
  queueFor(run: Run): IQueue | null {
    return queueFor(this.queues, run);
  }

  /** The queues that a list can be run on in full. */
  get fullQueues(): readonly IQueue[] {
    const preview = this.queueFor('preview');
    return this.queues.filter(queue => queue !== preview);
  }

  /** Why the list cannot be run on a queue now; null when it can. */
  obstacle(queue: IQueue | null): string | null {
    const { services, list, scan, checks } = this._editor;
    const { trans, jobs } = services;
    if (!jobs) {
      return trans.__('Jobs are switched off in this JupyterLab.');
    }
    if (!queue) {
      return trans.__('The server offers no queue for this.');
    }
    if (list.length === 0) {
      return trans.__('The list is empty: add a plugin first.');
    }
    if (!scan) {
      return trans.__('Choose a scan first.');
    }
    // What is to be filled in is asked for when the run is started.
    const error = checks
      .problemsIn(queue)
      ?.find(
        ({ severity, ...one }) => severity === 'error' && !this._asks(one)
      );
    if (error) {
      return error.message;
    }
    return this._isSubmitting ? trans.__('The job is being sent.') : null;
  }

  /**
   * Runs the list on a queue. Where something is to be filled in, it is asked
   * for first.
   */
  async submit(queue: IQueue | null): Promise<void> {
    const { services, drafts, scan, path } = this._editor;
    const { jobs } = services;
    drafts.flush();
    if (this.obstacle(queue) !== null || !queue || !jobs || !scan) {
      return;
    }
    const content =
      this.marks > 0 ? await this.fillIn.ask(queue) : this._editor.content;
    if (!content) {
      return;
    }
    this._setSubmitting(true);
    try {
      await jobs.submit(queue.name, { path, content }, scan);
    } finally {
      this._setSubmitting(false);
    }
  }

  /** How many values are to be filled in before a run. */
  get marks(): number {
    return marksOf(this._editor.list.plugins).length;
  }

  /** The content with all that is to be filled in, for which it asks; null when it is not told. */
  async filled(): Promise<IProcessList | null> {
    const { drafts, services, path } = this._editor;
    drafts.flush();
    if (this.marks === 0) {
      return this._editor.content;
    }
    // Its tab may be behind others.
    services.documents?.openOrReveal(path);
    return this.fillIn.ask(null);
  }

  private _asks({
    plugin,
    parameter
  }: Pick<IProblem, 'plugin' | 'parameter'>): boolean {
    if (plugin === null || parameter === null) {
      return false;
    }
    const value = this._editor.list.plugins[plugin]?.parameters[parameter];
    return value !== undefined && markOf(value) !== null;
  }

  private _setSubmitting(value: boolean): void {
    this._isSubmitting = value;
    this._changed.emit();
  }

  private _isSubmitting = false;
  private readonly _changed = new Signal<this, void>(this);
}
