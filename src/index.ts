import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

import { clientPlugin } from './api/plugin';
import { datasetsPlugin } from './datasets';
import { jobsPanelPlugin } from './jobs/panelPlugin';
import { jobsPlugin, jobsServicePlugin } from './jobs/plugin';
import { notebookPlugin } from './notebook/plugin';
import { processListPlugin } from './process-list';
import { viewerPlugin } from './viewer/plugin';

/** The plugins of the extension. */
const plugins: JupyterFrontEndPlugin<unknown>[] = [
  clientPlugin,
  processListPlugin,
  datasetsPlugin,
  viewerPlugin,
  notebookPlugin,
  jobsServicePlugin,
  jobsPlugin,
  jobsPanelPlugin
];

export default plugins;
