import type { IJob, IJobRecord } from '../../api';
import { usageOf } from '../resources';
import { before, job, NOW } from './jobs';

const GIB = 2 ** 30;

function usage(
  changes: Partial<IJob>,
  resources: IJobRecord['resources'],
  shares = 1
) {
  return usageOf(
    job({ state: 'succeeded', ended: before(0), ...changes }),
    { resources, shares },
    NOW
  );
}

const used = (bytes: number) => ({ memory_used: String(bytes) });

describe('what a job asked for and used', () => {
  it('is in the same units', () => {
    const told = usage(
      { details: { ...used(GIB), nodes: 'c1' } },
      { memory: 2048, minutes: 3 }
    );
    expect(told.memory).toEqual({ asked: 2 * GIB, used: GIB, fit: 'fair' });
    expect(told.time).toEqual({ asked: 180, used: 60, fit: 'fair' });
    expect(told.nodes).toBe('c1');
  });

  it('is unknown where nobody tells', () => {
    const { memory, time, nodes } = usage({ started: null }, {});
    expect([memory.asked, memory.used, time.used, nodes]).toEqual([
      null,
      null,
      null,
      null
    ]);
  });

  it('was nearly too little', () => {
    const tight = usage(
      { details: used(0.95 * GIB), state: 'running', ended: null },
      { memory: 1024, minutes: 1 }
    );
    expect([tight.memory.fit, tight.time.fit]).toEqual(['tight', 'tight']);
  });

  it('was far too much for a scheduler, even if all processes took as much', () => {
    const ended = { details: used(0.1 * GIB), backend: 'slurm' };
    const asked = { memory: 1024, minutes: 60, cpus: 2 };
    const { memory, time } = usage(ended, asked);
    expect([memory.fit, time.fit]).toEqual(['loose', 'loose']);
    const fits = [
      usage(ended, { ...asked, cpus: 4 }).memory.fit,
      usage(ended, { memory: 1024 }).memory.fit,
      usage(ended, asked, 8).time.fit,
      usage({ ...ended, state: 'failed' }, asked).memory.fit,
      usage({ ...ended, backend: 'local' }, asked).memory.fit
    ];
    expect(new Set(fits)).toEqual(new Set(['fair']));
  });
});
