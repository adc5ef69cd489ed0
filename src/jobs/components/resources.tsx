import React from 'react';

import type { IJob, IJobRecord } from '../../api';
import { usageOf } from '../resources';
import { useJobs } from './context';

/** What a job asked for, and what it used, side by side. */
export function Resources(props: {
  job: IJob;
  record: IJobRecord | null;
  now: number;
}): JSX.Element | null {
  const { job, record, now } = props;
  const { trans, words } = useJobs();
  if (!record) {
    return null;
  }
  const { resources, values, shares } = record;
  const { memory, time, nodes } = usageOf(job, record, now);
  const rows: [string, React.ReactNode, React.ReactNode][] = [
    [
      trans.__('Memory'),
      memory.asked !== null && words.memory(memory.asked),
      memory.used !== null && words.memory(memory.used)
    ],
    [
      trans.__('Time'),
      time.asked !== null && words.duration(time.asked),
      time.used !== null && words.duration(time.used)
    ],
    [trans.__('Nodes'), resources.nodes, nodes],
    [trans.__('Tasks'), resources.tasks, null],
    [trans.__('CPUs'), resources.cpus, null],
    [trans.__('GPUs'), resources.gpus, null],
    [trans.__('Shares'), shares > 1 && shares, null],
    ...Object.entries(values).map(([name, value]): [string, string, null] => [
      name,
      value,
      null
    ])
  ];
  const told = rows.filter(([, asked, used]) => asked || used);
  // Why a job failed is told above.
  const hints = job.state === 'failed' ? [] : words.fits(memory.fit, time.fit);
  return told.length > 0 ? (
    <section aria-label={trans.__('Resources')}>
      <h3 className="jp-SavuJobs-heading">{trans.__('Resources')}</h3>
      <table className="jp-SavuJobs-resources">
        <thead>
          <tr>
            <td />
            <th scope="col">{trans.__('Asked')}</th>
            <th scope="col">{trans.__('Used')}</th>
          </tr>
        </thead>
        <tbody>
          {told.map(([name, asked, used]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{asked || '–'}</td>
              <td>{used || '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {hints.map(hint => (
        <p key={hint} className="jp-SavuJobs-advice">
          {hint}
        </p>
      ))}
    </section>
  ) : null;
}
