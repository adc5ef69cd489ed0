import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import { PathExt } from '@jupyterlab/coreutils';
import type { IJob, SavuClient } from '../api';
import type { IProcessLists, ISavuJobs } from '../tokens';
import type { SavuJobs } from './service';
import { submitByForm } from './submitDialog';
import type { JobWords } from './words';

/** The names of the queues that every installation starts with. */
export const PREVIEW = 'preview';
export const FULL = 'full';

/** Runs the list that the user works on, or tells what is missing. */
export async function submitCurrent(
  queue: string,
  lists: IProcessLists,
  jobs: ISavuJobs,
  trans: TranslationBundle
): Promise<IJob | null> {
  const list = lists.current;
  if (!list) {
    Notification.warning(trans.__('Open a process list first.'));
    return null;
  }
  const scan = lists.scanOf(list.path);
  if (!scan) {
    Notification.warning(
      trans.__('Choose a scan in the toolbar of %1 first.', list.path)
    );
    return null;
  }
  return jobs.submit(queue, list, scan);
}

/** Asks first how the list that the user works on is to run, and for what is to be filled in. */
export async function submitWithOptions(
  queue: string,
  lists: IProcessLists,
  jobs: SavuJobs,
  client: SavuClient,
  trans: TranslationBundle,
  words: JobWords
): Promise<void> {
  const list = lists.current;
  if (!list) {
    Notification.warning(trans.__('Open a process list first.'));
    return;
  }
  const { path } = list;
  const content = await list.filled();
  if (content) {
    const runnable = { path, content };
    await submitByForm({
      name: PathExt.basename(path),
      list: runnable,
      queue,
      scan: lists.scanOf(path),
      queues: jobs.queues,
      client,
      trans,
      words,
      submit: form => jobs.submitForm(runnable, form)
    });
  }
}

/** What submitting to a queue is called. */
export function submitLabel(queue: string, trans: TranslationBundle): string {
  switch (queue) {
    case PREVIEW:
      return trans.__('Preview the Process List');
    case FULL:
      return trans.__('Run the Process List in Full');
    default:
      return trans.__('Run the Process List on %1', queue);
  }
}
