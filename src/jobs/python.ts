import { type IJob, JUPYTER_ROOT } from '../api';

/** Python that does with the client what was done here. */
export function asPython(job: IJob): string {
  const place = ({ root, path }: { root: string; path: string }) =>
    text(root === JUPYTER_ROOT ? path : `${root}:${path}`);
  return [
    'from jupyterlab_savu.client import Savu',
    '',
    'savu = Savu()',
    `job = savu.submit(${place(job.list)}, ${place(job.data)}, queue=${text(job.queue)})`,
    'job.wait()',
    'print(job.result)',
    ''
  ].join('\n');
}

/** A Python string; JSON's escapes are Python's. */
function text(value: string): string {
  return JSON.stringify(value);
}
