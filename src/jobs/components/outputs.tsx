import React from 'react';

import type { IJob, IJobOutput, IJobRecord } from '../../api';
import { isFinal } from '../states';
import { useJobs } from './context';

/** What a client answers, asked again when a job has come further; null until then. */
function useAnswer<T>(ask: () => Promise<T>, keys: unknown[]): T | null {
  const [answer, setAnswer] = React.useState<T | null>(null);
  React.useEffect(() => {
    let isCurrent = true;
    // What cannot be read, as after the folder was deleted, is not shown.
    ask()
      .catch(() => null)
      .then(told => isCurrent && setAnswer(told))
      .catch(console.error);
    return () => {
      isCurrent = false;
    };
  }, keys);
  return answer;
}

/** How many of a job's steps are done: with each of them there may be new outputs. */
function stepsDone({ steps }: IJob): number {
  return steps.filter(({ state }) => state === 'done').length;
}

/** What the job has made so far, final results first. */
export function Outputs({ job }: { job: IJob }): JSX.Element | null {
  const { actions, client, trans } = useJobs();
  const outputs = useAnswer(
    () => client.jobOutputs(job.id),
    [client, job.id, job.state, stepsDone(job), job.deleted]
  );
  const { openOutput } = actions;
  return outputs && outputs.length > 0 ? (
    <section aria-label={trans.__('Outputs')}>
      <h3 className="jp-SavuJobs-heading">{trans.__('Outputs')}</h3>
      <ul className="jp-SavuJobs-outputs">
        {outputs.map(output => (
          <li key={output.dataset}>
            <span className="jp-SavuJobs-name" title={output.dataset}>
              {output.name}
            </span>
            {output.final && (
              <span className="jp-SavuJobs-tag">{trans.__('result')}</span>
            )}
            {openOutput && (
              <button
                className="jp-SavuJobs-link"
                aria-label={trans.__('Open %1', output.name)}
                onClick={() => openOutput(output)}
              >
                {trans.__('Open')}
              </button>
            )}
            <span className="jp-SavuJobs-shape">{shape(output)}</span>
          </li>
        ))}
      </ul>
    </section>
  ) : null;
}

function shape({ shape, dtype }: IJobOutput): string {
  return `${shape.join(' × ')} ${dtype}`;
}

/** What was submitted: the command, and where it runs. */
export function useRecord(job: IJob): IJobRecord | null {
  const { client } = useJobs();
  return useAnswer(
    () => client.jobRecord(job.id),
    [client, job.id, isFinal(job), job.deleted]
  );
}

export function Command({
  record
}: {
  record: IJobRecord | null;
}): JSX.Element | null {
  const { trans } = useJobs();
  return record ? (
    <details className="jp-SavuJobs-command">
      <summary>{trans.__('What runs')}</summary>
      <p>
        {trans.__(
          'Submitted from %1, engine %2.',
          record.host,
          `${record.engine} ${record.engine_version ?? ''}`.trim()
        )}
      </p>
      <pre tabIndex={0} aria-label={trans.__('Command')}>
        {record.command.join('\n')}
      </pre>
    </details>
  ) : null;
}
