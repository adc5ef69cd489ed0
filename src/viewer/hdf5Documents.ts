import type { JupyterFrontEnd } from '@jupyterlab/application';
import {
  ABCWidgetFactory,
  DocumentModel,
  type DocumentRegistry,
  DocumentWidget
} from '@jupyterlab/docregistry';
import type {
  Contents,
  ContentsManager,
  IContentProvider
} from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';

import { JUPYTER_ROOT } from '../api';
import type { DataView } from './dataView';
import { dataIcon } from '../icons';
import type { SavuViewer } from './service';

export const FACTORY = 'Savu HDF5 viewer';
const FILE_TYPE = 'savu-hdf5';
const MODEL = 'savu-no-content';
const PROVIDER = 'jupyterlab-savu:read-only';

export type DataDocument = DocumentWidget<DataView>;

/** Opens HDF5 files (other than `.nxs`, which has its own type) by double click. */
export function addHdf5Documents(
  app: JupyterFrontEnd,
  viewer: SavuViewer,
  trans: TranslationBundle
): DataDocumentFactory {
  const { docRegistry, serviceManager } = app;
  const contents = serviceManager.contents as ContentsManager;
  const { defaultDrive } = contents;
  defaultDrive.contentProviderRegistry?.register(
    PROVIDER,
    new ReadOnlyProvider(defaultDrive)
  );
  docRegistry.addFileType({
    name: FILE_TYPE,
    displayName: trans.__('HDF5 data'),
    extensions: ['.h5', '.hdf5', '.hdf'],
    mimeTypes: ['application/x-hdf5'],
    contentType: 'file',
    fileFormat: null,
    icon: dataIcon
  });
  docRegistry.addModelFactory(new NoContentModelFactory());
  const factory = new DataDocumentFactory(
    {
      name: FACTORY,
      label: trans.__('HDF5 data'),
      fileTypes: [FILE_TYPE],
      defaultFor: [FILE_TYPE],
      modelName: MODEL,
      readOnly: true,
      contentProviderId: PROVIDER
    },
    viewer,
    contents
  );
  docRegistry.addWidgetFactory(factory);
  return factory;
}

class DataDocumentFactory extends ABCWidgetFactory<DataDocument> {
  constructor(
    options: DocumentRegistry.IWidgetFactoryOptions<DataDocument>,
    private _viewer: SavuViewer,
    private _contents: Contents.IManager
  ) {
    super(options);
  }

  protected createNewWidget(context: DocumentRegistry.Context): DataDocument {
    const target = () => ({
      root: JUPYTER_ROOT,
      path: this._contents.localPath(context.path)
    });
    const content = this._viewer.createWidget(target());
    const widget = new DocumentWidget({ content, context });
    widget.title.icon = dataIcon;
    widget.toolbar.hide();
    context.pathChanged.connect(() => {
      content.target = target();
    });
    return widget;
  }
}

/** A model that never holds the file: without a format, JupyterLab asks for no content. */
class NoContentModelFactory implements DocumentRegistry.IModelFactory<DocumentModel> {
  readonly name = MODEL;
  readonly contentType: Contents.ContentType = 'file';
  readonly fileFormat: Contents.FileFormat = null;
  readonly collaborative = false;

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
  }

  createNew(): DocumentModel {
    return new DocumentModel();
  }

  preferredLanguage(): string {
    return '';
  }

  private _isDisposed = false;
}

/**
 * Answers that a file cannot be written. Of a writable file JupyterLab would make a checkpoint,
 * which is a copy of all its gigabytes.
 */
class ReadOnlyProvider implements IContentProvider {
  constructor(private _drive: Contents.IDrive) {}

  async get(path: string): Promise<Contents.IModel> {
    const model = await this._drive.get(path, { content: false });
    return { ...model, writable: false };
  }

  async save(path: string): Promise<Contents.IModel> {
    throw new Error(`${path} holds data and is not written.`);
  }
}
