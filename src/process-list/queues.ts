import type { IProblem, IQueue } from '../api';

/** Which job a button starts. */
export type Run = 'preview' | 'full';

/** The problems of a list on one engine, and the titles of the queues that have it. */
export interface IVerdict {
  engine: string | null;
  queues: readonly string[];
  problems: readonly IProblem[];
}

/** The queue of a button: the one of that name, or the nearest to it. */
export function queueFor(queues: readonly IQueue[], run: Run): IQueue | null {
  const restricts = (queue: IQueue) => queue.restrict_rows !== null;
  return (
    queues.find(({ name }) => name === run) ??
    queues.find(queue => restricts(queue) === (run === 'preview')) ??
    null
  );
}

/** The queues by their engine: what one of them runs, all of them run. */
export function byEngine(queues: readonly IQueue[]): IQueue[][] {
  const found = new Map<string, IQueue[]>();
  for (const queue of queues) {
    found.set(queue.engine, [...(found.get(queue.engine) ?? []), queue]);
  }
  return [...found.values()];
}

/**
 * The problems on all engines as one list, in the order of the plugins. What
 * stops a run in some queues only is a warning that names them.
 *
 * @param naming - a message with the titles of queues.
 */
export function together(
  verdicts: readonly IVerdict[],
  naming: (queues: string, message: string) => string
): readonly IProblem[] {
  if (verdicts.length === 1) {
    return verdicts[0].problems;
  }
  const found = new Map<string, { problem: IProblem; on: IVerdict[] }>();
  for (const verdict of verdicts) {
    for (const problem of verdict.problems) {
      const { plugin, parameter, message, severity } = problem;
      const key = JSON.stringify([plugin, parameter, message]);
      const known = found.get(key);
      if (known?.problem.severity === severity) {
        known.on.push(verdict);
      } else if (!known || severity === 'error') {
        found.set(key, { problem, on: [verdict] });
      }
    }
  }
  return [...found.values()]
    .map(({ problem, on }): IProblem => {
      if (on.length === verdicts.length) {
        return problem;
      }
      const titles = on.flatMap(({ queues }) => queues).join(', ');
      return {
        ...problem,
        severity: 'warning',
        message: naming(titles, problem.message)
      };
    })
    .sort((one, other) => (one.plugin ?? -1) - (other.plugin ?? -1));
}
