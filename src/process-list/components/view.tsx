import { UseSignal } from '@jupyterlab/ui-components';
import React, { useRef, useState } from 'react';

import { copied, paste } from '../clipboard';
import type { ListEditor } from '../editor';
import { AddPlugin } from './add-plugin';
import { Cards } from './cards';
import { Parameters } from './parameters';
import { ProblemList } from './problems';
import { ScanPicker } from './scan-picker';
import { Toolbar, type Overlay } from './toolbar';

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
  const [overlay, setOverlay] = useState<Overlay>(null);
  const body = useRef<HTMLDivElement>(null);
  const focus = (selector: string) =>
    body.current?.querySelector<HTMLElement>(selector)?.focus();
  const panel = {
    editor,
    onLeave: () => setOverlay(null),
    onClose: () => {
      setOverlay(null);
      focus('[role="listbox"]');
    }
  };
  return (
    <div className="jp-SavuList">
      <Toolbar editor={editor} overlay={overlay} onOverlay={setOverlay} />
      {editor.isReadOnly && (
        <div className="jp-SavuList-note" role="note">
          {trans.__(
            'This list is read-only. Use “Save NeXus File As…” in the File menu to edit a copy.'
          )}
        </div>
      )}
      <div className="jp-SavuList-body" ref={body}>
        {editor.list.length === 0 ? (
          <EmptyList editor={editor} onAdd={() => setOverlay('add')} />
        ) : (
          <>
            <Cards
              editor={editor}
              onAdd={() => setOverlay('add')}
              onEnter={() =>
                focus(
                  '.jp-SavuParameters-field :is(input, select, button):enabled'
                )
              }
            />
            <Parameters
              editor={editor}
              onEscape={() => focus('[role="listbox"]')}
            />
          </>
        )}
        {overlay === 'add' && <AddPlugin {...panel} />}
        {overlay === 'scan' && <ScanPicker {...panel} />}
        {overlay === 'problems' && <ProblemList {...panel} />}
      </div>
    </div>
  );
}

interface IEmptyListProps {
  editor: ListEditor;
  onAdd: () => void;
}

function EmptyList({ editor, onAdd }: IEmptyListProps): JSX.Element {
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
          onClick={onAdd}
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
    </div>
  );
}
