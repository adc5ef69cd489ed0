import { PathExt, Time } from '@jupyterlab/coreutils';
import React, { useState } from 'react';

import type { IPlace, IProcessListEntry } from '../../api';
import type { ListEditor } from '../editor';
import { Picker } from './picker';
import { nearestFirst } from './scan-picker';
import { useSearch } from './search';

export interface IListPickerProps {
  editor: ListEditor;
  onCompare: (place: IPlace) => void;
  onClose: () => void;
  onLeave: () => void;
}

/** Chooses the list to compare with: a file, the list of a run, or this one as it was saved. */
export function ListPicker(props: IListPickerProps): JSX.Element {
  const { editor } = props;
  const { client, trans } = editor.services;
  const [query, setQuery] = useState('');
  const folder = PathExt.dirname(editor.path);
  const { found, isTruncated, failure } = useSearch(query, async text => {
    const page = await client.processLists(
      text ? { q: text } : { below: folder }
    );
    return { ...page, items: nearestFirst(page.items, folder) };
  });
  let message = failure;
  if (!message && !found) {
    message = trans.__('Looking for process lists…');
  } else if (!message && found?.length === 0) {
    message = trans.__('No process list matches “%1”.', query);
  } else if (!message && isTruncated) {
    message = trans.__('There are more: type to narrow the search.');
  }
  return (
    <Picker
      label={trans.__('Find a process list to compare with')}
      placeholder={trans.__('Search all lists and runs by name or folder')}
      query={query}
      onQuery={setQuery}
      items={found}
      keyOf={({ root, path }) => `${root}/${path}`}
      render={entry => (
        <Entry
          entry={entry}
          remark={
            entry.path === editor.path
              ? trans.__('this list, as it was saved')
              : trans._n('%1 plugin', '%1 plugins', entry.plugins)
          }
        />
      )}
      message={message}
      footer={trans.__('Enter shows both lists side by side')}
      onPick={({ root, path }) => {
        props.onClose();
        props.onCompare({ root, path });
      }}
      onClose={props.onClose}
      onLeave={props.onLeave}
    />
  );
}

function Entry(props: {
  entry: IProcessListEntry;
  remark: string;
}): JSX.Element {
  const { name, path, modified } = props.entry;
  return (
    <>
      <div className="jp-SavuPicker-line">
        <span className="jp-SavuPicker-name">{name}</span>
        <span className="jp-SavuPicker-shape">{props.remark}</span>
      </div>
      <div className="jp-SavuPicker-detail">
        {[PathExt.dirname(path), Time.formatHuman(new Date(modified))]
          .filter(Boolean)
          .join(' · ')}
      </div>
    </>
  );
}
