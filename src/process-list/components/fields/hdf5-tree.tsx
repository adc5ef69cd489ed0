import { PathExt } from '@jupyterlab/coreutils';
import { caretDownIcon, caretRightIcon } from '@jupyterlab/ui-components';
import React, { useEffect, useRef, useState } from 'react';

import type { IHdf5Object, IPlace } from '../../../api';
import { lead, visibleRows } from '../../fields/hdf5-rows';
import { type IFieldHost, useHost } from './host';

export interface IHdf5TreeProps {
  label: string;
  /** Where programs find the file; the scan where it is null. */
  file: string | null;
  /** The path that is chosen now. */
  chosen: string;
  onChoose: (path: string) => void;
  onClose: () => void;
}

/** What an HDF5 file holds, group by group; a dataset is chosen by a click or Enter. */
export function Hdf5Tree(props: IHdf5TreeProps): JSX.Element {
  const host = useHost();
  const { client, trans } = host;
  const [place, setPlace] = useState<IPlace | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [objects, setObjects] = useState<ReadonlyMap<string, IHdf5Object>>(
    new Map()
  );
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [at, setAt] = useState<string | null>(null);
  const tree = useRef<HTMLDivElement>(null);

  const load = async (from: IPlace, path: string): Promise<IHdf5Object> => {
    const found = await client.metadata(from, path);
    setObjects(known => new Map(known).set(path, found));
    return found;
  };
  useEffect(() => {
    let isCurrent = true;
    const begin = async () => {
      const file = await placeOf(host, props.file);
      const opened = new Set(['/']);
      for (const path of lead(props.chosen)) {
        const { kind, children = [] } = await load(file, path);
        if (!isCurrent || kind !== 'group') {
          break;
        }
        opened.add(path);
        if (children.length === 0) {
          break;
        }
      }
      if (isCurrent) {
        setPlace(file);
        setOpen(opened);
        setAt(`/${props.chosen.replace(/^\/+/, '')}`);
      }
    };
    begin().catch((error: Error) => isCurrent && setFailure(error.message));
    return () => {
      isCurrent = false;
    };
    // The file is looked into once, when the tree opens.
  }, []);
  useEffect(() => {
    if (place) {
      tree.current?.focus();
    }
  }, [place]);

  useEffect(() => {
    // Without the braces its promise would be taken for what ends the effect.
    tree.current
      ?.querySelector('[aria-selected="true"]')
      ?.scrollIntoView({ block: 'nearest' });
  }, [place, at]);

  if (failure !== null) {
    return (
      <div className="jp-SavuTree" role="status">
        {failure}
      </div>
    );
  }
  const rows = place ? visibleRows(objects, open) : [];
  const index = Math.max(
    0,
    rows.findIndex(({ path }) => path === at)
  );
  const toggle = (path: string, toOpen: boolean) => {
    const next = new Set(open);
    if (toOpen) {
      next.add(path);
      if (place && !objects.has(path)) {
        load(place, path).catch((error: Error) => setFailure(error.message));
      }
    } else {
      next.delete(path);
    }
    setOpen(next);
  };
  const pick = (row: (typeof rows)[number]) =>
    row.isGroup
      ? toggle(row.path, !open.has(row.path))
      : row.isDataset && props.onChoose(row.path.slice(1));
  const onKeyDown = (event: React.KeyboardEvent) => {
    const row = rows[index];
    const go = (to: number) =>
      setAt(rows[Math.max(0, Math.min(to, rows.length - 1))]?.path ?? null);
    const keys: Record<string, () => void> = {
      ArrowDown: () => go(index + 1),
      ArrowUp: () => go(index - 1),
      Home: () => go(0),
      End: () => go(rows.length - 1),
      ArrowRight: () =>
        row?.isGroup && (open.has(row.path) ? go(index + 1) : pick(row)),
      ArrowLeft: () =>
        row?.isGroup && open.has(row.path)
          ? toggle(row.path, false)
          : setAt(PathExt.dirname(row?.path ?? '/')),
      Enter: () => row && pick(row),
      Escape: props.onClose
    };
    const action = keys[event.key];
    if (action) {
      event.preventDefault();
      event.stopPropagation();
      action();
    }
  };
  return (
    <div className="jp-SavuTree">
      <div className="jp-SavuTree-file">
        {place
          ? PathExt.basename(place.path)
          : trans.__('Looking into the file…')}
      </div>
      <div
        ref={tree}
        role="tree"
        aria-label={trans.__('What the file holds for %1', props.label)}
        aria-activedescendant={rows[index] && `${props.label}-${index}`}
        tabIndex={0}
        className="jp-SavuTree-rows"
        onKeyDown={onKeyDown}
      >
        {rows.map((row, number) => (
          <div
            key={row.path}
            id={`${props.label}-${number}`}
            role="treeitem"
            aria-level={row.level}
            aria-expanded={row.isGroup ? open.has(row.path) : undefined}
            aria-selected={number === index}
            aria-disabled={!row.isGroup && !row.isDataset}
            className="jp-SavuTree-row"
            style={{ paddingLeft: 8 + 14 * (row.level - 1) }}
            onClick={() => {
              setAt(row.path);
              pick(row);
            }}
          >
            <span className="jp-SavuTree-icon">
              {row.isGroup &&
                (open.has(row.path) ? (
                  <caretDownIcon.react tag="span" />
                ) : (
                  <caretRightIcon.react tag="span" />
                ))}
            </span>
            <span className="jp-SavuTree-name">{row.name}</span>
            <span className="jp-SavuTree-about">{row.about}</span>
          </div>
        ))}
      </div>
    </div>
  );
}

async function placeOf(
  { client, scan, trans }: IFieldHost,
  file: string | null
): Promise<IPlace> {
  if (file === null) {
    if (!scan) {
      throw new Error(trans.__('Choose a scan in the toolbar first.'));
    }
    return scan;
  }
  const place = await client.placeOf(file);
  if (!place) {
    throw new Error(
      trans.__('%1 is not in a folder that this server shows.', file)
    );
  }
  return place;
}
