import { ellipsesIcon, refreshIcon } from '@jupyterlab/ui-components';
import React, { memo, useId, useMemo, useRef, useState } from 'react';

import type { IParameter, IProblem } from '../../api';
import type { ListEditor } from '../editor';
import { kindsOf, parseType, shapesOf } from '../fields/dtypes';
import { marked, markOf } from '../fields/marks';
import { product } from '../fields/tunings';
import { fromText, isTuned, sameValue, toText } from '../values';
import { hint, IconButton } from './buttons';
import { FieldHost, type IFieldHost, type ISurroundings } from './fields/host';
import { MarkField } from './fields/mark-field';
import { RawField } from './fields/raw-field';
import type { IFieldProps } from './fields/types';
import { DATA_PATH, ValueField } from './fields/value-field';
import { type IMenuItem, openMenu } from '../../menu';
import { TuningForm } from './tuning-form';

export interface IParameterRowProps {
  editor: ListEditor;
  index: number;
  /** The number and the name of the plugin. */
  position: string;
  plugin: string;
  parameter: IParameter;
  /** JSON text. */
  value: string;
  problem?: IProblem;
  /** The default beside the values of the others, as JSON text; empty where there is none. */
  fallback: string;
  /** How many values it is tuned with; 0 when it is not. */
  values: number;
  /** How many values the other parameters of the list are tuned with, divided by blanks. */
  others: string;
  /** The `ISurroundings` as JSON text. */
  surroundings: string;
  disabled: boolean;
}

