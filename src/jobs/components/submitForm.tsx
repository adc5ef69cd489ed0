import type { TranslationBundle } from '@jupyterlab/translation';
import { HTMLSelect } from '@jupyterlab/ui-components';
import React from 'react';

import {
  type IDataset,
  type IPlace,
  type IQueue,
  JUPYTER_ROOT,
  type SavuClient
} from '../../api';
import type { IRunnableList } from '../../tokens';
import {
  type IRefusal,
  type ISubmitForm,
  optionsOf,
  wrongResources
} from '../form';
import type { JobWords } from '../words';
import { Plan, useForecast } from './plan';

export interface ISubmitFormProps {
  initial: ISubmitForm;
  list: IRunnableList;
  queues: readonly IQueue[];
  client: Pick<SavuClient, 'datasets' | 'plan' | 'script'>;
  trans: TranslationBundle;
  words: JobWords;
  /** Why what the form asked for was not submitted. */
  refusal: IRefusal | null;
  /** How often it was not submitted. */
  attempts: number;
  onChange: (form: ISubmitForm) => void;
}

/** Where a list runs, on which rows of which scans, and with what resources. */
export function SubmitForm(props: ISubmitFormProps): JSX.Element {
  const { list, queues, client, trans, words } = props;
  const [form, setForm] = React.useState(props.initial);
  const queue = queues.find(({ name }) => name === form.queue) ?? queues[0];
  const change = (changes: Partial<ISubmitForm>) => {
    const changed = { ...form, ...changes };
    setForm(changed);
    props.onChange(changed);
  };
  const node = React.useRef<HTMLDivElement>(null);
  React.useEffect(() => {
    if (props.attempts > 0) {
      node.current
        ?.querySelector<HTMLElement>('[aria-invalid="true"]')
        ?.focus();
    }
  }, [props.attempts]);
  const wrong = wrongResources(form, queue);
  const forecast = useForecast(list, form, queues, client);
  const refusal = props.refusal ?? forecast.refusal;
  const fields = [
    '/rows',
    ...queue.resources.map(({ name }) => `/resources/${name}`),
    ...queue.values.map(({ name }) => `/values/${name}`)
  ];
  const isRefused = (field: string) => refusal?.place === field;
  const why = (field: string) =>
    refusal &&
    isRefused(field) && (
      <span className="jp-SavuSubmit-wrong" role="alert">
        {refusal.message}
      </span>
    );
  return (
    <div className="jp-SavuSubmit" ref={node}>
      <label>
        {trans.__('Queue')}
        <HTMLSelect
          value={queue.name}
          aria-label={trans.__('Queue')}
          onChange={event => change({ queue: event.target.value })}
        >
          {queues.map(({ name, title }) => (
            <option key={name} value={name}>
              {title}
            </option>
          ))}
        </HTMLSelect>
      </label>
      <p className="jp-SavuSubmit-hint">{queue.description}</p>
      <label>
        {trans.__('Rows')}
        <input
          className="jp-mod-styled"
          aria-label={trans.__('Rows')}
          value={form.rows}
          placeholder={
            queue.restrict_rows === null
              ? trans.__('as the list says')
              : trans.__('%1 in the middle', queue.restrict_rows)
          }
          aria-invalid={isRefused('/rows')}
          onChange={event => change({ rows: event.target.value })}
        />
        {why('/rows')}
      </label>
      <p className="jp-SavuSubmit-hint">
        {trans.__(
          'As in a preview: 60:68, mid, or : for all. The saved list stays as it is.'
        )}
      </p>
      {queue.resources.map(
        ({ name, title, unit, default: usual, least, most }) => (
          <label key={name}>
            {labelOf(title, unit, trans)}
            <input
              aria-label={labelOf(title, unit, trans)}
              className="jp-mod-styled"
              type="number"
              min={least}
              max={most ?? undefined}
              value={form.resources[name] ?? ''}
              placeholder={usual === null ? trans.__('as usual') : `${usual}`}
              aria-invalid={
                wrong.includes(name) || isRefused(`/resources/${name}`)
              }
              onChange={event =>
                change({
                  resources: { ...form.resources, [name]: event.target.value }
                })
              }
            />
            {wrong.includes(name) && (
              <span className="jp-SavuSubmit-wrong" role="alert">
                {most === null
                  ? trans.__('at least %1', least)
                  : trans.__('%1 to %2', least, most)}
              </span>
            )}
            {why(`/resources/${name}`)}
          </label>
        )
      )}
      {queue.values.map(({ name, default: usual }) => (
        <label key={name}>
          {name}
          <input
            aria-label={name}
            className="jp-mod-styled"
            value={form.values[name] ?? ''}
            placeholder={usual ?? ''}
            onChange={event =>
              change({ values: { ...form.values, [name]: event.target.value } })
            }
            aria-invalid={isRefused(`/values/${name}`)}
          />
          {why(`/values/${name}`)}
        </label>
      ))}
      <Scans
        chosen={form.scans}
        client={client}
        trans={trans}
        onChange={scans => change({ scans })}
      />
      {refusal && !fields.includes(refusal.place ?? '') && (
        <p className="jp-SavuSubmit-wrong" role="alert">
          {refusal.message}
        </p>
      )}
      <Plan {...{ forecast, form, queue, trans, words }} />
      {queue.schedules && (
        <Script key={queue.name} form={form} {...{ queue, client, trans }} />
      )}
    </div>
  );
}

