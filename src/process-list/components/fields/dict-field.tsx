import { addIcon, closeIcon } from '@jupyterlab/ui-components';
import React from 'react';

import { parseType } from '../../fields/dtypes';
import { entriesOf, toDict, withItem } from '../../fields/json-items';
import { IconButton } from '../buttons';
import { emptyValue } from './empty';
import { FieldHost, useHost } from './host';
import { TextField } from './simple';
import { TextInput } from './text-input';
import type { IFieldProps } from './types';
import { ValueField } from './value-field';

const ANYTHING = parseType('');

/** A dictionary: a line for each key with its value. */
export function DictField(props: IFieldProps): JSX.Element {
  const { label, disabled } = props;
  const host = useHost();
  const { trans, datasets } = host;
  const entries = entriesOf(props.value);
  if (!entries) {
    return <TextField {...props} />;
  }
  const [keyType, of] = props.type.items ?? [];
  const valueType = of ?? ANYTHING;
  const isWide = valueType.kind === 'preview';
  const set = (next: [string, string][], continued = false) =>
    props.onChange(toDict(next), continued);
  const newKey = () => {
    const keys = entries.map(([key]) => key);
    if (keyType?.kind === 'int') {
      return String(
        Math.max(-1, ...keys.map(Number).filter(Number.isFinite)) + 1
      );
    }
    return datasets.find(name => !keys.includes(name)) ?? '';
  };
  return (
    <div role="group" aria-label={label} className="jp-SavuField-lines">
      {entries.map(([key, value], index) => (
        <div
          key={index}
          className={`jp-SavuField-line jp-mod-entry ${isWide ? 'jp-mod-wide' : ''}`}
        >
          <span className="jp-SavuField-key">
            <TextInput
              id={index === 0 ? props.id : undefined}
              label={trans.__('%1: key %2', label, index + 1)}
              describedBy={props.describedBy}
              // A preview says itself which of its lines is wrong.
              isInvalid={props.isInvalid && !isWide}
              disabled={disabled}
              text={key}
              onChange={(typed, continued) =>
                set(withItem(entries, index, [typed.trim(), value]), continued)
              }
            />
          </span>
          {/* The data sets of one key need not have the shape of the scan. */}
          <FieldHost value={isWide ? { ...host, scan: null } : host}>
            <ValueField
              {...props}
              id={undefined}
              options={undefined}
              type={valueType}
              value={value}
              label={trans.__('%1: value of %2', label, key)}
              onChange={(next, continued) =>
                set(withItem(entries, index, [key, next]), continued)
              }
            />
          </FieldHost>
          <IconButton
            icon={closeIcon}
            label={trans.__('Remove %1 from %2', key, label)}
            disabled={disabled}
            onClick={() => set(entries.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      <div className="jp-SavuField-add">
        <button
          type="button"
          id={entries.length === 0 ? props.id : undefined}
          className="jp-SavuButton"
          aria-label={trans.__('Add to %1', label)}
          disabled={disabled}
          onClick={() =>
            set([
              ...entries,
              [
                newKey(),
                entries[entries.length - 1]?.[1] ?? emptyValue(valueType)
              ]
            ])
          }
        >
          <addIcon.react tag="span" className="jp-SavuButton-icon" />
          {trans.__('Add')}
        </button>
        {entries.length === 0 && (
          <span className="jp-SavuField-nothing">{trans.__('empty')}</span>
        )}
      </div>
    </div>
  );
}
