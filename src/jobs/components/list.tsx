import React from 'react';

import type { JobsModel } from '../model';
import { NEWEST } from '../model';
import { isFinal, type JobFilter, matches } from '../states';
import { useJobs, useNow } from './context';
import { JobItem } from './item';

/** How often times are drawn again that are told in minutes, in milliseconds. */
const MINUTES = 20_000;

/** All jobs, newest first. */
export function JobList(props: {
  model: JobsModel;
  isVisible: boolean;
}): JSX.Element {
  const { model, isVisible } = props;
  const { trans, words } = useJobs();
  const [filter, setFilter] = React.useState<JobFilter>('all');
  const { jobs, queues } = model;
  const active = jobs.filter(job => !isFinal(job)).length;
  const now = useNow(isVisible, active > 0 ? 1000 : MINUTES);
  // What has ended is not drawn every second.
  const coarse = MINUTES * Math.floor(now / MINUTES);
  const shown = jobs.filter(job => matches(job, filter));
  return (
    <>
      <header className="jp-SavuJobs-header">
        <h2 className="jp-SavuJobs-heading">{trans.__('Jobs')}</h2>
        <span className="jp-SavuJobs-room">{words.room(queues)}</span>
      </header>
      {jobs.length > 0 && (
        <FilterBar
          filter={filter}
          active={active}
          failed={jobs.filter(job => job.state === 'failed').length}
          onChange={setFilter}
        />
      )}
      <Trouble model={model} />
      {model.isReady && jobs.length === 0 && <Empty />}
      {jobs.length > 0 && shown.length === 0 && (
        <p className="jp-SavuJobs-note">
          {filter === 'active'
            ? trans.__('No job is under way.')
            : trans.__('No job has failed.')}
        </p>
      )}
      <ul className="jp-SavuJobs-list" role="list">
        {shown.map(job => (
          <JobItem
            key={job.id}
            job={job}
            queues={queues}
            now={isFinal(job) ? coarse : now}
          />
        ))}
      </ul>
      {jobs.length >= NEWEST && (
        <p className="jp-SavuJobs-note">
          {trans.__(
            'These are the newest %1 jobs. The Python client lists the older ones.',
            NEWEST
          )}
        </p>
      )}
    </>
  );
}

function FilterBar(props: {
  filter: JobFilter;
  active: number;
  failed: number;
  onChange: (filter: JobFilter) => void;
}): JSX.Element {
  const { trans } = useJobs();
  const choices: [JobFilter, string][] = [
    ['all', trans.__('All')],
    ['active', count(trans.__('Active'), props.active)],
    ['failed', count(trans.__('Failed'), props.failed)]
  ];
  return (
    <div
      className="jp-SavuJobs-filter"
      role="group"
      aria-label={trans.__('Which jobs are shown')}
    >
      {choices.map(([filter, label]) => (
        <button
          key={filter}
          aria-pressed={filter === props.filter}
          onClick={() => props.onChange(filter)}
        >
          {label}
        </button>
      ))}
    </div>
  );
}

function count(label: string, number: number): string {
  return number > 0 ? `${label} ${number}` : label;
}

export function Trouble({ model }: { model: JobsModel }): JSX.Element | null {
  const { actions, trans } = useJobs();
  return model.trouble ? (
    <div className="jp-SavuJobs-trouble" role="status">
      <p>
        {model.isReady
          ? trans.__('What is shown may be out of date. %1', model.trouble)
          : model.trouble}
      </p>
      <button className="jp-SavuJobs-link" onClick={actions.retry}>
        {trans.__('Try again')}
      </button>
    </div>
  ) : null;
}

function Empty(): JSX.Element {
  const { trans } = useJobs();
  return (
    <div className="jp-SavuJobs-empty">
      <h3>{trans.__('No jobs yet')}</h3>
      <ol>
        <li>{trans.__('Open a process list.')}</li>
        <li>{trans.__('Choose a scan in its toolbar.')}</li>
        <li>{trans.__('Press Preview: a few rows are done in seconds.')}</li>
      </ol>
      <p>
        {trans.__(
          'What you run is followed here, and goes on when you close the browser.'
        )}
      </p>
    </div>
  );
}
