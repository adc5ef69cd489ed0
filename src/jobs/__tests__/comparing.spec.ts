import { Notification } from '@jupyterlab/apputils';
import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import type { IProcessListEntry } from '../../api';
import { CommandIDs, type ISavuViewer } from '../../tokens';
import { JobComparer, toggled } from '../comparing';
import { job, RESULT, words } from './jobs';

const OLD = job({
  id: '20260301T110000-00000001',
  submitted: '2026-03-01T11:00:00Z',
  folder: { root: 'jupyter', path: 'savu-runs/old' },
  result: { ...RESULT, path: 'savu-runs/old/scan_processed.nxs' }
});
const NEW = job({
  folder: { root: 'jupyter', path: 'savu-runs/new' },
  result: RESULT
});

function comparer(hasLists = true) {
  const shown: ReadonlyPartialJSONObject[] = [];
  const open = jest.fn();
  const commands = new CommandRegistry();
  commands.addCommand(CommandIDs.compareLists, {
    execute: args => {
      shown.push(args);
    }
  });
  const client = {
    processLists: async ({
      root,
      below
    }: {
      root?: string;
      below?: string;
    }) => ({
      items: hasLists
        ? [{ root, path: `${below}/list.nxs` } as IProcessListEntry]
        : [],
      more: false
    })
  };
  return {
    shown,
    open,
    comparer: new JobComparer({
      client: client as never,
      commands,
      viewer: { open } as unknown as ISavuViewer,
      trans: nullTranslator.load('jupyterlab_savu'),
      words
    })
  };
}

describe('comparing runs', () => {
  it('is of two, the last ones that were chosen', () => {
    expect(toggled(['a'], 'b')).toEqual(['a', 'b']);
    expect(toggled(['a', 'b'], 'c')).toEqual(['b', 'c']);
    expect(toggled(['a', 'b'], 'a')).toEqual(['b']);
  });

  it('shows the lists that ran, the older run first', async () => {
    const { comparer: compare, shown } = comparer();
    await compare.lists(NEW, OLD);
    expect(shown).toEqual([
      {
        left: {
          root: 'jupyter',
          path: 'savu-runs/old/run_log/list.nxs',
          title: words.run(OLD)
        },
        right: {
          root: 'jupyter',
          path: 'savu-runs/new/run_log/list.nxs',
          title: words.run(NEW)
        }
      }
    ]);
  });

  it('says so where no list is left', async () => {
    const { comparer: compare, shown } = comparer(false);
    await compare.lists(NEW, OLD);
    expect(shown).toEqual([]);
    expect(Notification.manager.notifications[0].message).toContain(OLD.id);
  });

  it('shows the results in linked views', async () => {
    const { comparer: compare, open } = comparer();
    expect(compare.haveResults(NEW, OLD)).toBe(true);
    expect(compare.haveResults(NEW, { ...OLD, result: null })).toBe(false);
    await compare.results(NEW, OLD);
    expect(open).toHaveBeenCalledWith(OLD.result, { compared: NEW.result });
  });
});
