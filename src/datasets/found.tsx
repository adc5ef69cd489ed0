import { PathExt, Time } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useEffect, useId, useRef } from 'react';

import { dragFile, whenDragged } from '../dragging';
import type { DataActions } from './actions';
import {
  isDataset,
  SECTIONS,
  type DataModel,
  type ISection,
  type Item,
  type SectionName
} from './model';

export interface IFoundProps {
  model: DataModel;
  actions: DataActions;
  trans: TranslationBundle;
}

/** The files that were found, by kind. */
export function Found(props: IFoundProps): JSX.Element {
  const { model, actions, trans } = props;
  const items = SECTIONS.flatMap(name => model.section(name).items);
  const { selected } = model;
  const at = selected ? items.indexOf(selected) : -1;
  const listbox = useRef<HTMLDivElement>(null);
  const id = useId();

  useEffect(() => {
    listbox.current
      ?.querySelector('[aria-selected="true"]')
      ?.scrollIntoView({ block: 'nearest' });
  }, [selected]);

  const onKeyDown = (event: React.KeyboardEvent) => {
    const go = (index: number) =>
      model.select(items[Math.max(0, Math.min(index, items.length - 1))]);
    const actionsByKey: Record<string, () => void> = {
      ArrowDown: () => go(at + 1),
      ArrowUp: () => go(at - 1),
      Home: () => go(0),
      End: () => go(items.length - 1),
      Enter: () => selected && void actions.open(selected)
    };
    const action = actionsByKey[event.key];
    if (action && items.length > 0) {
      event.preventDefault();
      action();
    }
  };

  return (
    <div
      ref={listbox}
      className="jp-SavuData-found"
      role="listbox"
      aria-label={trans.__('Found files')}
      aria-activedescendant={at < 0 ? undefined : `${id}-${at}`}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      {SECTIONS.map(name => (
        <Section
          key={name}
          name={name}
          section={model.section(name)}
          onMore={() => model.more(name)}
          model={model}
          trans={trans}
        >
          {model.section(name).items.map(item => (
            <Row
              key={`${item.root} ${item.path}`}
              id={`${id}-${items.indexOf(item)}`}
              item={item}
              isSelected={item === selected}
              isUsed={isDataset(item) && actions.isUsed(item)}
              trans={trans}
              onSelect={() => model.select(item)}
              onOpen={() => void actions.open(item)}
            />
          ))}
        </Section>
      ))}
    </div>
  );
}

interface ISectionProps {
  name: SectionName;
  section: ISection;
  onMore: () => void;
  model: DataModel;
  trans: TranslationBundle;
  children: React.ReactNode;
}

function Section(props: ISectionProps): JSX.Element {
  const { name, section, model, trans, children, onMore } = props;
  const titles: Record<SectionName, string> = {
    scans: trans.__('Scans'),
    lists: trans.__('Process lists'),
    results: trans.__('Results')
  };
  const { items, isLoading, next, isTruncated, failure } = section;
  const count = `${items.length}${next !== null || isTruncated ? '+' : ''}`;
  return (
    <div role="group" aria-label={titles[name]} className="jp-SavuData-section">
      <div className="jp-SavuData-heading" role="presentation">
        <span>{titles[name]}</span>
        <span className="jp-SavuData-count">
          {isLoading && items.length === 0 ? '…' : count}
        </span>
      </div>
      {children}
      {failure !== null && (
        <div className="jp-SavuData-message" role="presentation">
          {failure}
        </div>
      )}
      {failure === null && !isLoading && items.length === 0 && (
        <div className="jp-SavuData-message" role="presentation">
          {emptyText(name, model, trans)}
        </div>
      )}
      {isTruncated && (
        <div className="jp-SavuData-message" role="presentation">
          {trans.__(
            'Not all folders were searched: there are too many. Name a folder above.'
          )}
        </div>
      )}
      {next !== null && (
        <div className="jp-SavuData-more" role="presentation" onClick={onMore}>
          {isLoading ? trans.__('Loading…') : trans.__('Show more')}
        </div>
      )}
    </div>
  );
}

/** Says why there is nothing, and what to do. */
function emptyText(
  name: SectionName,
  model: DataModel,
  trans: TranslationBundle
): string {
  if (model.query || model.folder) {
    return trans.__('Nothing matches.');
  }
  switch (name) {
    case 'scans':
      return trans.__(
        'None yet. Upload a NeXus tomography scan (NXtomo), or drop one here to look at it.'
      );
    case 'lists':
      return trans.__(
        'None yet. Make one with “Process List” in the launcher.'
      );
    case 'results':
      return trans.__('None yet. Open a process list and press Preview.');
  }
}

interface IRowProps {
  id: string;
  item: Item;
  isSelected: boolean;
  isUsed: boolean;
  trans: TranslationBundle;
  onSelect: () => void;
  onOpen: () => void;
}

function Row(props: IRowProps): JSX.Element {
  const { item, trans } = props;
  const folder = PathExt.dirname(item.path);
  const modified = new Date(item.modified);
  const size = isDataset(item)
    ? (item.shape?.join(' × ') ?? '')
    : trans._n('%1 plugin', '%1 plugins', item.plugins);
  return (
    <div
      id={props.id}
      role="option"
      aria-selected={props.isSelected}
      className="jp-SavuData-row"
      data-root={item.root}
      data-path={item.path}
      title={`${item.path}\n${Time.format(modified)}`}
      onPointerDown={event =>
        whenDragged(event.nativeEvent, (x, y) => {
          void dragFile(item, item.name, x, y);
        })
      }
      onClick={props.onSelect}
      onDoubleClick={props.onOpen}
    >
      <div className="jp-SavuData-line">
        <span className="jp-SavuData-name">{item.name}</span>
        {props.isUsed && (
          <span className="jp-SavuBadge">{trans.__('in use')}</span>
        )}
      </div>
      <div className="jp-SavuData-line">
        <span className="jp-SavuData-detail jp-SavuData-folder">{folder}</span>
        <span className="jp-SavuData-detail">
          {[size, Time.formatHuman(modified, 'narrow')]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </div>
    </div>
  );
}
