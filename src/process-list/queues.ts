import type { IQueue } from '../api';

/** Which job a button starts. */
export type Run = 'preview' | 'full';

/** The queue of a button: the one of that name, or the nearest to it. */
export function queueFor(queues: readonly IQueue[], run: Run): IQueue | null {
  const restricts = (queue: IQueue) => queue.restrict_rows !== null;
  return (
    queues.find(({ name }) => name === run) ??
    queues.find(queue => restricts(queue) === (run === 'preview')) ??
    null
  );
}
