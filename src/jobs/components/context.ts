import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { IJob, IJobOutput, SavuClient } from '../../api';
import type { JobComparer } from '../comparing';
import type { JobWords } from '../words';

/** What the user can do with a job. */
export interface IJobActions {
  open: (job: IJob) => void;
  cancel: (job: IJob) => Promise<void>;
  showDetails: (job: IJob | null) => void;
  /** Lets the user choose jobs to compare, beginning with these; null ends that. */
  choose: (ids: readonly string[] | null) => void;
  /** Null where the folder cannot be shown. */
  showFolder: ((job: IJob) => void) | null;
  copyAsPython: (job: IJob) => Promise<void>;
  runAgain: (job: IJob) => Promise<void>;
  resume: (job: IJob) => Promise<void>;
  remove: (job: IJob) => Promise<void>;
  deleteData: (job: IJob) => Promise<void>;
  /** Null where data cannot be shown. */
  openOutput: ((output: IJobOutput) => void) | null;
  /** Null where lists cannot be compared. */
  comparer: JobComparer | null;
  retry: () => void;
}

/** What the parts of the panel share. */
export interface IJobsContext {
  actions: IJobActions;
  client: Pick<SavuClient, 'log' | 'jobOutputs' | 'jobRecord'>;
  trans: TranslationBundle;
  words: JobWords;
}

const Context = React.createContext<IJobsContext | null>(null);

export const JobsProvider = Context.Provider;

export function useJobs(): IJobsContext {
  const context = React.useContext(Context);
  if (!context) {
    throw new Error('The jobs panel is not around this component.');
  }
  return context;
}

/** The time, which goes on by itself while somebody looks. */
export function useNow(isVisible: boolean, interval: number): number {
  const [now, setNow] = React.useState(Date.now);
  React.useEffect(() => {
    if (!isVisible) {
      return;
    }
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), interval);
    return () => clearInterval(timer);
  }, [isVisible, interval]);
  return now;
}
