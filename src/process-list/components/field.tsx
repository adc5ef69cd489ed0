import {
  caretDownIcon,
  caretUpIcon,
  HTMLSelect
} from '@jupyterlab/ui-components';
import React, { useRef, useState } from 'react';

import type { IParameter } from '../../api';
import { fieldKind, fromText, sameValue, stepped, toText } from '../values';
import { Switch } from './switch';

export interface IFieldProps {
  parameter: IParameter;
  /** JSON text. */
  value: string;
  id: string;
  describedBy?: string;
  isInvalid: boolean;
  disabled: boolean;
  /**
   * @param continued - whether the change goes on with the one before, as the
   *   second typed letter does.
   */
  onChange: (value: string, continued: boolean) => void;
}

/** The field that fits a parameter. */
export function Field(props: IFieldProps): JSX.Element {
  const { parameter, value, disabled, onChange } = props;
  switch (fieldKind(parameter)) {
    case 'switch':
      // Anything but a truth value is shown as it is.
      if (value !== 'true' && value !== 'false') {
        return <TextField {...props} />;
      }
      return (
        <Switch
          id={props.id}
          label={parameter.name}
          checked={value === 'true'}
          disabled={disabled}
          describedBy={props.describedBy}
          onChange={checked => onChange(checked ? 'true' : 'false', false)}
        />
      );
    case 'choice':
      return <ChoiceField {...props} />;
    case 'number':
      return <NumberField {...props} />;
    default:
      return <TextField {...props} />;
  }
}

function ChoiceField(props: IFieldProps): JSX.Element {
  const { parameter, value, onChange } = props;
  const options = parameter.options ?? [];
  const chosen = options.find(option => sameValue(option, value));
  return (
    <HTMLSelect
      id={props.id}
      className="jp-SavuField-select"
      aria-label={parameter.name}
      aria-describedby={props.describedBy}
      aria-invalid={props.isInvalid}
      disabled={props.disabled}
      value={chosen ?? value}
      onChange={event => onChange(event.target.value, false)}
    >
      {chosen === undefined && (
        <option value={value}>{toText(value, parameter.dtype)}</option>
      )}
      {options.map(option => (
        <option key={option} value={option}>
          {toText(option, parameter.dtype)}
        </option>
      ))}
    </HTMLSelect>
  );
}

function NumberField(props: IFieldProps): JSX.Element {
  const { value, disabled, onChange, parameter } = props;
  const step = (direction: 1 | -1) => {
    const next = stepped(value, direction);
    if (next !== null) {
      onChange(next, false);
    }
  };
  return (
    <div className="jp-SavuField-number">
      <TextField
        {...props}
        onKeyDown={event => {
          if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
            event.preventDefault();
            step(event.key === 'ArrowUp' ? 1 : -1);
          }
        }}
      />
      {stepped(value, 1) !== null && (
        // The arrow keys do the same, hence no stop of the Tab key.
        <span className="jp-SavuField-steps" aria-hidden={true}>
          <button
            type="button"
            tabIndex={-1}
            disabled={disabled}
            title={`${parameter.name} + 1`}
            onClick={() => step(1)}
          >
            <caretUpIcon.react tag="span" />
          </button>
          <button
            type="button"
            tabIndex={-1}
            disabled={disabled}
            title={`${parameter.name} − 1`}
            onClick={() => step(-1)}
          >
            <caretDownIcon.react tag="span" />
          </button>
        </span>
      )}
    </div>
  );
}

interface ITextFieldProps extends IFieldProps {
  onKeyDown?: (event: React.KeyboardEvent) => void;
}

/**
 * A field for a value as text. The list holds what is typed at once, so that a
 * save or a run never misses the last letter; leaving the field makes it read
 * as the value is written.
 */
function TextField(props: ITextFieldProps): JSX.Element {
  const { parameter, value, onChange } = props;
  const [draft, setDraft] = useState<{ text: string; value: string } | null>(
    null
  );
  const isTyping = useRef(false);
  // After an undo the draft is no longer what the list holds.
  const text =
    draft?.value === value ? draft.text : toText(value, parameter.dtype);
  return (
    <input
      id={props.id}
      type="text"
      className="jp-SavuField-text"
      aria-label={parameter.name}
      aria-describedby={props.describedBy}
      aria-invalid={props.isInvalid}
      autoComplete="off"
      spellCheck={false}
      disabled={props.disabled}
      placeholder={text === '' ? parameter.example : undefined}
      value={text}
      onKeyDown={props.onKeyDown}
      onChange={event => {
        const next = fromText(event.target.value, parameter);
        setDraft({ text: event.target.value, value: next });
        onChange(next, isTyping.current);
        isTyping.current = true;
      }}
      onBlur={() => {
        setDraft(null);
        isTyping.current = false;
      }}
    />
  );
}
