import type { IJob, IJobRecord } from '../api';
import { secondsBetween } from './states';

/** How what was used stands to what was asked for. */
export type Fit = 'tight' | 'loose' | 'fair';

/** Something of which a job asked for an amount, and how much of it was used; null is unknown. */
export interface IAmount {
  asked: number | null;
  used: number | null;
  fit: Fit;
}

export interface IUsage {
  /** Bytes on a node. */
  memory: IAmount;
  /** Seconds. */
  time: IAmount;
  /** The names of the computers that it ran on. */
  nodes: string | null;
}

/** From this part on, little more would have been too much. */
const TIGHT = 0.9;
/** Below this part, others could have used the rest. */
const LOOSE = 0.25;

/** What a job asked for and used. */
export function usageOf(
  job: IJob,
  { resources, shares }: Pick<IJobRecord, 'resources' | 'shares'>,
  now: number
): IUsage {
  const { memory, minutes, cpus, tasks } = resources;
  const used = Number(job.details.memory_used) || null;
  const elapsed = secondsBetween(job.started, job.ended, now);
  // What is not used is lost to others only under a scheduler; there only the largest process is
  // known, and the others may be as large.
  const isWasted = job.backend !== 'local' && job.state === 'succeeded';
  const processes = (cpus ?? NaN) * (tasks ?? 1);
  return {
    memory: amount(
      memory === undefined ? null : memory * 2 ** 20,
      used,
      isWasted ? processes : null
    ),
    time: amount(
      minutes === undefined ? null : minutes * 60,
      elapsed,
      isWasted && shares === 1 ? 1 : null
    ),
    nodes: job.details.nodes ?? null
  };
}

/** `most` is how many times what is known may have been used; null where it says nothing. */
function amount(
  asked: number | null,
  used: number | null,
  most: number | null
): IAmount {
  const part = asked && used !== null ? used / asked : null;
  return {
    asked,
    used,
    fit:
      part === null
        ? 'fair'
        : part >= TIGHT
          ? 'tight'
          : most !== null && part * most < LOOSE
            ? 'loose'
            : 'fair'
  };
}