/** A parameter: its name, its field, and what can be done with it; drawn again only when one of these has changed. */
export const ParameterRow = memo(
  function ParameterRow(props: IParameterRowProps): JSX.Element {
    const { editor, index, parameter, value, fallback, problem, disabled } =
      props;
    const { trans, client } = editor.services;
    const { name, dtype } = parameter;
    const [isRaw, setRaw] = useState(false);
    const [isTuning, setTuning] = useState(false);
    const row = useRef<HTMLDivElement>(null);
    const id = useId();
    const host = useMemo(
      (): IFieldHost => ({
        client,
        trans,
        documents: editor.services.documents,
        drafts: editor.drafts,
        path: editor.path,
        plugin: props.plugin,
        ...(JSON.parse(props.surroundings) as ISurroundings)
      }),
      [editor, client, trans, props.plugin, props.surroundings]
    );
    const type = useMemo(() => parseType(dtype), [dtype]);
    const normal = toText(fallback, dtype) || "''";
    const isKnown = fallback !== '';
    const isChanged = isKnown && !sameValue(value, fallback);
    const others = props.others.split(' ').filter(Boolean).map(Number);
    const tuned = isTuned(value, dtype);
    const mark = markOf(value);
    const set = (next: string, continued = false) =>
      editor.list.setParameter(index, name, next, continued);
    const focus = () =>
      // What is to be focused is drawn first.
      requestAnimationFrame(() =>
        row.current
          ?.querySelector<HTMLElement>(
            '.jp-SavuParameters-value :is(input, select, button):enabled'
          )
          ?.focus()
      );
    const endTuning = () => {
      setTuning(false);
      focus();
    };
    const field: IFieldProps = {
      type,
      value,
      label: name,
      id,
      describedBy: `${id}-about`,
      isInvalid: problem?.severity === 'error',
      disabled,
      options: parameter.options,
      example: parameter.example,
      parameter: name,
      onChange: set
    };
    const about = [
      dtype && trans.__('Type: %1', dtype),
      isKnown && trans.__('Default: %1', normal),
      parameter.example,
      `savu_config: mod ${props.position}.${name}`
    ].filter(Boolean);

    const openTools = (button: HTMLElement) => {
      const items: IMenuItem[] = [];
      if (!shapesOf(type).has('preview')) {
        items.push({
          label: tuned
            ? trans.__('Change the Values…')
            : trans.__('Try Several Values…'),
          run: () => setTuning(true)
        });
        if (tuned) {
          items.push({
            label: trans.__('Keep the First Value Only'),
            run: () => set(firstOf(value, parameter))
          });
        }
      }
      items.push({
        label: isRaw ? trans.__('Show the Field') : trans.__('Type It as Text'),
        run: () => {
          setRaw(!isRaw);
          focus();
        }
      });
      if (mark) {
        items.push({
          label: trans.__('Do Not Ask Before a Run'),
          run: () => set(fromText(mark.text, parameter))
        });
      } else {
        items.push(
          {
            label: trans.__('Fill In Before Each Run'),
            run: () => set(marked(value, dtype, false))
          },
          {
            label: trans.__('Fill In Once for All %1', props.plugin),
            run: () => set(marked(value, dtype, true))
          }
        );
      }
      if (isChanged) {
        items.push({
          label: trans.__('Reset to %1', shortened(normal)),
          run: () => set(fallback)
        });
      }
      openMenu(button, items);
    };
    const isText = isRaw || tuned;
    return (
      <FieldHost value={host}>
        <div
          ref={row}
          className={`jp-SavuParameters-row ${isWide(type, value, name) && !isText && !mark ? 'jp-mod-wide' : ''}`}
        >
          <label htmlFor={id} title={about.join('\n')}>
            {name}
          </label>
          <div className="jp-SavuParameters-field">
            <div className="jp-SavuParameters-value">
              {mark && !isRaw ? (
                <MarkField {...field} mark={mark} />
              ) : isText ? (
                <RawField {...field} />
              ) : (
                <ValueField {...field} />
              )}
            </div>
            {parameter.unit && (
              <span className="jp-SavuParameters-unit">{parameter.unit}</span>
            )}
            <span className="jp-SavuParameters-tools">
              {isChanged && (
                <button
                  type="button"
                  className="jp-SavuParameters-reset"
                  aria-label={trans.__('Reset %1', name)}
                  title={hint(
                    trans.__('Changed. Reset to %1', normal),
                    undefined,
                    `mod ${props.position}.${name} -d`
                  )}
                  disabled={disabled}
                  onClick={() => {
                    set(fallback);
                    focus();
                  }}
                >
                  <span className="jp-SavuParameters-dot" />
                  <refreshIcon.react
                    tag="span"
                    className="jp-SavuButton-icon"
                  />
                </button>
              )}
              {isKnown && (
                <IconButton
                  icon={ellipsesIcon}
                  label={trans.__('More for %1', name)}
                  disabled={disabled}
                  onClick={event => openTools(event.currentTarget)}
                />
              )}
            </span>
          </div>
          <div className="jp-SavuParameters-about" id={`${id}-about`}>
            {problem && <Message problem={problem} />}
            {props.values > 0 && tuned && !isTuning && (
              <div className="jp-SavuParameters-tuning">
                {trans._n(
                  '%1 value → %2 reconstructions',
                  '%1 values → %2 reconstructions',
                  props.values,
                  product([props.values, ...others])
                )}
              </div>
            )}
            {parameter.description}
          </div>
          {isTuning && (
            <TuningForm
              client={client}
              trans={trans}
              parameter={parameter}
              value={mark ? fromText(mark.text, parameter) : value}
              others={others}
              onUse={next => {
                set(next);
                endTuning();
              }}
              onClose={endTuning}
            />
          )}
        </div>
      </FieldHost>
    );
  },
  (one, other) =>
    (Object.keys(other) as (keyof IParameterRowProps)[]).every(
      key =>
        one[key] === other[key] ||
        (key === 'problem' &&
          one.problem?.message === other.problem?.message &&
          one.problem?.severity === other.problem?.severity)
    )
);

export function Message({ problem }: { problem: IProblem }): JSX.Element {
  return (
    <div className={`jp-SavuParameters-message jp-mod-${problem.severity}`}>
      {problem.message}
    </div>
  );
}

/** Whether a field needs the whole width: previews, and paths, which are long. */
function isWide(
  type: ReturnType<typeof parseType>,
  value: string,
  name: string
): boolean {
  const shapes = shapesOf(type);
  return (
    (shapes.has('preview') && /^\s*[[{]/.test(value)) ||
    /path|dir/.test(shapes.get('list')?.text ?? '') ||
    kindsOf(type).some(kind => /path|dir/.test(kind)) ||
    name === DATA_PATH
  );
}

/** The first of several values, as JSON text. */
function firstOf(value: string, parameter: IParameter): string {
  const text = JSON.parse(value) as string;
  return fromText(text.split(/[;:]/)[0], parameter);
}

function shortened(text: string): string {
  return text.length > 32 ? `${text.slice(0, 31)}…` : text;
}
