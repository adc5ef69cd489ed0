import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { Poll } from '@lumino/polling';

import { ISavuClient, ISavuJobs } from '../tokens';
import { JobsModel } from './model';
import { SavuJobs } from './service';
import { IJobsService } from './tokens';

/** Between snapshots; the events bring what happens meanwhile. */
const INTERVAL = 30_000;

/** Keeps the jobs current. */
export const jobsServicePlugin: JupyterFrontEndPlugin<IJobsService> = {
  id: 'jupyterlab-savu:jobs-service',
  description: "Keeps the user's jobs current.",
  autoStart: true,
  provides: IJobsService,
  requires: [ISavuClient],
  activate: ({ serviceManager }: JupyterFrontEnd, client: ISavuClient) => {
    const model = new JobsModel(client, serviceManager.events.stream);
    const poll = new Poll({
      factory: () => model.refresh(),
      frequency: { interval: INTERVAL, backoff: true, max: 10 * INTERVAL },
      name: 'jupyterlab-savu:jobs',
      standby: 'when-hidden'
    });
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) {
        void poll.refresh();
      }
    });
    return new SavuJobs(model, client);
  }
};

/** Offers the jobs to other areas. */
export const jobsPlugin: JupyterFrontEndPlugin<ISavuJobs> = {
  id: 'jupyterlab-savu:jobs',
  description: "The user's jobs, for other areas and extensions.",
  autoStart: true,
  provides: ISavuJobs,
  requires: [IJobsService],
  activate: (_: JupyterFrontEnd, jobs: IJobsService) => jobs
};
