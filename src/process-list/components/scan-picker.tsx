import { PathExt } from '@jupyterlab/coreutils';
import React, { useEffect, useState } from 'react';

import { JUPYTER_ROOT, type IDataset } from '../../api';
import type { ListEditor } from '../editor';
import { Picker } from './picker';

/** So long after the last letter the server is asked. */
const DELAY_MS = 250;

export interface IScanPickerProps {
  editor: ListEditor;
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
  const [found, setFound] = useState<IDataset[] | null>(null);
  const [isTruncated, setTruncated] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const folder = PathExt.dirname(editor.path);

  useEffect(() => {
    let isCurrent = true;
    const search = async () => {
      try {
        const page = await client.datasets(
          query ? { q: query } : { below: folder }
        );
        if (isCurrent) {
          setFound(nearestFirst(page.items, folder));
          setTruncated(page.truncated || page.next !== null);
          setFailure(null);
        }
      } catch (error) {
        if (isCurrent) {
          setFailure((error as Error).message);
        }
      }
    };
    const timer = window.setTimeout(search, query ? DELAY_MS : 0);
    return () => {
      isCurrent = false;
      window.clearTimeout(timer);
    };
  }, [client, folder, query]);

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

/** The scans in the folder of the list come first. */
function nearestFirst(scans: IDataset[], folder: string): IDataset[] {
  const isBeside = ({ path }: IDataset) => PathExt.dirname(path) === folder;
  return [...scans.filter(isBeside), ...scans.filter(scan => !isBeside(scan))];
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
