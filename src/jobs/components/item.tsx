import { PathExt } from '@jupyterlab/coreutils';
import { caretRightIcon, closeIcon } from '@jupyterlab/ui-components';
import React from 'react';

import type { IJob, IQueue } from '../../api';
import { isFinal } from '../states';
import { useJobs } from './context';
import { IconButton, ProgressBar, StateIcon, useCancel } from './parts';

/** A job in the list. */
export function JobItem(props: {
  job: IJob;
  queues: readonly IQueue[];
  now: number;
}): JSX.Element {
  const { job, queues, now } = props;
  const { actions, trans, words } = useJobs();
  const cancel = useCancel(job);
  const showDetails = () => actions.showDetails(job);
  return (
    <li
      className="jp-SavuJobs-item"
      role="listitem"
      aria-label={`${words.name(job)} ${words.state(job)}`}
      onClick={showDetails}
    >
      <StateIcon job={job} />
      <div className="jp-SavuJobs-title">
        <span className="jp-SavuJobs-name" title={job.list.path}>
          {words.name(job)}
        </span>
        <span className="jp-SavuJobs-queue">{words.queue(job, queues)}</span>
      </div>
      <div className="jp-SavuJobs-actions">
        {!isFinal(job) && (
          <IconButton
            icon={closeIcon}
            label={cancel.label}
            disabled={cancel.disabled}
            onClick={cancel.run}
          />
        )}
        <IconButton
          icon={caretRightIcon}
          label={trans.__('Details')}
          onClick={showDetails}
        />
      </div>
      <div className="jp-SavuJobs-about">
        <div className="jp-SavuJobs-scan" title={job.data.path}>
          {PathExt.basename(job.data.path)}
        </div>
        {!isFinal(job) && (
          <div className="jp-SavuJobs-progress">
            <ProgressBar
              label={trans.__('Progress of %1', words.name(job))}
              fraction={job.progress}
              state={job.state}
            />
            <span>{words.percent(job.progress)}</span>
          </div>
        )}
        <div className="jp-SavuJobs-status" data-state={job.state}>
          {words.status(job, queues, now)}
        </div>
        {job.result && job.state === 'succeeded' && (
          <button
            className="jp-SavuJobs-link"
            onClick={event => {
              event.stopPropagation();
              actions.open(job);
            }}
          >
            {trans.__('Open result')}
          </button>
        )}
      </div>
    </li>
  );
}
