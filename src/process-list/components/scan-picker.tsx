import { PathExt } from '@jupyterlab/coreutils';
import React, { useState } from 'react';

import { JUPYTER_ROOT, type IDataset } from '../../api';
import type { ListEditor } from '../editor';
import { Picker } from './picker';
import { useSearch } from './search';

export interface IScanPickerProps {
  /** Whose list it is. */
  editor: Pick<ListEditor, 'path' | 'services'>;
  onClose: () => void;
  onLeave: () => void;
}

/**
 * Chooses the scan that a list runs on: first the scans beside the list, and
 * with a search those of the whole folder that Jupyter shows.
 */
export function ScanPicker(props: IScanPickerProps): JSX.Element {
  const { editor, onClose } = props;
  const { client, scans, trans } = editor.services;
  const [query, setQuery] = useState('');
  const folder = PathExt.dirname(editor.path);
  const { found, isTruncated, failure } = useSearch(query, async text => {
    const page = await client.datasets(text ? { q: text } : { below: folder });
    return { ...page, items: nearestFirst(page.items, folder) };
  });

  const onPick = ({ path, root }: { path: string; root: string }) => {
    onClose();
    void scans.choose(editor.path, { root, path });
  };

  let message = failure;
  if (!message && !found) {
    message = trans.__('Looking for scans…');
  } else if (!message && found?.length === 0) {
    message = query
      ? trans.__('No scan matches “%1”.', query)
      : trans.__('No scan beside this list. Type to search everywhere.');
  } else if (!message && isTruncated) {
    message = trans.__('There are more: type to narrow the search.');
  }
  return (
    <Picker
      label={trans.__('Find a scan')}
      side="right"
      placeholder={trans.__('Search all scans by name or folder')}
      query={query}
      onQuery={setQuery}
      items={found}
      keyOf={({ root, path }) => `${root}/${path}`}
      render={scan => <ScanRow scan={scan} />}
      message={message}
      onPick={scan =>
        onPick({ path: scan.path, root: scan.root || JUPYTER_ROOT })
      }
      onClose={onClose}
      onLeave={props.onLeave}
    />
  );
}

/** The files in a folder come first. */
export function nearestFirst<T extends { path: string }>(
  files: readonly T[],
  folder: string
): T[] {
  const isBeside = ({ path }: T) => PathExt.dirname(path) === folder;
  return [...files.filter(isBeside), ...files.filter(file => !isBeside(file))];
}

function ScanRow({ scan }: { scan: IDataset }): JSX.Element {
  const folder = PathExt.dirname(scan.path);
  return (
    <>
      <div className="jp-SavuPicker-line">
        <span className="jp-SavuPicker-name">{scan.name}</span>
        {scan.shape && (
          <span className="jp-SavuPicker-shape">{scan.shape.join(' × ')}</span>
        )}
      </div>
      {folder && <div className="jp-SavuPicker-detail">{folder}</div>}
    </>
  );
}
