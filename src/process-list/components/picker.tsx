import { searchIcon } from '@jupyterlab/ui-components';
import React, { useEffect, useId, useRef, useState } from 'react';

import { closeOnLeave } from './overlay';

export interface IPickerProps<T> {
  /** What is picked, for screen readers. */
  label: string;
  /** Which end of the toolbar it hangs from. */
  side?: 'left' | 'right';
  placeholder: string;
  query: string;
  onQuery: (query: string) => void;
  /** Null while they are being looked for. */
  items: readonly T[] | null;
  keyOf: (item: T) => string;
  render: (item: T) => JSX.Element;
  /** The heading under which neighbours with the same heading stand. */
  groupOf?: (item: T) => string | null;
  /** More ways to narrow the search, below the field. */
  tools?: React.ReactNode;
  /** What is known about the item that Enter would pick. */
  details?: (item: T) => React.ReactNode;
  /** The pointer went down on an item, which may become a drag. */
  onPress?: (event: React.PointerEvent, item: T) => void;
  /** Said in place of items: why there are none. */
  message?: string | null;
  footer?: React.ReactNode;
  onPick: (item: T) => void;
  /** Closed on purpose: the focus goes back to the list. */
  onClose: () => void;
  /** Closed because the focus went elsewhere. */
  onLeave: () => void;
}

/** So many items the keys for pages go. */
const PAGE = 8;

/** A search field with what it finds below, worked by keys or mouse. */
export function Picker<T>(props: IPickerProps<T>): JSX.Element {
  const { items, query, keyOf, groupOf } = props;
  const [at, setAt] = useState(0);
  const id = useId();
  const panel = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  /** Enter came before the items. */
  const isAwaited = useRef(false);

  useEffect(() => field.current?.focus(), []);
  useEffect(() => setAt(0), [query, items]);
  useEffect(() => {
    isAwaited.current = false;
  }, [query]);
  useEffect(() => {
    if (isAwaited.current && items) {
      isAwaited.current = false;
      items.slice(0, 1).forEach(props.onPick);
    }
  }, [items]);
  useEffect(() => {
    panel.current
      ?.querySelector('[aria-selected="true"]')
      ?.scrollIntoView({ block: 'nearest' });
  }, [at, items]);

  const current = items?.[Math.min(at, items.length - 1)];
  const onKeyDown = (event: React.KeyboardEvent) => {
    const last = (items?.length ?? 0) - 1;
    switch (event.key) {
      case 'ArrowDown':
        setAt(Math.min(at + 1, last));
        break;
      case 'ArrowUp':
        setAt(Math.max(at - 1, 0));
        break;
      case 'PageDown':
        setAt(Math.min(at + PAGE, last));
        break;
      case 'PageUp':
        setAt(Math.max(at - PAGE, 0));
        break;
      case 'Enter':
        if (current !== undefined) {
          props.onPick(current);
        } else {
          isAwaited.current = items === null;
        }
        break;
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div
      className={`jp-SavuPicker jp-mod-${props.side ?? 'left'} ${props.details ? 'jp-mod-detailed' : ''}`}
      ref={panel}
      onBlur={event => closeOnLeave(event, props.onLeave)}
      onKeyDown={event => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          props.onClose();
        }
      }}
      tabIndex={-1}
    >
      <div className="jp-SavuPicker-search">
        <searchIcon.react tag="span" className="jp-SavuPicker-icon" />
        <input
          ref={field}
          type="text"
          role="combobox"
          aria-label={props.label}
          aria-expanded={true}
          aria-controls={`${id}-items`}
          aria-activedescendant={
            current === undefined ? undefined : `${id}-${keyOf(current)}`
          }
          autoComplete="off"
          spellCheck={false}
          placeholder={props.placeholder}
          value={query}
          onChange={event => props.onQuery(event.target.value)}
          onKeyDown={onKeyDown}
        />
      </div>
      {props.tools && <div className="jp-SavuPicker-tools">{props.tools}</div>}
      <div className="jp-SavuPicker-body">
        <div
          className="jp-SavuPicker-items"
          role="listbox"
          id={`${id}-items`}
          aria-label={props.label}
          tabIndex={-1}
        >
          {items?.map((item, index) => {
            const group = groupOf?.(item) ?? null;
            const isFirst =
              index === 0 || group !== groupOf?.(items[index - 1]);
            return (
              <React.Fragment key={keyOf(item)}>
                {group !== null && isFirst && (
                  <div className="jp-SavuPicker-group" role="presentation">
                    {group}
                  </div>
                )}
                <div
                  id={`${id}-${keyOf(item)}`}
                  role="option"
                  aria-selected={item === current}
                  className="jp-SavuPicker-item"
                  onMouseMove={() => setAt(index)}
                  onPointerDown={event => props.onPress?.(event, item)}
                  onClick={() => props.onPick(item)}
                >
                  {props.render(item)}
                </div>
              </React.Fragment>
            );
          })}
        </div>
        {current !== undefined && props.details && (
          <div className="jp-SavuPicker-details">{props.details(current)}</div>
        )}
      </div>
      {props.message && (
        <div className="jp-SavuPicker-message" role="status">
          {props.message}
        </div>
      )}
      {props.footer && (
        <div className="jp-SavuPicker-footer">{props.footer}</div>
      )}
    </div>
  );
}
