import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';

import { ISavuClient } from '../tokens';
import { SavuClient } from './client';

/** Provides the one client of the server's routes. */
export const clientPlugin: JupyterFrontEndPlugin<ISavuClient> = {
  id: 'jupyterlab-savu:client',
  description: 'The client of the savu/ routes of the Jupyter server.',
  autoStart: true,
  provides: ISavuClient,
  activate: (app: JupyterFrontEnd) =>
    new SavuClient(app.serviceManager.serverSettings)
};
