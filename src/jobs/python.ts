import { type IJob, type IJobRecord, JUPYTER_ROOT } from '../api';

/** Python that does with the client what was done here. */
export function asPython(
  job: IJob,
  record: Pick<IJobRecord, 'resources' | 'values'> | null = null
): string {
  const asked = [
    place(job.list),
    place(job.data),
    `queue=${text(job.queue)}`,
    ...(job.rows === null ? [] : [`rows=${text(job.rows)}`]),
    ...dictionary('resources', record?.resources),
    ...dictionary('values', record?.values)
  ];
  return [
    'from jupyterlab_savu.client import Savu',
    '',
    'savu = Savu()',
    `job = savu.submit(${asked.join(', ')})`,
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

/** An argument that names what was asked for; none where nothing was. */
function dictionary(
  name: string,
  asked: Readonly<Record<string, unknown>> = {}
): string[] {
  return Object.keys(asked).length > 0
    ? [`${name}=${JSON.stringify(asked)}`]
    : [];
}

/** A Python string; JSON's escapes are Python's. */
function text(value: string): string {
  return JSON.stringify(value);
}
