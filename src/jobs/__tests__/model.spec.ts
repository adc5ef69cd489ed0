import { Signal } from '@lumino/signaling';

import type { IJob, IJobPage, IQueue } from '../../api';
import { JOB_EVENT, JobsModel } from '../model';
import { job, queue } from './jobs';

const ONE = '20260301T115900-00000001';
const TWO = '20260301T120000-00000002';

/** A server whose answers the test decides. */
class Server {
  jobsNow: IJob[] = [];
  /** On the second page. */
  older: IJob[] = [];
  olderReads = 0;
  sequence = 10;
  snapshots = 0;
  /** While it is set, answers wait for it. */
  gate: Promise<void> | null = null;
  queuesNow: IQueue[] = [queue()];
  failure: Error | null = null;

  async jobs({ cursor }: { cursor?: string | null }): Promise<IJobPage> {
    if (cursor) {
      this.olderReads++;
      return { items: this.older, next: null, sequence: this.sequence };
    }
    this.snapshots++;
    const answer = {
      items: this.jobsNow,
      next: this.older.length > 0 ? this.jobsNow.slice(-1)[0].id : null,
      sequence: this.sequence
    };
    await this.gate;
    if (this.failure) {
      throw this.failure;
    }
    return answer;
  }
  async queues(): Promise<IQueue[]> {
    return this.queuesNow;
  }
  async job(id: string): Promise<IJob> {
    return this.jobsNow.find(job => job.id === id)!;
  }
  async removeJob(id: string): Promise<void> {
    this.jobsNow = this.jobsNow.filter(job => job.id !== id);
  }
  async cancel(id: string): Promise<IJob> {
    return job({ id, state: 'cancelled', reason: 'CANCELLED_BY_USER' });
  }
}

type Emission = { schema_id: string; [key: string]: unknown };

function setUp() {
  const server = new Server();
  const source = {};
  const stream = new Signal<object, Emission>(source);
  const model = new JobsModel(server, stream);
  const ended: string[] = [];
  model.ended.connect((_, { id }) => ended.push(id));
  const emit = (sequence: number, changed: IJob) =>
    stream.emit({ schema_id: JOB_EVENT, sequence, job: changed });
  return { server, model, emit, ended, stream };
}

