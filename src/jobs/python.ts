import type { IJob, IJobRecord } from '../api';
import { PREAMBLE, pythonPlace, pythonText } from '../python';

/** Python that does with the client what was done here. */
export function asPython(
  job: IJob,
  record: Pick<IJobRecord, 'resources' | 'values'> | null = null
): string {
  const asked = [
    pythonPlace(job.list),
    pythonPlace(job.data),
    `queue=${pythonText(job.queue)}`,
    ...(job.rows === null ? [] : [`rows=${pythonText(job.rows)}`]),
    ...dictionary('resources', record?.resources),
    ...dictionary('values', record?.values)
  ];
  return [
    ...PREAMBLE,
    `job = savu.submit(${asked.join(', ')})`,
    'job.wait(progress=True)',
    'job.view()',
    ''
  ].join('\n');
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
