import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { ISavuViewer } from '../tokens';
import { ViewOutput } from './output';
import { VIEW_MIME } from './stored';

/** Before pictures and texts, which stand in where the extension is not installed. */
const RANK = 0;

/** Shows slices in the cells of notebooks. */
export const notebookPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-savu:notebook',
  description: 'Shows slices in the cells of notebooks.',
  autoStart: true,
  requires: [IRenderMimeRegistry, ISavuViewer],
  optional: [ITranslator],
  activate: (
    _app: JupyterFrontEnd,
    rendermime: IRenderMimeRegistry,
    viewer: ISavuViewer,
    translator: ITranslator | null
  ) => {
    const trans = (translator ?? nullTranslator).load('jupyterlab_savu');
    rendermime.addFactory(
      {
        // Only names of files come out of the notebook, and they are shown to the user alone.
        safe: true,
        mimeTypes: [VIEW_MIME],
        createRenderer: () => new ViewOutput(viewer, trans)
      },
      RANK
    );
  }
};
