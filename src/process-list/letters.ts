import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { NexusModel } from './model';
import { aroundSaving, SaveCancelled } from './saving';

/**
 * Asks before a list with letters in its numbers is saved, as Savu could not
 * open the file: it is saved with plain numbers, or not at all. A copy gets
 * them while the list that is open stays as it is.
 */
export function savePlainNumbers(
  context: DocumentRegistry.IContext<NexusModel>,
  trans: TranslationBundle
): void {
  const { model } = context;
  const { sharedModel } = model;
  aroundSaving(context, {
    async save(save) {
      if (sharedModel.hasLetters) {
        if (!model.isPlain && !(await ask(trans))) {
          throw new SaveCancelled();
        }
        sharedModel.renumber();
      }
      await save();
    },
    async saveAs(saveAs) {
      if (!sharedModel.hasLetters || model.isPlain) {
        return saveAs();
      }
      return (await ask(trans)) && model.withPlainNumbers(saveAs);
    }
  });
}

async function ask(trans: TranslationBundle): Promise<boolean> {
  const { button } = await showDialog({
    title: trans.__('Save with plain numbers?'),
    body: trans.__(
      'The list has numbers with letters, as 2a: Savu writes them, but cannot open the file again. With plain numbers, in the same order, it can. If you cancel, the file stays as it is.'
    ),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      Dialog.okButton({ label: trans.__('Save with plain numbers') })
    ]
  });
  return button.accept;
}
