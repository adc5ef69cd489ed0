import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { IPlan, IQueue, SavuClient } from '../../api';
import type { IRunnableList } from '../../tokens';
import {
  type IRefusal,
  type ISubmitForm,
  memoryOf,
  refusalOf,
  scarce,
  submissionOf
} from '../form';
import type { JobWords } from '../words';

/** So long after the last change the server is asked, in milliseconds. */
const DELAY = 500;

/** What the server says of a form: what would be done, or why it would not. */
export interface IForecast {
  plan: IPlan | null;
  refusal: IRefusal | null;
  isAsking: boolean;
}

/** The plan of what a form asks for on its first scan, asked anew when that has changed. */
export function useForecast(
  list: IRunnableList,
  form: ISubmitForm,
  queues: readonly IQueue[],
  client: Pick<SavuClient, 'plan'>
): IForecast {
  const [forecast, setForecast] = React.useState<IForecast>({
    plan: null,
    refusal: null,
    isAsking: true
  });
  const data = form.scans[0];
  // Resources change how long a job waits, but not what it does.
  const asked = JSON.stringify([form.queue, form.rows.trim(), data]);
  React.useEffect(() => {
    if (!data) {
      setForecast({ plan: null, refusal: null, isAsking: false });
      return;
    }
    const request = new AbortController();
    const tell = (told: Partial<IForecast>) =>
      request.signal.aborted ||
      setForecast({ plan: null, refusal: null, isAsking: false, ...told });
    setForecast(old => ({ ...old, isAsking: true }));
    const timer = setTimeout(() => {
      const { queue, list: plist, rows } = submissionOf(list, form, queues);
      client.plan({ queue, list: plist, rows, data }, request.signal).then(
        plan => tell({ plan }),
        error => tell({ refusal: refusalOf(error) })
      );
    }, DELAY);
    return () => {
      clearTimeout(timer);
      request.abort();
    };
  }, [list, client, asked]);
  return forecast;
}

/** What a run would take, before it begins. */
export function Plan(props: {
  forecast: IForecast;
  form: ISubmitForm;
  queue: IQueue;
  trans: TranslationBundle;
  words: JobWords;
}): JSX.Element | null {
  const { forecast, form, queue, trans, words } = props;
  const { plan, isAsking } = forecast;
  if (!plan) {
    return isAsking ? (
      <p className="jp-SavuSubmit-plan" role="status">
        {trans.__('Planning…')}
      </p>
    ) : null;
  }
  const short = scarce(plan, form, queue);
  return (
    <section
      className="jp-SavuSubmit-plan"
      aria-label={trans.__('Plan')}
      aria-busy={isAsking}
    >
      <p role="status">
        {trans._n(
          'About %2 in %1 pass, %3 of memory, %4 written.',
          'About %2 in %1 passes, %3 of memory, %4 written.',
          plan.passes.length,
          words.duration(plan.seconds),
          words.memory(memoryOf(plan, queue)),
          words.size(plan.disk)
        )}
      </p>
      {short.includes('memory') && (
        <p className="jp-SavuSubmit-wrong">
          {trans.__('That is more memory than is asked for.')}
        </p>
      )}
      {short.includes('minutes') && (
        <p className="jp-SavuSubmit-wrong">
          {trans.__('That is more time than is asked for.')}
        </p>
      )}
      <details>
        <summary>{trans.__('Passes and results')}</summary>
        <ol>
          {plan.passes.map(({ plugins, workers, memory, seconds }, index) => (
            <li key={index}>
              {plugins.join(', ') || trans.__('The data are stored anew')}
              {': '}
              {trans._n(
                '%2, %1 process of %3',
                '%2, %1 processes of %3',
                workers,
                words.duration(Math.max(1, seconds)),
                words.memory(memory)
              )}
            </li>
          ))}
        </ol>
        <ul>
          {plan.results.map(({ name, shape, dtype, bytes }) => (
            <li key={name}>
              {`${name}: ${shape.join(' × ')} ${dtype}, ${words.size(bytes)}`}
            </li>
          ))}
        </ul>
        <p className="jp-SavuSubmit-hint">
          {trans.__(
            'An estimate for the machine of the server, right to about a factor of two.'
          )}
        </p>
      </details>
    </section>
  );
}
