import { Token } from '@lumino/coreutils';

import type { SavuJobs } from './service';

/** The jobs with what only this area needs of them. */
export const IJobsService = new Token<SavuJobs>(
  'jupyterlab-savu:IJobsService',
  'The jobs, for the panel'
);
export type IJobsService = SavuJobs;
