import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette, WidgetTracker } from '@jupyterlab/apputils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import { ILauncher } from '@jupyterlab/launcher';
import { IMainMenu } from '@jupyterlab/mainmenu';
import type { ContentsManager, Drive } from '@jupyterlab/services';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStateDB } from '@jupyterlab/statedb';
import { IStatusBar } from '@jupyterlab/statusbar';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { dataIcon } from '../icons';
import {
  CommandIDs,
  IProcessLists,
  ISavuClient,
  ISavuJobs,
  ISavuViewer
} from '../tokens';
import { addCommands } from './commands';
import {
  type INexusServices,
  type NexusDocument,
  NexusDocumentFactory
} from './document';
import { ProcessLists } from './lists';
import { NexusModelFactory } from './model';
import { keepOpening } from './neighbours';
import { addCentreCommands } from './centre-commands';
import { addPreviewCommand } from './picture-commands';
import { Preferences } from './preferences';
import { NexusContentProvider, PROVIDER_ID } from './provider';
import { SavuChoices } from './savus';
import { ScanChoices } from './scans';
import { addSavuStatus } from './status';
import { addTemplateDocuments } from './template-document';
import { TEMPLATE_COMMANDS } from './templates';

const ID = 'jupyterlab-savu:process-list';
const FILE_TYPE = 'savu-nexus';
const EXTENSIONS = ['.nxs', '.nx'];
/** All that Savu reads and writes, and that a neighbour may want to open. */
const OURS = [...EXTENSIONS, '.h5', '.hdf5', '.hdf'];

/** Opens NeXus files and edits process lists. */
export const processListPlugin: JupyterFrontEndPlugin<IProcessLists> = {
  id: ID,
  description: 'Opens NeXus files and edits Savu process lists.',
  autoStart: true,
  provides: IProcessLists,
  requires: [ISavuClient, IDocumentManager],
  optional: [
    IDefaultFileBrowser,
    ILayoutRestorer,
    ICommandPalette,
    ILauncher,
    IMainMenu,
    ISettingRegistry,
    IStateDB,
    ITranslator,
    ISavuViewer,
    ISavuJobs,
    IStatusBar
  ],
  activate: (
    app: JupyterFrontEnd,
    client: ISavuClient,
    documents: IDocumentManager,
    browser: IDefaultFileBrowser | null,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
    launcher: ILauncher | null,
    menu: IMainMenu | null,
    settings: ISettingRegistry | null,
    state: IStateDB | null,
    translator: ITranslator | null,
    viewer: ISavuViewer | null,
    jobs: ISavuJobs | null,
    statusBar: IStatusBar | null
  ): IProcessLists => {
    const trans = (translator ?? nullTranslator).load('jupyterlab_savu');
    const savus = new SavuChoices(client, state);
    const catalogue = savus.catalogue(null);
    const scans = new ScanChoices(client, state);
    const tracker = new WidgetTracker<NexusDocument>({ namespace: FILE_TYPE });

    registerProvider(app, new NexusContentProvider(client));
    app.docRegistry.addFileType({
      name: FILE_TYPE,
      displayName: trans.__('NeXus File'),
      extensions: EXTENSIONS,
      mimeTypes: ['application/x-hdf5'],
      contentType: 'file',
      fileFormat: 'json',
      icon: dataIcon
    });
    app.docRegistry.addModelFactory(new NexusModelFactory());
    const services: INexusServices = {
      client,
      catalogue,
      commands: app.commands,
      savus,
      scans,
      preferences: new Preferences(settings?.load(ID) ?? null),
      jobs,
      documents,
      viewer,
      trans
    };
    addTemplateDocuments(app, services, translator ?? nullTranslator, restorer);
    const factory = new NexusDocumentFactory(
      {
        name: 'NeXus',
        label: trans.__('Process list or data'),
        modelName: 'savu-nexus',
        fileTypes: [FILE_TYPE],
        defaultFor: [FILE_TYPE],
        contentProviderId: PROVIDER_ID,
        translator: translator ?? nullTranslator
      },
      services
    );
    factory.widgetCreated.connect((_, document) => {
      document.context.pathChanged.connect(() => void tracker.save(document));
      void tracker.add(document);
    });
    app.docRegistry.addWidgetFactory(factory);
    void restorer?.restore(tracker, {
      command: 'docmanager:open',
      args: ({ context }) => ({ path: context.path, factory: factory.name }),
      name: ({ context }) => context.path
    });
    void app.started.then(() => keepOpening(documents, OURS));

    addCommands(app, {
      client,
      catalogue,
      tracker,
      trans,
      folder: () => browser?.model.path ?? '',
      menu,
      palette
    });
    const command = CommandIDs.newProcessList;
    for (const command of TEMPLATE_COMMANDS) {
      palette?.addItem({ command, category: trans.__('Savu') });
    }
    palette?.addItem({
      command,
      category: trans.__('Savu'),
      args: { isPalette: true }
    });
    launcher?.add({ command, category: trans.__('Savu'), rank: 1 });
    menu?.fileMenu.newMenu.addItem({ command, rank: 30 });
    const lists = new ProcessLists(tracker, scans);
    addPreviewCommand(app.commands, lists, tracker, trans);
    addCentreCommands(app.commands, lists, tracker, trans);
    if (statusBar) {
      addSavuStatus(statusBar, lists, savus, trans);
    }
    return lists;
  }
};

/** The provider belongs to the drive of the files that Jupyter shows. */
function registerProvider(
  app: JupyterFrontEnd,
  provider: NexusContentProvider
): void {
  const { contents } = app.serviceManager;
  const drive = (contents as ContentsManager).defaultDrive as Drive;
  drive.contentProviderRegistry.register(PROVIDER_ID, provider);
}
