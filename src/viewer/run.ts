import type { TranslationBundle } from '@jupyterlab/translation';

import type { IJob, IPlace } from '../api';
import type { ISavuJobs } from '../tokens';
import type { IRun } from './slices/components/live';

const ENDED: Partial<Record<IJob['state'], IRun['state']>> = {
  succeeded: 'succeeded',
  cancelled: 'cancelled',
  failed: 'failed'
};

/** The job in whose folder a file is, and a newer one that does the same; null for other files. */
export function runOf(
  { jobs }: Pick<ISavuJobs, 'jobs'>,
  file: IPlace,
  open: (id: string) => void,
  trans: TranslationBundle
): IRun | null {
  const own = jobs.find(
    ({ folder }) =>
      folder.root === file.root && file.path.startsWith(`${folder.path}/`)
  );
  if (!own) {
    return null;
  }
  const newer = jobs.find(
    job =>
      job.submitted > own.submitted &&
      ENDED[job.state] === undefined &&
      isSame(job.list, own.list) &&
      isSame(job.data, own.data)
  );
  return {
    key: `${own.id} ${own.state} ${own.progress}`,
    state: ENDED[own.state] ?? 'active',
    newer: newer
      ? {
          label:
            newer.state === 'running'
              ? trans.__('Newer run: %1%', Math.floor(newer.progress * 100))
              : trans.__('Newer run: waits'),
          open: newer.state === 'running' ? () => open(newer.id) : null
        }
      : null
  };
}

function isSame(one: IPlace, other: IPlace): boolean {
  return one.root === other.root && one.path === other.path;
}
