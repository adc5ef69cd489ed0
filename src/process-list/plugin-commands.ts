import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { TranslationBundle } from '@jupyterlab/translation';
import {
  copyIcon,
  cutIcon,
  deleteIcon,
  duplicateIcon,
  type LabIcon,
  pasteIcon
} from '@jupyterlab/ui-components';

import { copied, copy, cut, paste } from './clipboard';
import type { NexusDocument } from './document';
import type { ListEditor } from './editor';
import { repeat, repeatable } from './repeating';
import { refresh } from './whole-list';

/** How the ids begin; the context menu stands in the settings schema. */
const PREFIX = 'savu:plugins';

interface IPluginCommand {
  id: string;
  label: (count: number) => string;
  icon?: LabIcon;
  /** Whether it leaves the list as it is. */
  isReading?: boolean;
  isPossible?: (editor: ListEditor) => boolean;
  run: (editor: ListEditor) => unknown;
}

/** Adds the commands for the selected plugins of a list. */
export function addPluginCommands(
  { commands }: JupyterFrontEnd,
  current: () => NexusDocument | null,
  trans: TranslationBundle
): void {
  const all: IPluginCommand[] = [
    {
      id: 'cut',
      label: count => trans._n('Cut Plugin', 'Cut %1 Plugins', count),
      icon: cutIcon,
      run: cut
    },
    {
      id: 'copy',
      label: count => trans._n('Copy Plugin', 'Copy %1 Plugins', count),
      icon: copyIcon,
      isReading: true,
      run: copy
    },
    {
      id: 'paste',
      label: () => {
        const count = copied()?.plugins.length ?? 1;
        return trans._n('Paste Plugin Below', 'Paste %1 Plugins Below', count);
      },
      icon: pasteIcon,
      isPossible: () => copied() !== null,
      run: paste
    },
    {
      id: 'duplicate',
      label: count =>
        trans._n('Duplicate Plugin', 'Duplicate %1 Plugins', count),
      icon: duplicateIcon,
      run: editor => editor.duplicate()
    },
    {
      id: 'replace',
      label: () => trans.__('Replace Plugin…'),
      isPossible: editor => editor.selection.length === 1,
      run: editor => {
        editor.overlay = 'replace';
      }
    },
    {
      id: 'reset',
      label: count =>
        trans._n('Reset to Defaults', 'Reset %1 Plugins to Defaults', count),
      run: editor => refresh(editor, editor.selection, true)
    },
    {
      id: 'switch',
      label: count =>
        trans._n(
          'Switch Plugin On or Off',
          'Switch %1 Plugins On or Off',
          count
        ),
      run: editor => editor.toggleSelection()
    },
    {
      id: 'repeat',
      label: count => trans._n('Repeat Plugin…', 'Repeat %1 Plugins…', count),
      isPossible: editor => repeatable(editor) !== null,
      run: editor => {
        const group = repeatable(editor);
        return group && repeat(editor, group);
      }
    },
    {
      id: 'remove',
      label: count => trans._n('Remove Plugin', 'Remove %1 Plugins', count),
      icon: deleteIcon,
      run: editor => editor.remove()
    }
  ];
  for (const command of all) {
    const isPossible = (): boolean => {
      const editor = current()?.content.editor;
      return (
        !!editor &&
        (command.isReading || !editor.isReadOnly) &&
        (command.isPossible?.(editor) ?? editor.selection.length > 0)
      );
    };
    commands.addCommand(`${PREFIX}-${command.id}`, {
      label: () =>
        command.label(current()?.content.editor?.selection.length ?? 1),
      icon: command.icon,
      describedBy: { args: { type: 'object', properties: {} } },
      isEnabled: isPossible,
      execute: async () => {
        const document = current();
        const editor = document?.content.editor;
        if (editor && isPossible()) {
          await command.run(editor);
          if (editor.overlay === null) {
            // The menu has taken the keyboard away.
            document.activate();
          }
        }
      }
    });
  }
}
