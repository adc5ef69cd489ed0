import { UseSignal } from '@jupyterlab/ui-components';
import React, { useRef } from 'react';

import { copied, paste } from '../clipboard';
import type { ListEditor } from '../editor';
import { compareWith } from '../whole-list';
import { Cards } from './cards';
import { ListCitations } from './citations';
import { FillIn } from './fill-in';
import { Help } from './help';
import { History } from './history';
import { ListPicker } from './list-picker';
import { Parameters } from './parameters';
import { PluginBrowser } from './plugin-browser';
import { ProblemList } from './problems';
import { ScanPicker } from './scan-picker';
import { Sheet } from './sheet';
import { Starters } from './starters';
import { Toolbar } from './toolbar';

const CONTROL = ':is(input, select, button):enabled';

export interface IListViewProps {
  editor: ListEditor;
}

/** The editor of a process list; drawn again whenever its state changes. */
export function ListView({ editor }: IListViewProps): JSX.Element {
  return (
    <UseSignal signal={editor.viewChanged}>
      {() => <ListBody editor={editor} />}
    </UseSignal>
  );
}

function ListBody({ editor }: IListViewProps): JSX.Element {
  const { trans } = editor.services;
  const body = useRef<HTMLDivElement>(null);
  const focus = (selector: string) =>
    body.current?.querySelector<HTMLElement>(selector)?.focus();
  return (
    <div className="jp-SavuList">
      <Toolbar editor={editor} />
      {editor.isReadOnly && (
        <div className="jp-SavuList-note" role="note">
          {trans.__(
            'This list is read-only. Use “Save NeXus File As…” in the File menu to edit a copy.'
          )}
        </div>
      )}
      {!editor.isReadOnly && editor.list.hasLetters && (
        <div className="jp-SavuList-note" role="note">
          {trans.__(
            'Numbers with letters, as 2a, keep Savu from opening this list.'
          )}
          <button
            type="button"
            className="jp-SavuButton jp-mod-outlined"
            onClick={() => editor.list.renumber()}
          >
            {trans.__('Use plain numbers')}
          </button>
        </div>
      )}
      <div className="jp-SavuList-body" ref={body}>
        {editor.list.length === 0 ? (
          <EmptyList editor={editor} />
        ) : (
          <>
            <Cards
              editor={editor}
              onEnter={() => {
                const field = body.current?.querySelector(
                  '.jp-SavuParameters-value'
                );
                // The control that the label names comes before those that choose its form.
                const control =
                  field?.querySelector<HTMLElement>(`${CONTROL}[id]`) ??
                  field?.querySelector<HTMLElement>(CONTROL);
                control?.focus();
              }}
            />
            <Parameters
              editor={editor}
              onEscape={() => focus('[role="listbox"]')}
            />
          </>
        )}
        <OverlayPanel
          editor={editor}
          onClosed={() =>
            focus('.jp-SavuList-plugins :is([role="listbox"], button)')
          }
        />
      </div>
    </div>
  );
}

interface IOverlayPanelProps {
  editor: ListEditor;
  /** The keyboard goes back to the list. */
  onClosed: () => void;
}

function OverlayPanel(props: IOverlayPanelProps): JSX.Element | null {
  const { editor, onClosed } = props;
  const { trans } = editor.services;
  const onLeave = () => {
    editor.overlay = null;
  };
  const panel = {
    editor,
    onLeave,
    onClose: () => {
      onLeave();
      onClosed();
    }
  };
  switch (editor.overlay) {
    case 'fill':
      return <FillIn {...panel} />;
    case 'add':
    case 'replace':
      return (
        <PluginBrowser {...panel} isReplacing={editor.overlay === 'replace'} />
      );
    case 'scan':
      return <ScanPicker {...panel} />;
    case 'problems':
      return <ProblemList {...panel} />;
    case 'compare':
      return (
        <ListPicker
          {...panel}
          onCompare={place => compareWith(editor, place)}
        />
      );
    case 'citations':
      return (
        <Sheet {...panel} trans={trans} title={trans.__('Citations')}>
          <ListCitations editor={editor} />
        </Sheet>
      );
    case 'history':
      return (
        <Sheet {...panel} trans={trans} title={trans.__('History')}>
          <History editor={editor} />
        </Sheet>
      );
    case 'help':
      return (
        <Sheet
          {...panel}
          trans={trans}
          title={trans.__('Keys, and the commands of savu_config')}
        >
          <Help trans={trans} />
        </Sheet>
      );
    default:
      return null;
  }
}

function EmptyList({ editor }: IListViewProps): JSX.Element {
  const { trans } = editor.services;
  const count = copied()?.plugins.length ?? 0;
  return (
    <div className="jp-SavuMessage jp-SavuList-plugins">
      <h2>{trans.__('An empty process list')}</h2>
      <p>
        {trans.__(
          'A list begins with a loader, which reads the scan; the plugins after it work on the data one after the other.'
        )}
      </p>
      {!editor.isReadOnly && (
        <button
          type="button"
          className="jp-SavuButton jp-mod-primary"
          onClick={() => {
            editor.overlay = 'add';
          }}
        >
          {trans.__('Add a loader')}
        </button>
      )}
      {!editor.isReadOnly && count > 0 && (
        <button
          type="button"
          className="jp-SavuButton jp-mod-outlined"
          onClick={() => paste(editor)}
        >
          {trans._n(
            'Paste the copied plugin',
            'Paste %1 copied plugins',
            count
          )}
        </button>
      )}
      {!editor.isReadOnly && <Starters editor={editor} />}
    </div>
  );
}
