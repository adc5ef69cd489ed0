import {
  ApiError,
  type IPlace,
  type IPlan,
  type IQueue,
  type ISubmission,
  JUPYTER_ROOT
} from '../api';
import type { IRunnableList } from '../tokens';

/** What the form of a submission holds: texts as they were typed. */
export interface ISubmitForm {
  queue: string;
  /** Rows as in a preview; empty takes those of the queue. */
  rows: string;
  scans: readonly IPlace[];
  /** Resources and values of the script by name; empty is as the queue has it. */
  resources: Readonly<Record<string, string>>;
  values: Readonly<Record<string, string>>;
}

/** What a submission asks for beside its list, its scans and its queue. */
export type IAskedOptions = Pick<ISubmission, 'rows' | 'resources' | 'values'>;

/** The names of the resources whose texts are beyond the limits of the queue. */
export function wrongResources(form: ISubmitForm, queue: IQueue): string[] {
  return queue.resources
    .filter(({ name, least, most }) => {
      const text = (form.resources[name] ?? '').trim();
      const value = Number(text);
      return (
        text !== '' &&
        !(
          Number.isInteger(value) &&
          value >= least &&
          (most === null || value <= most)
        )
      );
    })
    .map(({ name }) => name);
}

/** Whether the form can be submitted, as far as that is known without asking. */
export function isComplete(
  form: ISubmitForm,
  queues: readonly IQueue[]
): boolean {
  const queue = queues.find(({ name }) => name === form.queue);
  return (
    queue !== undefined &&
    form.scans.length > 0 &&
    wrongResources(form, queue).length === 0
  );
}

/** What the form asks for of a queue; what the queue does not offer is left out. */
export function optionsOf(form: ISubmitForm, queue: IQueue): IAskedOptions {
  const resources: Record<string, number> = {};
  for (const { name } of queue.resources) {
    const text = (form.resources[name] ?? '').trim();
    if (text) {
      resources[name] = Number(text);
    }
  }
  const values: Record<string, string> = {};
  for (const { name } of queue.values) {
    const text = form.values[name] ?? '';
    if (text) {
      values[name] = text;
    }
  }
  return { rows: form.rows.trim() || null, resources, values };
}

/** What the form asks for, but for its scans. */
export function submissionOf(
  { path, content }: IRunnableList,
  form: ISubmitForm,
  queues: readonly IQueue[]
): Omit<ISubmission, 'data'> {
  const queue = queues.find(({ name }) => name === form.queue);
  return {
    queue: form.queue,
    list: { root: JUPYTER_ROOT, path, content },
    ...(queue && optionsOf(form, queue))
  };
}

/** Why the server refuses what the form asks for, and where in it: a JSON pointer. */
export interface IRefusal {
  message: string;
  place: string | null;
}

export function refusalOf(error: unknown): IRefusal {
  return {
    message: error instanceof Error ? error.message : String(error),
    place: error instanceof ApiError ? error.place : null
  };
}

/** Bytes of memory that a plan needs at least: of all its processes, or of one where others may
 * decide how many there are. */
export function memoryOf({ passes }: IPlan, { schedules }: IQueue): number {
  return Math.max(
    0,
    ...passes.map(({ memory, workers }) => (schedules ? 1 : workers) * memory)
  );
}

/** Which resources of the form are less than what a plan needs. */
export function scarce(
  plan: IPlan,
  form: ISubmitForm,
  queue: IQueue
): ('memory' | 'minutes')[] {
  const asked = (wanted: string) => {
    const offered = queue.resources.find(({ name }) => name === wanted);
    return Number(form.resources[wanted] || offered?.default || Infinity);
  };
  const short: ('memory' | 'minutes')[] = [];
  if (asked('memory') * 2 ** 20 < memoryOf(plan, queue)) {
    short.push('memory');
  }
  if (asked('minutes') * 60 < plan.seconds) {
    short.push('minutes');
  }
  return short;
}
