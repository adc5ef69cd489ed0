import type { DocumentRegistry } from '@jupyterlab/docregistry';

type Context = DocumentRegistry.Context;

/** What happens around the two ways in which JupyterLab saves a document. */
export interface IAround {
  save(save: () => Promise<void>): Promise<void>;
  saveAs(saveAs: () => Promise<boolean>): Promise<boolean>;
}

/**
 * Goes around all saves of a document: by command, with all others, or before
 * it closes. JupyterLab has no signal at which a save can wait.
 */
export function aroundSaving(context: Context, around: IAround): void {
  const save = context.save.bind(context);
  const saveAs = context.saveAs.bind(context);
  context.save = () => around.save(save);
  context.saveAs = () => around.saveAs(saveAs);
}

/** Ends a save that the user has cancelled; JupyterLab knows it by its name. */
export class SaveCancelled extends Error {
  readonly name = 'ModalCancelError';
}
