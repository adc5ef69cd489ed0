import { PathExt } from '@jupyterlab/coreutils';

import type { IJob } from '../api';
import { type JobFilter, matches } from './states';

export type JobOrder = 'newest' | 'oldest' | 'name' | 'scan' | 'state';
export type JobGrouping = 'none' | 'list' | 'scan' | 'queue' | 'submission';

/** How the jobs are shown. */
export interface IArrangement {
  filter: JobFilter;
  /** Words that all have to be in a job's list, scan, queue, state or number. */
  search: string;
  order: JobOrder;
  grouping: JobGrouping;
}

export const AS_THEY_CAME: IArrangement = {
  filter: 'all',
  search: '',
  order: 'newest',
  grouping: 'none'
};

/** A row of the list: a job, or the heading of a group with its first job and its size. */
export type JobRow =
  | { kind: 'job'; job: IJob }
  | { kind: 'heading'; key: string; first: IJob; count: number };

/** The rows for `jobs`, which are newest first. */
export function arrange(
  jobs: readonly IJob[],
  { filter, search, order, grouping }: IArrangement
): JobRow[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = jobs.filter(
    job => matches(job, filter) && words.every(word => text(job).includes(word))
  );
  const sorted = inOrder(shown, order);
  if (grouping === 'none') {
    return sorted.map(job => ({ kind: 'job', job }));
  }
  const groups = new Map<string, IJob[]>();
  for (const job of sorted) {
    const key = groupOf(job, grouping);
    const group = groups.get(key);
    if (group) {
      group.push(job);
    } else {
      groups.set(key, [job]);
    }
  }
  return [...groups].flatMap(([key, members]) => [
    {
      kind: 'heading' as const,
      key,
      first: members[0],
      count: members.length
    },
    ...members.map(job => ({ kind: 'job' as const, job }))
  ]);
}

function text({ name, data, queue, state, id }: IJob): string {
  return `${name} ${data.path} ${queue} ${state} ${id}`.toLowerCase();
}

function inOrder(jobs: IJob[], order: JobOrder): IJob[] {
  switch (order) {
    case 'newest':
      return jobs;
    case 'oldest':
      return jobs.reverse();
    case 'name':
      return by(jobs, ({ name }) => name);
    case 'scan':
      return by(jobs, ({ data }) => PathExt.basename(data.path));
    case 'state':
      return by(jobs, ({ state }) => state);
  }
}

/** Sorted by a text; equal ones stay as they were. */
function by(jobs: IJob[], key: (job: IJob) => string): IJob[] {
  const collator = new Intl.Collator(undefined, { numeric: true });
  return jobs.sort((one, other) => collator.compare(key(one), key(other)));
}

function groupOf(
  { list, data, queue, group, id }: IJob,
  grouping: Exclude<JobGrouping, 'none'>
): string {
  switch (grouping) {
    case 'list':
      return list.path;
    case 'scan':
      return data.path;
    case 'queue':
      return queue;
    case 'submission':
      return group ?? id;
  }
}
