import { PathExt } from '@jupyterlab/coreutils';
import { caretLeftIcon } from '@jupyterlab/ui-components';
import React from 'react';

import { type IJob, type IQueue, JUPYTER_ROOT } from '../../api';
import type { JobsModel } from '../model';
import { isFinal } from '../states';
import { useJobs, useNow } from './context';
import { Facts } from './facts';
import { Trouble } from './list';
import { JobLog } from './logView';
import { Command, Outputs, useRecord } from './outputs';
import { ProgressBar, StateIcon, useCancel } from './parts';
import { Resources } from './resources';

/** All about one job. */
export function JobPage(props: {
  model: JobsModel;
  job: IJob;
  isVisible: boolean;
}): JSX.Element {
  const { model, job, isVisible } = props;
  const { actions, trans, words } = useJobs();
  const now = useNow(isVisible, isFinal(job) ? 20_000 : 1000);
  const record = useRecord(job);
  const advice = job.state === 'failed' ? words.advice(job) : null;
  return (
    <div className="jp-SavuJobs-page">
      <button
        className="jp-SavuJobs-back"
        onClick={() => actions.showDetails(null)}
      >
        <caretLeftIcon.react tag="span" aria-hidden="true" />
        {trans.__('All jobs')}
      </button>
      <header>
        <StateIcon job={job} />
        <div>
          <h2>{words.name(job)}</h2>
          <p className="jp-SavuJobs-scan" title={job.data.path}>
            {PathExt.basename(job.data.path)}
          </p>
          <p className="jp-SavuJobs-status" data-state={job.state}>
            {words.status(job, model.queues, now)}
          </p>
          {advice && <p className="jp-SavuJobs-advice">{advice}</p>}
        </div>
      </header>
      <Trouble model={model} />
      <Buttons job={job} canResume={record?.can_resume ?? false} />
      <Steps job={job} />
      <Outputs job={job} />
      <Resources job={job} record={record} now={now} />
      <JobLog
        key={job.id}
        id={job.id}
        isActive={!isFinal(job)}
        isVisible={isVisible}
      />
      <Command record={record} />
      <Facts job={job} queue={queueOf(job, model.queues)} now={now} />
      {isFinal(job) && <Cleaning job={job} />}
    </div>
  );
}

function queueOf(job: IJob, queues: readonly IQueue[]): IQueue | undefined {
  return queues.find(({ name }) => name === job.queue);
}

function Buttons(props: { job: IJob; canResume: boolean }): JSX.Element {
  const { job, canResume } = props;
  const { actions, trans } = useJobs();
  const { showFolder, comparer } = actions;
  const cancel = useCancel(job);
  return (
    <div className="jp-SavuJobs-buttons">
      {job.result && (
        <button
          className="jp-SavuButton jp-mod-primary"
          onClick={() => actions.open(job)}
        >
          {trans.__('Open result')}
        </button>
      )}
      {!isFinal(job) && (
        <button
          className="jp-SavuButton jp-mod-outlined"
          disabled={cancel.disabled}
          onClick={cancel.run}
        >
          {cancel.label}
        </button>
      )}
      {canResume && (
        <button
          className="jp-SavuButton jp-mod-outlined"
          title={trans.__('Go on after the last step that is complete')}
          onClick={() => void actions.resume(job)}
        >
          {trans.__('Resume')}
        </button>
      )}
      {isFinal(job) && !job.deleted && (
        <button
          className="jp-SavuButton jp-mod-outlined"
          title={trans.__('Run the list as it ran then, on the same scan')}
          onClick={() => void actions.runAgain(job)}
        >
          {trans.__('Run again')}
        </button>
      )}
      {showFolder && !job.deleted && job.folder.root === JUPYTER_ROOT && (
        <button
          className="jp-SavuButton jp-mod-outlined"
          onClick={() => showFolder(job)}
        >
          {trans.__('Show folder')}
        </button>
      )}
      {comparer && (
        <>
          <button
            className="jp-SavuButton jp-mod-outlined"
            title={trans.__(
              'Show the list as it ran beside the list as it is now'
            )}
            onClick={() => void comparer.withNow(job)}
          >
            {trans.__('Compare list')}
          </button>
          <button
            className="jp-SavuButton jp-mod-outlined"
            title={trans.__(
              'Show the list or the result beside that of another run'
            )}
            onClick={() => actions.choose([job.id])}
          >
            {trans.__('Compare with another run…')}
          </button>
        </>
      )}
      <button
        className="jp-SavuButton jp-mod-outlined"
        onClick={() => void actions.copyAsPython(job)}
      >
        {trans.__('Copy as Python')}
      </button>
    </div>
  );
}

/** What takes something away, apart from the rest. */
function Cleaning({ job }: { job: IJob }): JSX.Element {
  const { actions, trans } = useJobs();
  return (
    <div className="jp-SavuJobs-cleaning">
      {!job.deleted && (
        <button
          className="jp-SavuJobs-link"
          onClick={() => void actions.deleteData(job)}
        >
          {trans.__('Delete data…')}
        </button>
      )}
      <button
        className="jp-SavuJobs-link"
        onClick={() => void actions.remove(job)}
      >
        {trans.__('Remove from list…')}
      </button>
    </div>
  );
}

function Steps({ job }: { job: IJob }): JSX.Element | null {
  const { trans, words } = useJobs();
  return job.steps.length > 0 ? (
    <section aria-label={trans.__('Steps')}>
      <h3 className="jp-SavuJobs-heading">{trans.__('Steps')}</h3>
      <ol className="jp-SavuJobs-steps">
        {job.steps.map(({ position, name, state, fraction }) => (
          <li key={position} data-state={state}>
            <span className="jp-SavuJobs-position">{position}</span>
            <span className="jp-SavuJobs-name" title={name}>
              {name}
            </span>
            <span className="jp-SavuJobs-percent">
              {state === 'waiting'
                ? '–'
                : state === 'failed'
                  ? trans.__('failed')
                  : words.percent(fraction)}
            </span>
            <ProgressBar label={name} fraction={fraction} state={state} />
          </li>
        ))}
      </ol>
    </section>
  ) : null;
}
