import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { JUPYTER_ROOT } from '../api';
import { dataIcon } from '../icons';
import {
  CommandIDs,
  IProcessLists,
  ISavuClient,
  ISavuJobs,
  ISavuViewer
} from '../tokens';
import { DataActions } from './actions';
import { DataModel } from './model';
import { DataPanel } from './panel';

/** Finds scans, process lists and results in a side panel. */
export const datasetsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-savu:datasets',
  description: 'Finds scans, process lists and results in a side panel.',
  autoStart: true,
  requires: [ISavuClient],
  optional: [
    IProcessLists,
    ISavuJobs,
    ISavuViewer,
    IDefaultFileBrowser,
    ICommandPalette,
    ILayoutRestorer,
    ITranslator
  ],
  activate: (
    app: JupyterFrontEnd,
    client: ISavuClient,
    lists: IProcessLists | null,
    jobs: ISavuJobs | null,
    viewer: ISavuViewer | null,
    browser: IDefaultFileBrowser | null,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null,
    translator: ITranslator | null
  ) => {
    const trans = (translator ?? nullTranslator).load('jupyterlab_savu');
    const model = new DataModel(client);
    const panel = new DataPanel({
      model,
      actions: new DataActions(app.commands, lists, trans, client, jobs),
      trans,
      browserFolder: () =>
        browser && model.root === JUPYTER_ROOT ? browser.model.path : null,
      acceptFiles: viewer ? node => viewer.acceptFiles(node) : null
    });
    panel.id = 'jupyterlab-savu-data';
    panel.title.icon = dataIcon;
    panel.title.caption = trans.__('Data');
    app.shell.add(panel, 'left', { rank: 150 });
    restorer?.add(panel, panel.id);

    app.commands.addCommand(CommandIDs.showData, {
      label: trans.__('Show Data'),
      caption: trans.__('Find scans, process lists and results'),
      describedBy: { args: { type: 'object', properties: {} } },
      execute: () => app.shell.activateById(panel.id)
    });
    palette?.addItem({
      command: CommandIDs.showData,
      category: trans.__('Savu')
    });

    const redraw = () => panel.update();
    lists?.currentChanged.connect(redraw);
    lists?.scanChanged.connect(redraw);
    const searchWhenShown = () => {
      if (panel.isVisible) {
        model.searchSoon();
      }
    };
    app.serviceManager.contents.fileChanged.connect(searchWhenShown);
    // A job that has ended has made a result.
    let ended = 0;
    jobs?.changed.connect(() => {
      const now = jobs.jobs.filter(job => job.ended !== null).length;
      if (now !== ended) {
        ended = now;
        searchWhenShown();
      }
    });
    void app.started.then(() => model.start());
  }
};
