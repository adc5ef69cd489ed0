import type { JupyterFrontEnd } from '@jupyterlab/application';
import { InputDialog, Notification } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';

import type { TranslationBundle } from '@jupyterlab/translation';

import { type IFilledValue, JUPYTER_ROOT } from '../api';
import type { ListEditor } from './editor';

export const TEMPLATE_EXTENSION = '.savu';

const FILL = 'savu:fill-template';
const SAVE = 'savu:save-template';
export const TEMPLATE_COMMANDS = [FILL, SAVE];

/** Adds the commands about what of the list in front is to be filled in. */
export function addTemplateCommands(
  { commands }: JupyterFrontEnd,
  current: () => ListEditor | null,
  trans: TranslationBundle
): void {
  const isPossible = () => (current()?.running.marks ?? 0) > 0;
  const describedBy = { args: { type: 'object', properties: {} } };
  commands.addCommand(FILL, {
    label: trans.__('Fill In the List…'),
    describedBy,
    isEnabled: isPossible,
    execute: () => current()?.running.fillIn.open()
  });
  commands.addCommand(SAVE, {
    label: trans.__('Save Values to Fill In as .savu…'),
    describedBy,
    isEnabled: isPossible,
    execute: async () => {
      const editor = current();
      if (editor) {
        await saveTemplate(editor);
      }
    }
  });
}

/** Asks for a name and writes the values that fill in a list into a new `.savu` file. */
export async function saveTemplate(
  editor: ListEditor,
  values: readonly IFilledValue[] = []
): Promise<void> {
  const { client, documents, trans } = editor.services;
  editor.drafts.flush();
  const folder = PathExt.dirname(editor.path);
  const stem = PathExt.basename(editor.path, PathExt.extname(editor.path));
  const asked = await InputDialog.getText({
    title: trans.__('Save as .savu'),
    label: trans.__('Name, in the folder of the list'),
    text: `${stem}${TEMPLATE_EXTENSION}`,
    okLabel: trans.__('Save')
  });
  const name = asked.button.accept ? asked.value?.trim() : null;
  if (!name) {
    return;
  }
  const path = PathExt.join(
    folder,
    name.endsWith(TEMPLATE_EXTENSION) ? name : `${name}${TEMPLATE_EXTENSION}`
  );
  try {
    await client.createTemplate(
      { root: JUPYTER_ROOT, path },
      { root: JUPYTER_ROOT, path: editor.path },
      editor.content,
      values
    );
    editor.overlay = null;
    documents?.openOrReveal(path);
  } catch (error) {
    Notification.error(
      trans.__('%1 was not written. %2', name, (error as Error).message)
    );
  }
}
