import { PathExt } from '@jupyterlab/coreutils';

import { type IJob, type IPlace, JUPYTER_ROOT, type SavuClient } from '../api';
import { hasBegun } from './states';

/**
 * What a job has made: its result or, before there is one, the file that will link it, as soon as
 * something of it can be seen. Null where nothing can.
 */
export async function resultOf(
  job: IJob,
  client: Pick<SavuClient, 'volumes'>
): Promise<IPlace | null> {
  if (job.result || !hasBegun(job)) {
    return job.result;
  }
  const { data, folder } = job;
  const stem = PathExt.basename(data.path, PathExt.extname(data.path));
  const place = {
    root: folder.root ?? JUPYTER_ROOT,
    path: PathExt.join(folder.path, `${stem}_processed.nxs`)
  };
  try {
    const { items } = await client.volumes(place);
    return items.some(({ kind }) => kind === 'result' || kind === 'unfinished')
      ? place
      : null;
  } catch {
    // The file is made a moment after the job has begun.
    return null;
  }
}
