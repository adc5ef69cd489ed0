import { PathExt } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import {
  fileUploadIcon,
  folderIcon,
  HTMLSelect,
  ReactWidget,
  refreshIcon,
  searchIcon,
  UseSignal
} from '@jupyterlab/ui-components';
import type { IDisposable } from '@lumino/disposable';
import type { Message } from '@lumino/messaging';
import React from 'react';

import { JUPYTER_ROOT } from '../api';
import type { ISavuViewer } from '../tokens';
import type { DataActions } from './actions';
import { ListDrop } from './drop';
import { Found } from './found';
import { isDataset, type DataModel } from './model';

export interface IDataPanelProps {
  model: DataModel;
  actions: DataActions;
  trans: TranslationBundle;
  /** The folder that the file browser shows. */
  browserFolder: () => string | null;
  /** Where files from the desktop can be dropped; null without a viewer. */
  acceptFiles: ISavuViewer['acceptFiles'] | null;
}

/** The side panel that finds scans, process lists and results. */
export class DataPanel extends ReactWidget {
  constructor(private readonly _props: IDataPanelProps) {
    super();
    this.addClass('jp-SavuData');
    this._drop = new ListDrop(this.node, _props.model, _props.actions);
  }

  render(): JSX.Element {
    return (
      <UseSignal signal={this._props.model.changed}>
        {() => <Panel {...this._props} />}
      </UseSignal>
    );
  }

  protected onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    this._drop.attach();
    this._files = this._props.acceptFiles?.(this.node) ?? null;
  }

  protected onBeforeDetach(message: Message): void {
    this._drop.detach();
    this._files?.dispose();
    super.onBeforeDetach(message);
  }

  protected onAfterShow(): void {
    this._props.model.searchSoon();
  }

  protected onActivateRequest(): void {
    this.node.querySelector<HTMLElement>('input')?.focus();
  }

  private readonly _drop: ListDrop;
  private _files: IDisposable | null = null;
}

function Panel(props: IDataPanelProps): JSX.Element {
  const { model, actions, trans } = props;
  return (
    <div className="jp-SavuData-panel">
      <Search {...props} />
      <Found model={model} actions={actions} trans={trans} />
      <SelectedActions {...props} />
    </div>
  );
}

function Search(props: IDataPanelProps): JSX.Element {
  const { model, actions, trans, browserFolder } = props;
  const here = browserFolder();
  return (
    <div className="jp-SavuData-search" role="search">
      <div className="jp-SavuData-line">
        <span className="jp-SavuData-field">
          <searchIcon.react tag="span" className="jp-SavuButton-icon" />
          <input
            type="text"
            aria-label={trans.__('Find data')}
            placeholder={trans.__('Find by name or folder')}
            autoComplete="off"
            spellCheck={false}
            value={model.query}
            onChange={event => {
              model.query = event.target.value;
            }}
            onKeyDown={event => {
              if (event.key === 'ArrowDown') {
                event.preventDefault();
                event.currentTarget
                  .closest('.jp-SavuData-panel')
                  ?.querySelector<HTMLElement>('[role="listbox"]')
                  ?.focus();
              }
            }}
          />
        </span>
        <button
          type="button"
          className="jp-SavuButton jp-mod-icon"
          aria-label={trans.__('Search again')}
          title={trans.__('Search again')}
          onClick={() => model.search()}
        >
          <refreshIcon.react tag="span" className="jp-SavuButton-icon" />
        </button>
        {actions.canOpenLocal && (
          <button
            type="button"
            className="jp-SavuButton jp-mod-icon"
            aria-label={trans.__('Open from this computer')}
            title={trans.__(
              'Look at a file of this computer in the browser; or drop one here'
            )}
            onClick={() => actions.openLocal()}
          >
            <fileUploadIcon.react tag="span" className="jp-SavuButton-icon" />
          </button>
        )}
      </div>
      <div className="jp-SavuData-line">
        {model.roots.length > 1 && (
          <HTMLSelect
            className="jp-SavuData-root"
            aria-label={trans.__('Root')}
            value={model.root}
            onChange={event => {
              model.root = event.target.value;
            }}
          >
            {model.roots.map(root => (
              <option key={root}>{root}</option>
            ))}
          </HTMLSelect>
        )}
        <span className="jp-SavuData-field">
          <folderIcon.react tag="span" className="jp-SavuButton-icon" />
          <input
            type="text"
            aria-label={trans.__('Below folder')}
            placeholder={trans.__('Below: everywhere')}
            autoComplete="off"
            spellCheck={false}
            value={model.folder}
            onChange={event => {
              model.folder = event.target.value;
            }}
          />
        </span>
        {here !== null && (
          <button
            type="button"
            className="jp-SavuButton"
            title={trans.__('Search below the folder of the file browser')}
            onClick={() => {
              model.folder = browserFolder() ?? '';
            }}
          >
            {trans.__('Here')}
          </button>
        )}
      </div>
    </div>
  );
}

function SelectedActions(props: IDataPanelProps): JSX.Element | null {
  const { model, actions, trans } = props;
  const { selected } = model;
  if (!selected) {
    return null;
  }
  const { current } = actions.lists ?? {};
  const isScan = isDataset(selected) && selected.kind === 'scan';
  const isList = !isDataset(selected);
  return (
    <div className="jp-SavuData-actions">
      <button
        type="button"
        className="jp-SavuButton jp-mod-outlined"
        aria-label={trans.__('Open %1', selected.name)}
        onClick={() => void actions.open(selected)}
      >
        {trans.__('Open')}
      </button>
      {isScan && current && (
        <button
          type="button"
          className="jp-SavuButton jp-mod-outlined jp-SavuData-use"
          title={trans.__('Let %1 run on this scan', current.path)}
          disabled={actions.isUsed(selected)}
          onClick={() => void actions.use(selected)}
        >
          <span>{trans.__('Use for %1', PathExt.basename(current.path))}</span>
        </button>
      )}
      {isScan && current && actions.canRun && (
        <button
          type="button"
          className="jp-SavuButton jp-mod-outlined"
          aria-label={trans.__(
            'Run %1 on %2',
            PathExt.basename(current.path),
            selected.name
          )}
          title={trans.__(
            'Run %1 on this scan, after asking for the queue. Dragging a list onto the scan does the same',
            current.path
          )}
          onClick={() =>
            void actions.run(
              { root: JUPYTER_ROOT, path: current.path },
              selected
            )
          }
        >
          {trans.__('Run…')}
        </button>
      )}
      {isList && current && (
        <button
          type="button"
          className="jp-SavuButton jp-mod-outlined"
          title={trans.__('Show this list beside %1', current.path)}
          onClick={() => actions.compare(selected)}
        >
          {trans.__('Compare with %1', PathExt.basename(current.path))}
        </button>
      )}
    </div>
  );
}
