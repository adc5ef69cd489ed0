import {
  caretDownIcon,
  caretUpIcon,
  HTMLSelect
} from '@jupyterlab/ui-components';
import React, { useId } from 'react';

import { mayBeNone } from '../../fields/dtypes';
import { fromText, sameValue, stepped, toText } from '../../values';
import { Switch } from '../switch';
import { useHost } from './host';
import { TextInput } from './text-input';
import type { IFieldProps } from './types';

/** Beside Shift, the arrow keys take steps this much larger. */
const LARGE = 10;

export function SwitchField(props: IFieldProps): JSX.Element {
  return (
    <Switch
      id={props.id}
      label={props.label}
      checked={props.value === 'true'}
      disabled={props.disabled}
      describedBy={props.describedBy}
      onChange={checked => props.onChange(checked ? 'true' : 'false', false)}
    />
  );
}

export function ChoiceField(props: IFieldProps): JSX.Element {
  const { value, options = [], type } = props;
  const chosen = options.find(option => sameValue(option, value));
  return (
    <HTMLSelect
      id={props.id}
      className="jp-SavuField-select"
      aria-label={props.label}
      aria-describedby={props.describedBy}
      aria-invalid={props.isInvalid}
      disabled={props.disabled}
      value={chosen ?? value}
      onChange={event => props.onChange(event.target.value, false)}
    >
      {chosen === undefined && (
        <option value={value}>{toText(value, type.text)}</option>
      )}
      {options.map(option => (
        <option key={option} value={option}>
          {toText(option, type.text)}
        </option>
      ))}
    </HTMLSelect>
  );
}

export function NumberField(props: IFieldProps): JSX.Element {
  const { value, disabled, label } = props;
  const step = (by: number) => {
    const next = stepped(value, by);
    if (next !== null && !disabled) {
      props.onChange(next, false);
    }
  };
  return (
    <div className="jp-SavuField-number">
      <TextField
        {...props}
        onKeyDown={event => {
          const direction = { ArrowUp: 1, ArrowDown: -1 }[event.key];
          if (direction && !event.altKey) {
            event.preventDefault();
            step(direction * (event.shiftKey ? LARGE : 1));
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
            title={`${label} + (↑)`}
            onClick={() => step(1)}
          >
            <caretUpIcon.react tag="span" />
          </button>
          <button
            type="button"
            tabIndex={-1}
            disabled={disabled}
            title={`${label} − (↓)`}
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
  onKeyDown?: (event: React.KeyboardEvent<HTMLInputElement>) => void;
  onDone?: (text: string) => void;
  placeholder?: string;
  completions?: readonly string[];
}

/** A value as text; where it may be None, an empty field means that. */
export function TextField(props: ITextFieldProps): JSX.Element {
  const { value, type, completions } = props;
  const { trans } = useHost();
  const id = useId();
  const isNone = value === 'null' && mayBeNone(type);
  const text = isNone ? '' : toText(value, type.text);
  return (
    <>
      <TextInput
        id={props.id}
        label={props.label}
        describedBy={props.describedBy}
        isInvalid={props.isInvalid}
        disabled={props.disabled}
        text={text}
        list={completions && id}
        placeholder={
          props.placeholder ?? (isNone ? trans.__('None') : props.example)
        }
        onKeyDown={props.onKeyDown}
        onDone={props.onDone}
        onChange={(typed, continued) =>
          props.onChange(
            typed.trim() === '' && mayBeNone(type)
              ? 'null'
              : fromText(typed, { dtype: type.text, default: '' }),
            continued
          )
        }
      />
      {completions && (
        <datalist id={id}>
          {completions.map(name => (
            <option key={name} value={name} />
          ))}
        </datalist>
      )}
    </>
  );
}
