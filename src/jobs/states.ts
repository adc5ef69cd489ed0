import type { IJob, IJobStep, IQueue, JobState } from '../api';

const FINAL: readonly JobState[] = ['succeeded', 'failed', 'cancelled'];

/** Whether a job has ended. */
export function isFinal(job: IJob): boolean {
  return FINAL.includes(job.state);
}

/** Whether a job does something, or did. */
export function hasBegun(job: IJob): boolean {
  return job.state !== 'created' && job.state !== 'queued';
}

/** Whether a job takes more lines: one that runs has a bar, one that failed an advice. */
export function isLong(job: IJob): boolean {
  return job.state === 'failed' || (hasBegun(job) && !isFinal(job));
}

/** The step that a job is at, with its number counted from 1; null before the first. */
export function currentStep(job: IJob): [number, IJobStep] | null {
  const running = job.steps.findIndex(({ state }) => state === 'running');
  const index =
    running >= 0
      ? running
      : job.steps.map(({ state }) => state !== 'waiting').lastIndexOf(true);
  return index < 0 ? null : [index + 1, job.steps[index]];
}

/** The seconds between two times of a job; the second may be still to come. */
export function secondsBetween(
  from: string | null,
  to: string | null,
  now: number
): number | null {
  if (!from) {
    return null;
  }
  return Math.max(0, ((to ? Date.parse(to) : now) - Date.parse(from)) / 1000);
}

/**
 * The seconds that a running job still needs if it goes on as it did; null while too little of
 * it is done to tell.
 */
export function remainingSeconds(job: IJob, now: number): number | null {
  const elapsed = secondsBetween(job.started, null, now);
  if (
    job.state !== 'running' ||
    job.stale_since ||
    elapsed === null ||
    elapsed < 2 ||
    job.progress < 0.1
  ) {
    return null;
  }
  return (elapsed * (1 - job.progress)) / job.progress;
}

/** Whether a queue is for quick looks at a few rows. */
export function isPreview(queue: IQueue | undefined): boolean {
  return (queue?.restrict_rows ?? null) !== null;
}

export type JobFilter = 'all' | 'active' | 'failed';

export function matches(job: IJob, filter: JobFilter): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'active':
      return !isFinal(job);
    case 'failed':
      return job.state === 'failed';
  }
}
