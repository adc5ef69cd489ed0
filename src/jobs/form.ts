import type { IPlace, IQueue, ISubmission } from '../api';

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
export type ISubmitOptions = Pick<ISubmission, 'rows' | 'resources' | 'values'>;

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

/** What the form asks for of a queue; what the queue does not offer is left out. */
export function optionsOf(form: ISubmitForm, queue: IQueue): ISubmitOptions {
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
