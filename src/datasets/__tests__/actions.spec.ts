import { Notification } from '@jupyterlab/apputils';
import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';

import { CommandIDs } from '../../tokens';
import { DataActions } from '../actions';
import type { Item } from '../model';

const LIST = { root: 'far', path: 'steps.nxs', name: 'steps.nxs' } as Item;

/** Opens a list of another root; answers what was copied and what was told. */
async function openFar(document: object | null) {
  const commands = new CommandRegistry();
  const copied: unknown[] = [];
  commands.addCommand(CommandIDs.newProcessList, {
    describedBy: { args: {} },
    execute: ({ from }) => {
      copied.push(from);
      return document;
    }
  });
  Notification.dismiss();
  await new DataActions(commands, null, nullTranslator.load('')).open(LIST);
  const told = Notification.manager.notifications.map(one => one.message);
  return { copied, told };
}

describe('a list of another root', () => {
  it('is copied into the folder of Jupyter, which is said', async () => {
    const { copied, told } = await openFar({});
    expect(copied).toEqual([{ root: 'far', path: 'steps.nxs' }]);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('The original stays as it is.');
  });

  it('is not said to be copied when it was not', async () => {
    expect((await openFar(null)).told).toEqual([]);
  });
});
