import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useEffect, useRef, useState } from 'react';

import type { IParameter, IReadTuning, SavuClient } from '../../api';
import {
  type IRange,
  product,
  rangeOf,
  rangeText,
  valuesText
} from '../fields/tunings';
import { isTuned, toText } from '../values';

/** So long after the last keystroke the server is asked. */
const DELAY_MS = 150;
/** So many values are named. */
const MOST_NAMED = 12;

export interface ITuningFormProps {
  client: SavuClient;
  trans: TranslationBundle;
  parameter: IParameter;
  /** JSON text. */
  value: string;
  /** How many values the other parameters of the list are tuned with. */
  others: readonly number[];
  onUse: (value: string) => void;
  onClose: () => void;
}

/** Several values for one parameter: in a row, or as a range. */
export function TuningForm(props: ITuningFormProps): JSX.Element {
  const { client, trans, parameter, value } = props;
  const start = begin(value, parameter.dtype);
  const [isRange, setIsRange] = useState(start.isRange);
  const [row, setRow] = useState(start.row);
  const [range, setRange] = useState<IRange>(start.range);
  const [read, setRead] = useState<IReadTuning | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const text = isRange ? rangeText(range) : valuesText(row);

  useEffect(
    () =>
      form.current
        ?.querySelector<HTMLElement>('input:not([type="radio"])')
        ?.focus(),
    [isRange]
  );
  useEffect(() => {
    let isCurrent = true;
    const timer = window.setTimeout(
      () =>
        client.readTuning(parameter, text).then(
          told => {
            if (isCurrent) {
              setRead(told);
              setFailure(null);
            }
          },
          (error: Error) => isCurrent && setFailure(error.message)
        ),
      DELAY_MS
    );
    return () => {
      isCurrent = false;
      window.clearTimeout(timer);
    };
  }, [client, parameter, text]);

  const count = read?.values.length ?? 0;
  const isFine = read !== null && read.value !== null && read.expected === null;
  const named = (values: readonly string[]) =>
    values
      .slice(0, MOST_NAMED)
      .map(one => toText(one, ''))
      .concat(values.length > MOST_NAMED ? ['…'] : [])
      .join(', ');
  const field = (name: keyof IRange, label: string) => (
    <label className="jp-SavuTuning-part">
      {label}
      <input
        type="text"
        className="jp-SavuField-text"
        autoComplete="off"
        value={range[name]}
        placeholder={name === 'step' ? '1' : undefined}
        onChange={event => setRange({ ...range, [name]: event.target.value })}
      />
    </label>
  );
  const way = (ofRange: boolean, label: string) => (
    <label>
      <input
        type="radio"
        checked={isRange === ofRange}
        onChange={() => setIsRange(ofRange)}
      />
      {label}
    </label>
  );
  return (
    <form
      ref={form}
      className="jp-SavuTuning"
      aria-label={trans.__('Several values of %1', parameter.name)}
      onSubmit={event => {
        event.preventDefault();
        if (isFine && read?.value) {
          props.onUse(read.value);
        }
      }}
      onKeyDown={event => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          props.onClose();
        }
      }}
    >
      <div
        role="radiogroup"
        aria-label={trans.__('How the values are given')}
        className="jp-SavuTuning-ways"
      >
        {way(false, trans.__('Values'))}
        {way(true, trans.__('Range'))}
      </div>
      {isRange ? (
        <div className="jp-SavuTuning-range">
          {field('start', trans.__('from'))}
          {field('stop', trans.__('to before'))}
          {field('step', trans.__('in steps of'))}
        </div>
      ) : (
        <input
          type="text"
          className="jp-SavuField-text"
          aria-label={trans.__('Values, divided by semicolons')}
          placeholder="80; 84; 88"
          autoComplete="off"
          value={row}
          onChange={event => setRow(event.target.value)}
        />
      )}
      <div role="status" className="jp-SavuTuning-told">
        {failure && (
          <p className="jp-SavuParameters-message jp-mod-error">{failure}</p>
        )}
        {read?.expected && (
          <p className="jp-SavuParameters-message jp-mod-error">
            {read.value === null
              ? read.expected
              : trans.__('Each value must be %1.', read.expected)}
          </p>
        )}
        {isFine && (
          <>
            <p className="jp-SavuParameters-tuning">
              {trans._n(
                '%1 value → %2 reconstructions',
                '%1 values → %2 reconstructions',
                count,
                product([count, ...props.others])
              )}
            </p>
            <p>{named(read.values)}</p>
            {named(read.savu) !== named(read.values) && (
              <p className="jp-SavuParameters-message jp-mod-warning">
                {read.savu.length > 0
                  ? trans.__(
                      'Of “%1” Savu 4.2 would run only %2, so the values are saved one by one.',
                      text,
                      named(read.savu)
                    )
                  : trans.__(
                      'Savu 4.2 cannot run “%1”, so the values are saved one by one.',
                      text
                    )}
              </p>
            )}
          </>
        )}
      </div>
      <div className="jp-SavuTuning-buttons">
        <button
          type="button"
          className="jp-SavuButton jp-mod-outlined"
          onClick={props.onClose}
        >
          {trans.__('Cancel')}
        </button>
        <button
          type="submit"
          className="jp-SavuButton jp-mod-primary"
          disabled={!isFine}
        >
          {count > 1 && isFine
            ? trans.__('Try %1 values', count)
            : trans.__('Try values')}
        </button>
      </div>
    </form>
  );
}

/** What the form begins with. */
function begin(
  value: string,
  dtype: string
): { isRange: boolean; row: string; range: IRange } {
  const text = toText(value, dtype);
  const range = isTuned(value, dtype) ? rangeOf(text) : null;
  const isNumber = /^-?[\d.]+$/.test(text);
  return {
    isRange: range !== null,
    row: range
      ? ''
      : text
          .split(';')
          .map(one => one.trim())
          .filter(Boolean)
          .join('; '),
    range: range ?? { start: isNumber ? text : '', stop: '', step: '' }
  };
}
