import type { IJob, JobState } from '../../api';
import { matches, remainingSeconds } from '../states';
import { before, job, NOW, queue, words } from './jobs';

const QUEUES = [queue(), queue({ name: 'full', title: 'Full run' })];

const status = (changes: Partial<IJob>) =>
  words.status(job(changes), QUEUES, NOW);

const STEPS: IJob['steps'] = [
  { position: '1', name: 'NxtomoLoader', state: 'done', fraction: 1 },
  { position: '2', name: 'AstraReconCpu', state: 'running', fraction: 0.5 },
  { position: '3', name: 'Hdf5Saver', state: 'waiting', fraction: 0 }
];

it('tells memory as it is asked for', () => {
  expect([512, 1024, 4608].map(size => words.memory(size * 2 ** 20))).toEqual([
    '512 MiB',
    '1 GiB',
    '4.5 GiB'
  ]);
});

describe('what is told of a job', () => {
  it('is the step that runs and the time that is left', () => {
    expect(status({ steps: STEPS, progress: 0.75 })).toBe(
      '2/3 AstraReconCpu, ~20 s left'
    );
  });

  it('is no time while it cannot be told', () => {
    expect(status({ steps: STEPS, progress: 0.02 })).toBe('2/3 AstraReconCpu');
    expect(
      remainingSeconds(job({ progress: 0.5, stale_since: before(5) }), NOW)
    ).toBeNull();
  });

  it('is what it waits for', () => {
    expect(
      status({ state: 'queued', queue: 'full', message: 'resources' })
    ).toBe('waits on Full run: resources');
  });

  it('is when it was done and how long it took', () => {
    expect(
      status({
        state: 'succeeded',
        started: before(158),
        ended: before(120)
      })
    ).toBe('done 2 min ago, took 38 s');
  });

  it('is the reason of a failure in words, and what the server says about it', () => {
    const failed = job({
      state: 'failed',
      reason: 'OUT_OF_MEMORY',
      message: 'Ask for more than 4 GB.',
      started: before(180),
      ended: before(0)
    });
    expect(words.status(failed, QUEUES, NOW)).toBe(
      'out of memory after 3 min 0 s'
    );
    expect(words.advice(failed)).toBe('Ask for more than 4 GB.');
    expect(words.failureWithMessage(failed, NOW)).toBe(
      'out of memory after 3 min 0 s: Ask for more than 4 GB.'
    );
  });

  it('is what can be done about a failure, also when the server does not say', () => {
    expect(words.advice(job({ state: 'failed', reason: 'TIMEOUT' }))).toContain(
      'Ask for more time'
    );
  });

  it('is that nobody knows, when its back end cannot be reached', () => {
    expect(status({ state: 'running', stale_since: before(60) })).toMatch(
      /^not reachable since \d\d.*; last seen running$/
    );
  });
});

describe('times', () => {
  it.each([
    [0.4, '0 s'],
    [59, '59 s'],
    [61, '1 min 1 s'],
    [3599, '59 min'],
    [3600 + 720, '1 h 12 min']
  ])('of %d seconds are told as %s', (seconds, text) => {
    expect(words.duration(seconds)).toBe(text);
  });

  it.each([
    [3, 'just now'],
    [130, '2 min ago'],
    [7300, '2 h ago']
  ])('%d seconds ago are told as %s', (seconds, text) => {
    expect(words.ago(before(seconds), NOW)).toBe(text);
  });
});

describe('the room in the queues', () => {
  it('is told as free slots, or as how many wait', () => {
    expect(
      words.room([
        queue({ running: 1 }),
        queue({ name: 'full', title: 'Full', running: 2, waiting: 12 })
      ])
    ).toBe('Preview: 1 of 2 free · Full: 12 waiting');
  });

  it('says of a scheduler what it tells', () => {
    const far = { schedules: true, name: 'far', title: 'Far' };
    const availability = {
      idle: 3,
      total: 12,
      unit: 'CPUs',
      pending: 5,
      expected_start: null
    };
    expect(words.room([queue(far)])).toBe('Far');
    expect(words.room([queue({ ...far, availability })])).toBe(
      'Far: 3 of 12 free, 5 waiting'
    );
  });
});

describe('the jobs in a line', () => {
  it.each<[string, JobState[]]>([
    ['No job runs', ['succeeded', 'failed', 'cancelled']],
    ['2 running', ['running', 'finishing', 'succeeded']],
    ['1 running · 2 waiting', ['starting', 'created', 'queued']]
  ])('are "%s"', (text, states) => {
    expect(words.summary(states.map(state => job({ state })))).toBe(text);
  });
});

describe('the filter of the list', () => {
  it('takes what has not ended for active', () => {
    const states: JobState[] = ['created', 'running', 'failed', 'succeeded'];
    expect(states.filter(state => matches(job({ state }), 'active'))).toEqual([
      'created',
      'running'
    ]);
  });
});
