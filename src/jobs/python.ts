import { type IJob, JUPYTER_ROOT } from '../api';

/** Python that does with the client what was done here. */
export function asPython(job: IJob): string {
  return [
    'from jupyterlab_savu.client import Savu',
    '',
    'savu = Savu()',
    `job = savu.submit(${place(job.list)}, ${place(job.data)}, queue=${text(job.queue)})`,
    'job.wait(progress=True)',
    'print(job.result)',
    ''
  ].join('\n');
}

/** A file as the client takes it: what stands before a colon is a root. */
function place({ root, path }: { root: string; path: string }): string {
  return text(
    root === JUPYTER_ROOT && !path.includes(':') ? path : `${root}:${path}`
  );
}

/** A Python string; JSON's escapes are Python's. */
function text(value: string): string {
  return JSON.stringify(value);
}
