import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import {
  ICommandPalette,
  InputDialog,
  WidgetTracker
} from '@jupyterlab/apputils';
import { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import { ILauncher } from '@jupyterlab/launcher';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { refreshIcon } from '@jupyterlab/ui-components';

import { JUPYTER_ROOT } from '../api';
import { openMenu } from '../menu';
import { CommandIDs, ISavuClient, ISavuJobs, ISavuViewer } from '../tokens';
import { ServerAccess } from './access';
import { browserCentreServices, centreServices } from './centre/services';
import { addHdf5Documents, type DataDocument, FACTORY } from './hdf5Documents';
import { addLocalFiles } from './local/commands';
import { localContext } from './local/context';
import { LOCAL_ROOT } from './local/place';
import { SavuViewer } from './service';
import { regionActs } from './slices/acts';
import { linkedData, saveContext, unlinked } from './slices/context';

/** Provides the viewer, its commands and the document type of HDF5 files. */
export const viewerPlugin: JupyterFrontEndPlugin<ISavuViewer> = {
  id: 'jupyterlab-savu:viewer',
  description: 'Shows HDF5 data.',
  autoStart: true,
  provides: ISavuViewer,
  requires: [ISavuClient],
  optional: [
    ISavuJobs,
    ICommandPalette,
    IDefaultFileBrowser,
    ILauncher,
    ILayoutRestorer,
    ISettingRegistry,
    ITranslator
  ],
  activate: (
    app: JupyterFrontEnd,
    client: ISavuClient,
    jobs: ISavuJobs | null,
    palette: ICommandPalette | null,
    browser: IDefaultFileBrowser | null,
    launcher: ILauncher | null,
    restorer: ILayoutRestorer | null,
    settings: ISettingRegistry | null,
    translator: ITranslator | null
  ) => {
    const trans = (translator ?? nullTranslator).load('jupyterlab_savu');
    const { commands, shell } = app;
    const local = addLocalFiles(app, {
      id: viewerPlugin.id,
      trans,
      browser,
      launcher,
      palette,
      settings
    });
    const viewer: SavuViewer = new SavuViewer(shell, trans, {
      acceptFiles: local.accept,
      access: (target, show) =>
        target.root === LOCAL_ROOT
          ? local.files.access(target.path, show)
          : new ServerAccess(client, target),
      openMenu,
      regionActs: target =>
        target.root === LOCAL_ROOT
          ? local.regionActs(target)
          : regionActs(app.commands, target, trans),
      centre: target =>
        target.root === LOCAL_ROOT
          ? () => browserCentreServices(commands, local.noTrials(target))
          : () => centreServices(commands, client, jobs, target),
      context: target =>
        target.root === LOCAL_ROOT
          ? localContext(target)
          : saveContext(target, () => client.location(target)),
      jobs,
      openResult: id => void commands.execute(CommandIDs.openResult, { id }),
      elsewhere: target => viewer.volumes(target)
    });

    commands.addCommand(CommandIDs.openData, {
      label: trans.__('Open HDF5 Data…'),
      caption: trans.__('Look at a scan, a result or any other HDF5 file'),
      describedBy: {
        args: {
          type: 'object',
          properties: {
            root: { type: 'string' },
            path: { type: 'string' },
            dataset: { type: 'string' },
            plane: {
              type: 'string',
              description: 'The slice to begin with, for example :,45,:'
            },
            purpose: { type: 'string' }
          }
        }
      },
      execute: async args => {
        const path = args.path ? String(args.path) : await askForPath(trans);
        if (!path) {
          return null;
        }
        const text = (name: string) => (args[name] ? String(args[name]) : null);
        return viewer.open(
          {
            root: text('root') ?? JUPYTER_ROOT,
            path,
            dataset: text('dataset'),
            plane: text('plane')
          },
          { purpose: text('purpose') ?? undefined }
        );
      }
    });
    commands.addCommand(CommandIDs.reloadData, {
      label: trans.__('Read the Data File Again'),
      icon: refreshIcon,
      isEnabled: () => viewer.viewIn(shell.currentWidget) !== null,
      describedBy: { args: { type: 'object', properties: {} } },
      execute: () => viewer.viewIn(shell.currentWidget)?.reload()
    });
    for (const command of [CommandIDs.openData, CommandIDs.reloadData]) {
      palette?.addItem({ command, category: trans.__('Savu') });
    }

    const documents = new WidgetTracker<DataDocument>({
      namespace: 'savu-hdf5-documents'
    });
    addHdf5Documents(app, viewer, trans).widgetCreated.connect((_, widget) => {
      void documents.add(widget);
      widget.context.pathChanged.connect(() => void documents.save(widget));
    });
    if (restorer) {
      void restorer.restore(viewer.tracker, {
        command: CommandIDs.openData,
        args: tab => ({ ...viewer.memory(tab)[1] }),
        name: tab => viewer.memory(tab)[0]
      });
      void restorer.restore(documents, {
        command: 'docmanager:open',
        args: ({ context }) => ({ path: context.path, factory: FACTORY }),
        name: ({ context }) => context.path
      });
    }
    const linked = linkedData(window.location.search);
    if (linked) {
      const { target, location: file } = linked;
      void app.restored.then(async () => {
        // Where this server does not show the file, the view says so.
        const place = file && (await client.placeOf(file).catch(() => null));
        await viewer.open({ ...target, ...place });
        history.replaceState(history.state, '', unlinked(location.href));
      });
    }
    return viewer;
  }
};

async function askForPath(
  trans: ReturnType<ITranslator['load']>
): Promise<string | null> {
  const { value, button } = await InputDialog.getText({
    title: trans.__('Open HDF5 data'),
    label: trans.__("Path, relative to Jupyter's folder"),
    placeholder: 'scans/scan.nxs',
    okLabel: trans.__('Open')
  });
  return button.accept && value ? value.trim() : null;
}
