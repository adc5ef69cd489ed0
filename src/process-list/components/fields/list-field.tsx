import {
  addIcon,
  caretDownEmptyThinIcon,
  caretUpEmptyThinIcon,
  closeIcon
} from '@jupyterlab/ui-components';
import React, { useRef } from 'react';

import { type IType, kindsOf, parseType } from '../../fields/dtypes';
import {
  itemsOf,
  toList,
  withItem,
  withItemMoved
} from '../../fields/json-items';
import { IconButton } from '../buttons';
import { emptyValue } from './empty';
import { useHost } from './host';
import { TextField } from './simple';
import type { IFieldProps } from './types';
import { ValueField } from './value-field';

const DATASETS = ['in_datasets', 'out_datasets'];
const ANYTHING = parseType('');

/** A list: a fixed row of cells, or lines that come, go and move. */
export function ListField(props: IFieldProps): JSX.Element {
  const items = itemsOf(props.value);
  if (!items) {
    return <TextField {...props} />;
  }
  const types = props.type.items;
  return types && types.length > 1 ? (
    <Cells {...props} items={items} types={types} />
  ) : (
    <Lines {...props} items={items} of={types?.[0] ?? ANYTHING} />
  );
}

interface ICellsProps extends IFieldProps {
  items: readonly string[];
  types: readonly IType[];
}

/** As many cells as the type has members, whatever the value holds. */
function Cells(props: ICellsProps): JSX.Element {
  const { types, label } = props;
  const { trans } = useHost();
  const items = types.map(
    (type, index) => props.items[index] ?? emptyValue(type)
  );
  const isPath = types.some(type =>
    kindsOf(type).some(kind => /path|dir/.test(kind))
  );
  const file = items.find((_, index) =>
    kindsOf(types[index]).some(kind => kind === 'filepath')
  );
  return (
    <div
      role="group"
      aria-label={label}
      className={`jp-SavuField-cells ${isPath ? 'jp-mod-lines' : ''}`}
    >
      {types.map((type, index) => (
        <div key={index} className="jp-SavuField-cell">
          {isPath && (
            <span className="jp-SavuField-cellName" aria-hidden={true}>
              {nameOf(type, trans)}
            </span>
          )}
          <ValueField
            {...props}
            id={index === 0 ? props.id : undefined}
            options={undefined}
            example={undefined}
            type={type}
            value={items[index]}
            label={
              isPath
                ? `${label}: ${nameOf(type, trans)}`
                : `${label} ${index + 1}`
            }
            file={file?.startsWith('"') ? (JSON.parse(file) as string) : null}
            onChange={(value, continued) =>
              props.onChange(toList(withItem(items, index, value)), continued)
            }
          />
        </div>
      ))}
    </div>
  );
}

function nameOf(type: IType, trans: { __: (text: string) => string }): string {
  const kinds = kindsOf(type);
  if (kinds.includes('filepath') || kinds.includes('dir')) {
    return trans.__('file');
  }
  return kinds.includes('h5path') ? trans.__('path in it') : trans.__('scale');
}

interface ILinesProps extends IFieldProps {
  items: readonly string[];
  of: IType;
}

/** A line for each item. */
function Lines(props: ILinesProps): JSX.Element {
  const { items, of, label, disabled } = props;
  const { trans, datasets } = useHost();
  const table = useRef<HTMLDivElement>(null);
  const isNames = DATASETS.includes(props.parameter);
  const set = (next: readonly string[], focused?: number) => {
    props.onChange(toList(next), false);
    if (focused !== undefined) {
      // The line is drawn first.
      requestAnimationFrame(() =>
        table.current
          ?.querySelectorAll<HTMLElement>('.jp-SavuField-line')
          [focused]?.querySelector<HTMLElement>('input, select, button')
          ?.focus()
      );
    }
  };
  const add = (at: number) =>
    set(
      [
        ...items.slice(0, at),
        items[at - 1] && !isNames
          ? items[at - 1]
          : isNames
            ? '""'
            : emptyValue(of),
        ...items.slice(at)
      ],
      at
    );
  const move = (from: number, to: number) => {
    if (to >= 0 && to < items.length) {
      set(withItemMoved(items, from, to), to);
    }
  };
  return (
    <div
      ref={table}
      role="group"
      aria-label={label}
      className="jp-SavuField-lines"
    >
      {items.map((item, index) => {
        const name = `${label} ${index + 1}`;
        const shared = {
          ...props,
          id: index === 0 ? props.id : undefined,
          options: undefined,
          example: undefined,
          type: of,
          value: item,
          label: name,
          onChange: (value: string, continued: boolean) =>
            props.onChange(toList(withItem(items, index, value)), continued)
        };
        return (
          <div
            key={index}
            className="jp-SavuField-line"
            onKeyDown={event => {
              const direction = { ArrowUp: -1, ArrowDown: 1 }[event.key];
              if (event.altKey && direction && !disabled) {
                event.preventDefault();
                event.stopPropagation();
                move(index, index + direction);
              } else if (
                event.key === 'Enter' &&
                event.target instanceof HTMLInputElement &&
                index === items.length - 1 &&
                !disabled
              ) {
                event.target.blur();
                add(items.length);
              }
            }}
          >
            {isNames ? (
              <TextField {...shared} completions={datasets} />
            ) : (
              <ValueField {...shared} />
            )}
            <IconButton
              icon={caretUpEmptyThinIcon}
              label={trans.__('Move %1 up', name)}
              keys="Alt+↑"
              disabled={disabled || index === 0}
              onClick={() => move(index, index - 1)}
            />
            <IconButton
              icon={caretDownEmptyThinIcon}
              label={trans.__('Move %1 down', name)}
              keys="Alt+↓"
              disabled={disabled || index === items.length - 1}
              onClick={() => move(index, index + 1)}
            />
            <IconButton
              icon={closeIcon}
              label={trans.__('Remove %1', name)}
              disabled={disabled}
              onClick={() =>
                set(
                  items.filter((_, at) => at !== index),
                  Math.max(0, index - 1)
                )
              }
            />
          </div>
        );
      })}
      <div className="jp-SavuField-add">
        <button
          type="button"
          id={items.length === 0 ? props.id : undefined}
          className="jp-SavuButton"
          aria-label={trans.__('Add to %1', label)}
          disabled={disabled}
          onClick={() => add(items.length)}
        >
          <addIcon.react tag="span" className="jp-SavuButton-icon" />
          {trans.__('Add')}
        </button>
        {items.length === 0 && (
          <span className="jp-SavuField-nothing">
            {emptyMeaning(props.parameter, datasets, trans)}
          </span>
        )}
      </div>
    </div>
  );
}

/** What an empty list means. */
function emptyMeaning(
  parameter: string,
  names: readonly string[],
  trans: { __: (text: string, ...values: string[]) => string }
): string {
  if (parameter === 'in_datasets') {
    return names.length > 0
      ? trans.__('all data there is: %1', names.join(', '))
      : trans.__('all data there is');
  }
  return parameter === 'out_datasets'
    ? trans.__('the names of the input')
    : trans.__('empty');
}