/** All that was started in answer to an event has been done. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) {
    await Promise.resolve();
  }
}

describe('the jobs', () => {
  it('are what the server has, newest first', async () => {
    const { server, model } = setUp();
    server.jobsNow = [job({ id: ONE }), job({ id: TWO })];
    await model.refresh();
    expect(model.jobs.map(({ id }) => id)).toEqual([TWO, ONE]);
    expect(model.isReady).toBe(true);
  });

  it('follow the events without asking again', async () => {
    const { server, model, emit } = setUp();
    server.jobsNow = [job({ id: ONE })];
    await model.refresh();
    emit(11, job({ id: ONE, progress: 0.5 }));
    emit(12, job({ id: TWO }));
    expect(model.jobs.map(({ id }) => id)).toEqual([TWO, ONE]);
    expect(model.job(ONE)?.progress).toBe(0.5);
    await settle();
    expect(server.snapshots).toBe(1);
  });

  it('go when another page has removed them', async () => {
    const { server, model, stream } = setUp();
    server.jobsNow = [job({ id: ONE }), job({ id: TWO })];
    await model.refresh();
    stream.emit({ schema_id: JOB_EVENT, sequence: 11, removed: ONE });
    expect(model.jobs.map(({ id }) => id)).toEqual([TWO]);
  });

  it('are all there, and older ones are read once', async () => {
    const { server, model } = setUp();
    server.jobsNow = [job({ id: TWO })];
    server.older = [job({ id: ONE, state: 'succeeded' })];
    await model.refresh();
    await settle();
    expect(model.jobs.map(({ id }) => id)).toEqual([TWO, ONE]);
    await model.refresh();
    await settle();
    expect(model.jobs.map(({ id }) => id)).toEqual([TWO, ONE]);
    expect(server.olderReads).toBe(1);
  });

  it('go when they are removed here', async () => {
    const { server, model } = setUp();
    server.jobsNow = [job({ id: ONE }), job({ id: TWO })];
    await model.refresh();
    await model.remove(TWO);
    expect(model.jobs.map(({ id }) => id)).toEqual([ONE]);
    expect(server.jobsNow.map(({ id }) => id)).toEqual([ONE]);
  });

  it('do not go back when an event comes late', async () => {
    const { server, model, emit } = setUp();
    server.jobsNow = [job({ id: ONE, progress: 0.9 })];
    await model.refresh();
    emit(10, job({ id: ONE, progress: 0.1 }));
    expect(model.job(ONE)?.progress).toBe(0.9);
  });

  it('are asked for again when an event is missing', async () => {
    const { server, model, emit } = setUp();
    await model.refresh();
    server.jobsNow = [job({ id: ONE }), job({ id: TWO })];
    server.sequence = 12;
    emit(12, job({ id: TWO }));
    await settle();
    expect(server.snapshots).toBe(2);
    expect(model.jobs.map(({ id }) => id)).toEqual([TWO, ONE]);
  });

  it('keep what events told while a snapshot was under way', async () => {
    const { server, model, emit } = setUp();
    server.jobsNow = [job({ id: ONE, progress: 0.1 })];
    let open = () => {};
    server.gate = new Promise(resolve => {
      open = resolve;
    });
    const snapshot = model.refresh();
    emit(11, job({ id: ONE, progress: 0.7 }));
    open();
    await snapshot;
    expect(model.job(ONE)?.progress).toBe(0.7);
  });

  it('are asked for once more when that is wished during a snapshot', async () => {
    const { server, model } = setUp();
    await Promise.all([model.refresh(), model.refresh(), model.refresh()]);
    expect(server.snapshots).toBe(2);
  });

  it('do not listen to other events', async () => {
    const { server, model, stream } = setUp();
    await model.refresh();
    stream.emit({ schema_id: 'https://example.org/other', sequence: 99 });
    await settle();
    expect(server.snapshots).toBe(1);
    expect(model.jobs).toEqual([]);
  });

  it('stay on the screen, marked as old, when the server does not answer', async () => {
    const { server, model } = setUp();
    server.jobsNow = [job({ id: ONE })];
    await model.refresh();
    server.failure = new Error('The Jupyter server did not answer.');
    await expect(model.refresh()).rejects.toThrow();
    expect(model.trouble).toBe('The Jupyter server did not answer.');
    expect(model.jobs).toHaveLength(1);
    server.failure = null;
    await model.refresh();
    expect(model.trouble).toBeNull();
  });
});

describe('the end of a job', () => {
  it('is told once, by an event', async () => {
    const { server, model, emit, ended } = setUp();
    server.jobsNow = [job({ id: ONE })];
    await model.refresh();
    emit(11, job({ id: ONE, state: 'succeeded' }));
    server.jobsNow = [job({ id: ONE, state: 'succeeded' })];
    server.sequence = 11;
    await model.refresh();
    expect(ended).toEqual([ONE]);
  });

  it('is told once, by a snapshot', async () => {
    const { server, model, ended } = setUp();
    server.jobsNow = [job({ id: ONE })];
    await model.refresh();
    server.jobsNow = [job({ id: ONE, state: 'failed', reason: 'TIMEOUT' })];
    await model.refresh();
    await model.refresh();
    expect(ended).toEqual([ONE]);
  });

  it('is told once, though an older snapshot comes after its event', async () => {
    const { server, model, emit, ended } = setUp();
    server.jobsNow = [job({ id: ONE })];
    await model.refresh();
    let open = () => {};
    server.gate = new Promise(resolve => {
      open = resolve;
    });
    const snapshot = model.refresh();
    emit(11, job({ id: ONE, state: 'succeeded' }));
    open();
    await snapshot;
    expect(model.job(ONE)?.state).toBe('succeeded');
    expect(ended).toEqual([ONE]);
  });

  it('is not told of jobs that had ended before this page was opened', async () => {
    const { server, model, ended } = setUp();
    server.jobsNow = [job({ id: ONE, state: 'succeeded' })];
    await model.refresh();
    expect(ended).toEqual([]);
  });
});

describe('a submitted job', () => {
  it('is there at once', async () => {
    const { model } = setUp();
    await model.refresh();
    model.add(job({ id: ONE, state: 'created' }));
    expect(model.jobs.map(({ state }) => state)).toEqual(['created']);
  });

  it('is not set back when an event was quicker than the answer', async () => {
    const { model, emit } = setUp();
    await model.refresh();
    emit(11, job({ id: ONE, state: 'running' }));
    model.add(job({ id: ONE, state: 'created' }));
    expect(model.job(ONE)?.state).toBe('running');
  });

  it('is cancelled as the server says', async () => {
    const { server, model } = setUp();
    server.jobsNow = [job({ id: ONE })];
    await model.refresh();
    await model.cancel(ONE);
    expect(model.job(ONE)?.state).toBe('cancelled');
  });
});
