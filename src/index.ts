import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

import { clientPlugin } from './api/plugin';

/** The plugins of the extension. */
const plugins: JupyterFrontEndPlugin<unknown>[] = [clientPlugin];

export default plugins;
