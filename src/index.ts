import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

import { clientPlugin } from './api/plugin';
import { viewerPlugin } from './viewer/plugin';

/** The plugins of the extension. */
const plugins: JupyterFrontEndPlugin<unknown>[] = [clientPlugin, viewerPlugin];

export default plugins;
