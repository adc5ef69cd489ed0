import type { LabIcon } from '@jupyterlab/ui-components';
import React from 'react';

import type { IJob } from '../../api';
import { stateIcon } from '../icons';
import { useJobs } from './context';

/** A job's state as a shape; its words stand beside it. */
export function StateIcon({ job }: { job: IJob }): JSX.Element {
  const { words } = useJobs();
  const { react: Icon } = stateIcon(job);
  return (
    <span
      className="jp-SavuJobs-state"
      data-state={job.stale_since ? 'stale' : job.state}
      title={words.state(job)}
    >
      <Icon tag="span" aria-hidden="true" />
    </span>
  );
}

export function ProgressBar(props: {
  label: string;
  fraction: number;
  state: string;
}): JSX.Element {
  const percent = Math.floor(100 * props.fraction);
  return (
    <div
      className="jp-SavuJobs-bar"
      data-state={props.state}
      role="progressbar"
      aria-label={props.label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
    >
      <div style={{ width: `${percent}%` }} />
    </div>
  );
}

export function IconButton(props: {
  icon: LabIcon;
  label: string;
  onClick: () => void;
  disabled?: boolean;
}): JSX.Element {
  return (
    <button
      className="jp-SavuJobs-iconButton"
      aria-label={props.label}
      title={props.label}
      disabled={props.disabled}
      onClick={event => {
        event.stopPropagation();
        props.onClick();
      }}
    >
      <props.icon.react tag="span" aria-hidden="true" />
    </button>
  );
}

/** A button that ends a job, and waits for the answer. */
export function useCancel(job: IJob): {
  label: string;
  disabled: boolean;
  run: () => void;
} {
  const { actions, trans } = useJobs();
  const [isBusy, setBusy] = React.useState(false);
  return {
    label: isBusy ? trans.__('Cancelling…') : trans.__('Cancel job'),
    disabled: isBusy,
    run: () => {
      setBusy(true);
      void actions.cancel(job).finally(() => setBusy(false));
    }
  };
}
