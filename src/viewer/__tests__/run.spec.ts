import { nullTranslator } from '@jupyterlab/translation';

import type { IJob } from '../../api';
import { runOf } from '../run';

const trans = nullTranslator.load('jupyterlab_savu');
const place = (path: string) => ({ root: 'jupyter', path });

function job(id: string, state: IJob['state']): IJob {
  return {
    id,
    state,
    progress: 0.345,
    submitted: `2024-01-01T00:00:0${id}Z`,
    folder: place(`runs/${id}`),
    list: place('list.nxs'),
    data: place('scan.nxs')
  } as IJob;
}

describe('the job that makes a file', () => {
  const of = (jobs: IJob[], path = 'runs/1/scan_processed.nxs') =>
    runOf({ jobs }, place(path), jest.fn(), trans);

  it('is the one in whose folder the file is', () => {
    const jobs = [job('1', 'running'), job('2', 'failed')];
    expect(of(jobs)?.state).toBe('active');
    expect(of(jobs, 'runs/2/a.h5')?.state).toBe('failed');
    expect(of(jobs, 'runs/12/a.h5')).toBeNull();
  });

  it('has a newer one of the same list and scan, which can be watched once it runs', () => {
    expect(of([job('1', 'succeeded')])?.newer).toBeNull();
    const waiting = of([job('2', 'queued'), job('1', 'succeeded')]);
    expect(waiting?.newer).toEqual({ label: 'Newer run: waits', open: null });
    const running = of([job('2', 'running'), job('1', 'succeeded')]);
    expect(running?.newer?.label).toBe('Newer run: 34%');
    expect(running?.newer?.open).not.toBeNull();
    expect(
      of([job('2', 'running'), job('1', 'succeeded')], 'runs/2/x.h5')?.newer
    ).toBeNull();
  });
});
