import { Debouncer } from '@lumino/polling';
import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';

import type { IJob, IJobEvent, IJobPage, IQueue, SavuClient } from '../api';
import { isFinal } from './states';

/** The Jupyter event that tells of a job. */
export const JOB_EVENT = 'urn:jupyterlab-savu:job';

/** Jobs of a page; what is older has mostly ended, and is read once. */
export const NEWEST = 500;
const OLDER = 1000;

type IJobsClient = Pick<
  SavuClient,
  'jobs' | 'job' | 'queues' | 'cancel' | 'removeJob'
>;
type EventStream = ISignal<unknown, { schema_id: string }>;

/**
 * The user's jobs as the server has them.
 *
 * Events bring changes at once but may be lost, so that they are numbered: a gap leads to a
 * new snapshot, which is the truth.
 */
export class JobsModel implements IDisposable {
  constructor(
    private _client: IJobsClient,
    private _stream: EventStream
  ) {
    this._stream.connect(this._onEmission, this);
  }

  /** Newest first. */
  get jobs(): readonly IJob[] {
    return this._sorted;
  }

  get queues(): readonly IQueue[] {
    return this._queues;
  }

  /** Whether a first snapshot has come. */
  get isReady(): boolean {
    return this._isReady;
  }

  /** Why the last snapshot failed; null when what is shown is current. */
  get trouble(): string | null {
    return this._trouble;
  }

  get changed(): ISignal<JobsModel, void> {
    return this._changed;
  }

  /** A job that was seen alive has ended. */
  get ended(): ISignal<JobsModel, IJob> {
    return this._ended;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._queueRefresh.dispose();
      Signal.clearData(this);
    }
  }

  job(id: string): IJob | undefined {
    return this._jobs.get(id);
  }

  /** Adds what a submission answered, unless an event was quicker. */
  add(job: IJob): void {
    if (!this._jobs.has(job.id)) {
      this._put(job);
      this._update();
    }
  }

  /** Takes a job off the list of jobs; its data stay. */
  async remove(id: string): Promise<void> {
    await this._client.removeJob(id);
    this._jobs.delete(id);
    this._update();
  }

  /** Asks for one job, after something was done with it. */
  async refreshJob(id: string): Promise<void> {
    this._put(await this._client.job(id));
    this._update();
  }

  async cancel(id: string): Promise<void> {
    this._put(await this._client.cancel(id));
    this._update();
  }

  /** Takes a snapshot; requests during one lead to one more. */
  refresh(): Promise<void> {
    if (this._refreshing) {
      this._again ??= this._refreshing.then(
        () => this._start(),
        () => this._start()
      );
      return this._again;
    }
    return this._start();
  }

  private _start(): Promise<void> {
    this._again = null;
    this._refreshing = this._snapshot().finally(() => {
      this._refreshing = null;
    });
    return this._refreshing;
  }

  private async _snapshot(): Promise<void> {
    this._duringSnapshot = [];
    try {
      const [page, queues] = await Promise.all([
        this._client.jobs({ limit: NEWEST }),
        this._client.queues()
      ]);
      const old = this._jobs;
      this._jobs = new Map(page.items.map(job => [job.id, job]));
      this._keepOlder(page, old);
      this._sequence = page.sequence;
      this._queues = queues;
      this._isReady = true;
      this._trouble = null;
      const ended = page.items.filter(job => hasEnded(old.get(job.id), job));
      for (const event of this._duringSnapshot) {
        this._apply(event);
      }
      this._update();
      ended.forEach(job => this._tellEnd(job));
    } catch (error) {
      this._trouble = error instanceof Error ? error.message : String(error);
      this._changed.emit();
      throw error;
    } finally {
      this._duringSnapshot = null;
    }
  }

  /** What the page does not reach is as it was, or is read now. */
  private _keepOlder({ items, next }: IJobPage, old: Map<string, IJob>): void {
    if (next === null) {
      return;
    }
    const oldest = items[items.length - 1].id;
    for (const [id, job] of old) {
      if (id < oldest) {
        this._jobs.set(id, job);
      }
    }
    if (!this._hasOlder) {
      this._hasOlder = true;
      // What cannot be read now is read with the next snapshot.
      void this._readOlder(next).catch(() => {
        this._hasOlder = false;
      });
    }
  }

  private async _readOlder(cursor: string): Promise<void> {
    let next: string | null = cursor;
    while (next && !this._isDisposed) {
      const page: IJobPage = await this._client.jobs({
        limit: OLDER,
        cursor: next
      });
      for (const job of page.items) {
        if (!this._jobs.has(job.id)) {
          this._jobs.set(job.id, job);
        }
      }
      next = page.next;
      this._update();
    }
  }

  private _onEmission(_: unknown, emission: { schema_id: string }): void {
    if (emission.schema_id !== JOB_EVENT) {
      return;
    }
    const event = emission as unknown as IJobEvent;
    this._duringSnapshot?.push(event);
    const gap = event.sequence > this._sequence + 1;
    if (this._apply(event)) {
      this._update();
    }
    if (gap && !this._duringSnapshot) {
      // A failure is told by `trouble`, and the next poll tries again.
      this.refresh().catch(() => undefined);
    }
  }

  private _apply({ sequence, job, removed }: IJobEvent): boolean {
    if (sequence <= this._sequence) {
      return false;
    }
    this._sequence = sequence;
    if (job) {
      this._put(job);
    } else if (removed) {
      this._jobs.delete(removed);
    }
    return true;
  }

  private _put(job: IJob): void {
    const old = this._jobs.get(job.id);
    this._jobs.set(job.id, job);
    if (old?.state !== job.state) {
      void this._queueRefresh.invoke();
    }
    if (hasEnded(old, job)) {
      this._tellEnd(job);
    }
  }

  /** Once a job, also when an old snapshot has set it back meanwhile. */
  private _tellEnd(job: IJob): void {
    if (!this._told.has(job.id)) {
      this._told.add(job.id);
      this._ended.emit(job);
    }
  }

  private async _refreshQueues(): Promise<void> {
    try {
      this._queues = await this._client.queues();
      this._changed.emit();
    } catch {
      // The numbers of the queues are an ornament; the next snapshot brings them.
    }
  }

  private _update(): void {
    this._sorted = [...this._jobs.values()].sort((one, other) =>
      one.id < other.id ? 1 : -1
    );
    this._changed.emit();
  }

  private _again: Promise<void> | null = null;
  private _changed = new Signal<JobsModel, void>(this);
  private _duringSnapshot: IJobEvent[] | null = null;
  private _hasOlder = false;
  private _ended = new Signal<JobsModel, IJob>(this);
  private _isDisposed = false;
  private _isReady = false;
  private _jobs = new Map<string, IJob>();
  private _queueRefresh = new Debouncer(() => this._refreshQueues(), 300);
  private _queues: readonly IQueue[] = [];
  private _refreshing: Promise<void> | null = null;
  private _sequence = 0;
  private _sorted: readonly IJob[] = [];
  private _told = new Set<string>();
  private _trouble: string | null = null;
}

function hasEnded(old: IJob | undefined, job: IJob): boolean {
  return old !== undefined && !isFinal(old) && isFinal(job);
}