function labelOf(
  title: string,
  unit: string | null,
  trans: TranslationBundle
): string {
  const label = title[0].toUpperCase() + title.slice(1);
  return unit ? trans.__('%1 (%2)', label, unit) : label;
}

/** The scans of Jupyter's folder; the list runs on each that is ticked. */
function Scans(props: {
  chosen: readonly IPlace[];
  client: ISubmitFormProps['client'];
  trans: TranslationBundle;
  onChange: (scans: IPlace[]) => void;
}): JSX.Element {
  const { chosen, client, trans, onChange } = props;
  const [found, setFound] = React.useState<readonly IDataset[]>([]);
  const [search, setSearch] = React.useState('');
  React.useEffect(() => {
    const request = new AbortController();
    client
      .datasets(
        { root: JUPYTER_ROOT, below: '', q: search, kind: 'scan', limit: 100 },
        request.signal
      )
      .then(({ items }) => setFound(items))
      // The chosen ones are there without a search.
      .catch(() => undefined);
    return () => request.abort();
  }, [client, search]);
  const isChosen = (place: IPlace) =>
    chosen.some(({ root, path }) => root === place.root && path === place.path);
  const others = found
    .map(({ root, path }) => ({ root, path }))
    .filter(place => !isChosen(place));
  return (
    <fieldset>
      <legend>
        {trans._n('On %1 scan', 'On %1 scans, as one group', chosen.length)}
      </legend>
      <input
        className="jp-mod-styled"
        type="search"
        aria-label={trans.__('Search scans')}
        aria-invalid={chosen.length === 0}
        placeholder={trans.__('Search scans')}
        value={search}
        onChange={event => setSearch(event.target.value)}
      />
      <div className="jp-SavuSubmit-scans">
        {[...chosen, ...others].map(place => (
          <label key={`${place.root}:${place.path}`} title={place.path}>
            <input
              type="checkbox"
              checked={isChosen(place)}
              onChange={() =>
                onChange(
                  isChosen(place)
                    ? chosen.filter(
                        ({ root, path }) =>
                          root !== place.root || path !== place.path
                      )
                    : [...chosen, place]
                )
              }
            />
            {place.path}
          </label>
        ))}
      </div>
      {chosen.length === 0 && (
        <p className="jp-SavuSubmit-wrong" role="alert">
          {trans.__('Choose at least one scan.')}
        </p>
      )}
    </fieldset>
  );
}

/** What the scheduler is given, as the server makes it of the form. */
function Script(props: {
  form: ISubmitForm;
  queue: IQueue;
  client: ISubmitFormProps['client'];
  trans: TranslationBundle;
}): JSX.Element {
  const { form, queue, client, trans } = props;
  const [shown, setShown] = React.useState<string | null>(null);
  const show = () => {
    const { resources, values } = optionsOf(form, queue);
    client
      .script(queue.name, { resources, values })
      .then(script => setShown(script ?? trans.__('There is no script.')))
      .catch(error => setShown(String(error?.message ?? error)));
  };
  return (
    <>
      <button type="button" className="jp-SavuJobs-link" onClick={show}>
        {trans.__('Show script')}
      </button>
      {shown !== null && (
        <pre tabIndex={0} aria-label={trans.__('Script')}>
          {shown}
        </pre>
      )}
    </>
  );
}
