import type { IAsked, IOpening, Reply } from '../hdf5/messages';
import { type IWorker, WorkerLink } from '../link';

/** A worker that answers when the test says so. */
class HeldWorker implements IWorker {
  onmessage: IWorker['onmessage'] = null;
  onerror: IWorker['onerror'] = null;
  readonly received: (IOpening | IAsked)[] = [];
  isEnded = false;

  postMessage(message: IOpening | IAsked): void {
    this.received.push(message);
  }

  terminate(): void {
    this.isEnded = true;
  }

  get asked(): IAsked[] {
    return this.received.filter(message => 'question' in message);
  }

  reply(rest: { value: unknown } | Pick<Reply & object, never>): void {
    const { id } = this.asked[this.asked.length - 1];
    this.onmessage?.({ data: { id, ...rest } } as MessageEvent<Reply>);
  }
}

function setUp() {
  const workers: HeldWorker[] = [];
  const opening = { files: [], name: 'scan.nxs' };
  const link = new WorkerLink(() => {
    workers.push(new HeldWorker());
    return workers[workers.length - 1];
  }, opening);
  return { link, workers, opening };
}

it('starts a worker with the first question, and asks one after the other', async () => {
  const { link, workers, opening } = setUp();
  expect(workers).toHaveLength(0);
  const kind = link.ask('kind', []);
  const volumes = link.ask('volumes', []);
  const [worker] = workers;
  expect(worker.received[0]).toEqual(opening);
  expect(worker.asked.map(({ question }) => question)).toEqual(['kind']);
  worker.reply({ value: 'scan' });
  expect(await kind).toBe('scan');
  worker.reply({ value: [] });
  expect(await volumes).toEqual([]);
  expect(workers).toHaveLength(1);
});

it('never begins what nobody waits for any more', async () => {
  const { link, workers } = setUp();
  const first = link.ask('kind', []);
  const abort = new AbortController();
  const second = link.ask('volumes', [], abort.signal);
  const third = link.ask('paths', ['/']);
  abort.abort();
  await expect(second).rejects.toThrow();
  workers[0].reply({ value: 'scan' });
  await first;
  workers[0].reply({ value: ['/data'] });
  expect(await third).toEqual(['/data']);
  expect(workers[0].asked.map(({ question }) => question)).toEqual([
    'kind',
    'paths'
  ]);
});

it('starts another worker after one that broke down', async () => {
  const { link, workers } = setUp();
  const first = link.ask('kind', []);
  const fault = { reason: 'memory', message: 'out of memory' };
  workers[0].reply({ fault });
  await expect(first).rejects.toMatchObject(fault);
  expect(workers[0].isEnded).toBe(true);
  const second = link.ask('kind', []);
  workers[1].onerror?.(new ErrorEvent('error', { message: 'no such script' }));
  await expect(second).rejects.toMatchObject({
    reason: 'broken',
    message: 'no such script'
  });
  const third = link.ask('kind', []);
  workers[2].reply({ value: 'list' });
  expect(await third).toBe('list');
});

it('keeps the worker after what is only a wrong question', async () => {
  const { link, workers } = setUp();
  const first = link.ask('volume', ['/none']);
  workers[0].reply({ fault: { reason: 'missing', message: 'none' } });
  await expect(first).rejects.toMatchObject({ reason: 'missing' });
  expect(workers[0].isEnded).toBe(false);
});

it('ends the worker when the file is closed, and reads it again when asked', async () => {
  const { link, workers } = setUp();
  const pending = link.ask('kind', []);
  link.release();
  await expect(pending).rejects.toThrow('closed');
  expect(workers[0].isEnded).toBe(true);
  const again = link.ask('kind', []);
  workers[1].reply({ value: 'scan' });
  expect(await again).toBe('scan');
});
