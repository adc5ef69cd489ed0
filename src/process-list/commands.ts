import type { JupyterFrontEnd } from '@jupyterlab/application';
import {
  type ICommandPalette,
  Notification,
  type WidgetTracker
} from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import type { IMainMenu } from '@jupyterlab/mainmenu';
import type { TranslationBundle } from '@jupyterlab/translation';
import { listIcon } from '@jupyterlab/ui-components';

import {
  ApiError,
  JUPYTER_ROOT,
  type IProcessList,
  type SavuClient
} from '../api';
import { CommandIDs } from '../tokens';
import type { NexusDocument } from './document';
import type { Catalogue } from './catalogue';
import { addCompareCommand } from './compare-command';
import { addListCommands } from './list-commands';
import { addPluginCommands } from './plugin-commands';
import { addTemplateCommands } from './templates';

export interface ICommandServices {
  client: SavuClient;
  catalogue: Catalogue;
  tracker: WidgetTracker<NexusDocument>;
  trans: TranslationBundle;
  /** The folder that the user looks at. */
  folder: () => string;
  menu: IMainMenu | null;
  palette: ICommandPalette | null;
}

/** Adds the commands of process lists. */
export function addCommands(
  app: JupyterFrontEnd,
  services: ICommandServices
): void {
  const { client, tracker, trans, folder, menu, palette } = services;
  const { commands, shell } = app;

  commands.addCommand(CommandIDs.newProcessList, {
    label: args =>
      args.isPalette ? trans.__('New Process List') : trans.__('Process List'),
    caption: trans.__('Make a new list of Savu plugins'),
    icon: args => (args.isPalette ? undefined : listIcon),
    describedBy: {
      args: {
        type: 'object',
        properties: {
          cwd: {
            type: 'string',
            description: 'The folder; that of the file browser without it'
          },
          from: {
            type: 'object',
            description: 'The root and path of a list to copy'
          }
        }
      }
    },
    execute: async args => {
      try {
        const cwd = typeof args.cwd === 'string' ? args.cwd : folder();
        const from = args.from as { root: string; path: string } | undefined;
        const path = from
          ? await create(
              client,
              PathExt.join(cwd, stem(from.path)),
              (await client.processList(from)).list
            )
          : await create(client, PathExt.join(cwd, 'untitled'), EMPTY);
        return await commands.execute('docmanager:open', { path });
      } catch (error) {
        Notification.error(
          trans.__('No list was made. %1', (error as Error).message)
        );
        return null;
      }
    }
  });

  const current = (): NexusDocument | null => {
    const widget = tracker.currentWidget;
    return widget && widget === shell.currentWidget && widget.content.editor
      ? widget
      : null;
  };
  addPluginCommands(app, current, trans);
  addTemplateCommands(app, () => current()?.content.editor ?? null, trans);
  addListCommands(app, current, palette, trans);
  addCompareCommand(app, services);
  for (const action of ['undo', 'redo'] as const) {
    const id = `savu:${action}`;
    const isPossible = () => {
      const editor = current()?.content.editor;
      return (
        !!editor &&
        !editor.isReadOnly &&
        (action === 'undo' ? editor.list.canUndo() : editor.list.canRedo())
      );
    };
    commands.addCommand(id, {
      label: action === 'undo' ? trans.__('Undo') : trans.__('Redo'),
      describedBy: { args: { type: 'object', properties: {} } },
      isEnabled: isPossible,
      execute: () => {
        if (isPossible()) {
          current()?.content.editor?.list[action]();
        }
      }
    });
    menu?.editMenu.undoers[action].add({
      id,
      isEnabled: () => current() !== null
    });
  }
}

const EMPTY: IProcessList = { version: null, plugins: [], groups: [] };

function stem(path: string): string {
  return PathExt.basename(path, PathExt.extname(path));
}

/** Writes a new list under the first free name, and answers its path. */
async function create(
  client: SavuClient,
  start: string,
  list: IProcessList
): Promise<string> {
  for (let number = 0; ; number++) {
    const path = `${start}${number || ''}.nxs`;
    try {
      await client.createProcessList({ root: JUPYTER_ROOT, path }, list);
      return path;
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 409) {
        throw error;
      }
    }
  }
}
