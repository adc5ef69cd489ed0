import React from 'react';

import { type IJob, type IQueue, JUPYTER_ROOT } from '../../api';
import { secondsBetween } from '../states';
import { useJobs } from './context';

/** What is good to know about a job later. */
export function Facts(props: {
  job: IJob;
  queue: IQueue | undefined;
  now: number;
}): JSX.Element {
  const { job, queue, now } = props;
  const { trans, words } = useJobs();
  const waited = secondsBetween(job.submitted, job.started ?? job.ended, now);
  const took = secondsBetween(job.started, job.ended, now);
  const facts: [string, React.ReactNode][] = [
    [trans.__('Scan'), place(job.data)],
    [trans.__('Process list'), place(job.list)],
    [
      trans.__('List as run'),
      <code title={job.list.hash}>{job.list.hash.slice(0, 12)}</code>
    ],
    [trans.__('Rows'), job.rows],
    [trans.__('Queue'), queue?.title ?? job.queue],
    [trans.__('Engine'), `${job.engine} (${job.backend})`],
    [trans.__('Submitted'), date(job.submitted)],
    [trans.__('Started'), job.started && date(job.started)],
    [trans.__('Ended'), job.ended && date(job.ended)],
    [trans.__('Waited'), waited !== null && words.duration(waited)],
    [trans.__('Ran'), took !== null && words.duration(took)],
    [
      trans.__('Folder'),
      job.deleted
        ? trans.__('deleted on %1', date(job.deleted))
        : place(job.folder)
    ],
    [
      trans.__('Ended with'),
      job.reason && job.exit_code !== null
        ? trans.__('%1, exit code %2', job.reason, job.exit_code)
        : job.reason
    ],
    [trans.__('Number'), <code>{job.id}</code>]
  ];
  return (
    <section aria-label={trans.__('About this job')}>
      <h3 className="jp-SavuJobs-heading">{trans.__('About this job')}</h3>
      <dl className="jp-SavuJobs-facts">
        {facts
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <React.Fragment key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </React.Fragment>
          ))}
      </dl>
    </section>
  );
}

function place({ root, path }: { root?: string; path: string }): string {
  return (root ?? JUPYTER_ROOT) === JUPYTER_ROOT ? path : `${root}: ${path}`;
}

function date(time: string): string {
  return new Date(time).toLocaleString([], {
    dateStyle: 'short',
    timeStyle: 'medium'
  });
}
