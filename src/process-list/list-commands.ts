import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ICommandPalette } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { NexusDocument } from './document';
import type { ListEditor, Overlay } from './editor';
import { clear, refresh, setInAll } from './whole-list';

const PREFIX = 'savu:list';

/** The commands for a whole list, in the order of the menu. */
export const LIST_COMMANDS = [
  'compare',
  'citations',
  'history',
  'set-in-all',
  'refresh',
  'clear',
  'help'
].map(id => `${PREFIX}-${id}`);

interface IListCommand {
  label: string;
  /** What it is called where no list is around it. */
  caption: string;
  /** Whether it leaves the list as it is. */
  isReading?: boolean;
  run: (editor: ListEditor) => unknown;
}

/** Adds the commands for a list as a whole. */
export function addListCommands(
  { commands }: JupyterFrontEnd,
  current: () => NexusDocument | null,
  palette: ICommandPalette | null,
  trans: TranslationBundle
): void {
  const show = (overlay: Overlay) => (editor: ListEditor) => {
    editor.overlay = overlay;
  };
  const all: Record<string, IListCommand> = {
    compare: {
      label: trans.__('Compare With…'),
      caption: trans.__('Compare the Process List With…'),
      isReading: true,
      run: show('compare')
    },
    citations: {
      label: trans.__('Citations'),
      caption: trans.__('Show the Citations of the Process List'),
      isReading: true,
      run: show('citations')
    },
    history: {
      label: trans.__('History'),
      caption: trans.__('Show the History of the Process List'),
      isReading: true,
      run: show('history')
    },
    'set-in-all': {
      label: trans.__('Set in All Plugins…'),
      caption: trans.__('Set a Parameter in All Plugins…'),
      run: setInAll
    },
    refresh: {
      label: trans.__('Refresh All Plugins'),
      caption: trans.__('Refresh All Plugins of the Process List'),
      run: editor => refresh(editor, [...editor.list.plugins.keys()])
    },
    clear: {
      label: trans.__('Clear…'),
      caption: trans.__('Clear the Process List…'),
      run: clear
    },
    help: {
      label: trans.__('Keys and savu_config Commands'),
      caption: trans.__('Keys and savu_config Commands of Process Lists'),
      isReading: true,
      run: show('help')
    }
  };
  for (const [id, { label, caption, isReading, run }] of Object.entries(all)) {
    const command = `${PREFIX}-${id}`;
    commands.addCommand(command, {
      label: args => (args.isPalette ? caption : label),
      caption,
      describedBy: { args: { type: 'object', properties: {} } },
      isEnabled: () => {
        const editor = current()?.content.editor;
        return (
          !!editor &&
          (isReading || (!editor.isReadOnly && editor.list.length > 0))
        );
      },
      execute: async () => {
        const editor = current()?.content.editor;
        if (editor) {
          await run(editor);
        }
      }
    });
    palette?.addItem({
      command,
      args: { isPalette: true },
      category: trans.__('Savu')
    });
  }
}
