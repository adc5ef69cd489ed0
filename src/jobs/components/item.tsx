import { PathExt } from '@jupyterlab/coreutils';
import { caretRightIcon, closeIcon } from '@jupyterlab/ui-components';
import React from 'react';

import type { IJob, IQueue } from '../../api';
import { hasBegun, isFinal, isLong } from '../states';
import { useJobs } from './context';
import { IconButton, ProgressBar, StateIcon, useCancel } from './parts';

/** A job in the list, drawn again only when it has changed. */
export const JobItem = React.memo(function JobItem(props: {
  job: IJob;
  queues: readonly IQueue[];
  now: number;
  position: number;
  count: number;
  /** Whether it is chosen; null while none are chosen. */
  isChosen: boolean | null;
  onChoose: (id: string) => void;
}): JSX.Element {
  const { job, queues, now, isChosen, onChoose } = props;
  const { actions, trans, words } = useJobs();
  const cancel = useCancel(job);
  const showDetails = () => actions.showDetails(job);
  return (
    <li
      className="jp-SavuJobs-item"
      role="listitem"
      aria-posinset={props.position}
      aria-setsize={props.count}
      data-height={isLong(job) ? 'high' : 'low'}
      aria-label={`${words.name(job)} ${words.state(job)}`}
      data-chosen={isChosen ?? undefined}
      onClick={event => {
        if (isChosen !== null || event.ctrlKey || event.metaKey) {
          onChoose(job.id);
        } else {
          showDetails();
        }
      }}
    >
      <StateIcon job={job} />
      <div className="jp-SavuJobs-name" title={job.list.path}>
        {words.name(job)}
      </div>
      <div className="jp-SavuJobs-actions">
        {isChosen !== null && (
          <input
            type="checkbox"
            aria-label={trans.__('Choose %1', words.run(job))}
            checked={isChosen}
            onClick={event => event.stopPropagation()}
            onChange={() => onChoose(job.id)}
          />
        )}
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
        <div className="jp-SavuJobs-on">
          <span className="jp-SavuJobs-scan" title={job.data.path}>
            {PathExt.basename(job.data.path)}
          </span>
          <span>{words.queue(job, queues)}</span>
        </div>
        {hasBegun(job) && !isFinal(job) && (
          <div className="jp-SavuJobs-progress">
            <ProgressBar
              label={trans.__('Progress of %1', words.name(job))}
              fraction={job.progress}
              state={job.state}
            />
            <span>{words.percent(job.progress)}</span>
          </div>
        )}
        <div className="jp-SavuJobs-end">
          <span
            className="jp-SavuJobs-status"
            data-state={job.state}
            title={words.status(job, queues, now)}
          >
            {words.status(job, queues, now)}
            {job.deleted && ` · ${trans.__('data deleted')}`}
          </span>
          {job.state === 'failed' && words.advice(job) && (
            <span
              className="jp-SavuJobs-advice"
              title={words.advice(job) ?? undefined}
            >
              {words.advice(job)}
            </span>
          )}
          {(job.result || job.state === 'running') && (
            <button
              className="jp-SavuJobs-link"
              aria-label={
                job.result ? trans.__('Open result') : trans.__('Watch')
              }
              title={
                job.result
                  ? trans.__('Open result')
                  : trans.__('Watch the result grow')
              }
              onClick={event => {
                event.stopPropagation();
                actions.open(job);
              }}
            >
              {job.result ? trans.__('Open') : trans.__('Watch')}
            </button>
          )}
        </div>
      </div>
    </li>
  );
});
