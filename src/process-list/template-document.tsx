import {
  ABCWidgetFactory,
  type DocumentRegistry,
  DocumentWidget
} from '@jupyterlab/docregistry';
import type { ILayoutRestorer, JupyterFrontEnd } from '@jupyterlab/application';
import { showErrorMessage, WidgetTracker } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import type { ITranslator } from '@jupyterlab/translation';
import { templateIcon } from '../icons';
import { ReactWidget } from '@jupyterlab/ui-components';
import React from 'react';

import type { ITemplate } from '../api';
import { TemplateView } from './components/template-view';
import type { IEditorServices } from './editor';
import { Drafts } from './fields/drafts';
import { Filling } from './filling';
import { aroundSaving, SaveCancelled } from './saving';
import { TEMPLATE_EXTENSION } from './templates';

const FILE_TYPE = 'savu-template';
type Context = DocumentRegistry.IContext<DocumentRegistry.ICodeModel>;
type TemplateDocument = DocumentWidget<
  TemplatePanel,
  DocumentRegistry.ICodeModel
>;

/** The form of a `.savu` file. */
class TemplatePanel extends ReactWidget {
  constructor(
    private readonly _context: Context,
    private readonly _services: IEditorServices
  ) {
    super();
    this.addClass('jp-SavuTemplate-document');
    this._filling = new Filling(_services.client);
    this._filling.changed.connect(this._write, this);
    aroundSaving(_context, {
      save: async save => {
        await this._settle();
        await save();
      },
      saveAs: async saveAs => {
        await this._settle();
        return saveAs();
      }
    });
  }

  dispose(): void {
    this._filling.dispose();
    super.dispose();
  }

  render(): JSX.Element {
    return (
      <TemplateView
        context={this._context}
        services={this._services}
        filling={this._filling}
        drafts={this._drafts}
      />
    );
  }

  /** What is typed becomes the text of the file; the server writes it. */
  private _write(): void {
    const { template, values } = this._filling;
    const { model } = this._context;
    if (template && template !== this._written) {
      this._written = template;
      if (values.length > 0 && template.text !== model.toString()) {
        model.sharedModel.setSource(template.text);
        model.dirty = true;
      }
    }
  }

  /** A save waits for the text of what was typed last. */
  private async _settle(): Promise<void> {
    if (this.isDisposed) {
      return;
    }
    this._drafts.flush();
    try {
      await this._filling.settle();
    } catch (error) {
      const name = PathExt.basename(this._context.localPath);
      const { trans } = this._services;
      void showErrorMessage(trans.__('%1 was not saved', name), error as Error);
      throw new SaveCancelled();
    }
  }

  private readonly _filling: Filling;
  private _written: ITemplate | null = null;
  private readonly _drafts = new Drafts();
}

class TemplateFactory extends ABCWidgetFactory<
  TemplateDocument,
  DocumentRegistry.ICodeModel
> {
  constructor(
    options: DocumentRegistry.IWidgetFactoryOptions<TemplateDocument>,
    private readonly _services: IEditorServices
  ) {
    super(options);
  }

  protected createNewWidget(context: Context): TemplateDocument {
    const content = new TemplatePanel(context, this._services);
    const document = new DocumentWidget({
      context,
      content,
      translator: this.translator
    });
    document.toolbar.hide();
    document.title.icon = templateIcon;
    return document;
  }
}

/** Lets JupyterLab open `.savu` files as forms. */
export function addTemplateDocuments(
  { docRegistry }: JupyterFrontEnd,
  services: IEditorServices,
  translator: ITranslator,
  restorer: ILayoutRestorer | null
): void {
  const { trans } = services;
  docRegistry.addFileType({
    name: FILE_TYPE,
    displayName: trans.__('Savu Template'),
    extensions: [TEMPLATE_EXTENSION],
    mimeTypes: ['text/yaml'],
    contentType: 'file',
    fileFormat: 'text',
    icon: templateIcon
  });
  const factory = new TemplateFactory(
    {
      name: 'SavuTemplate',
      label: trans.__('Savu template'),
      modelName: 'text',
      fileTypes: [FILE_TYPE],
      defaultFor: [FILE_TYPE],
      translator
    },
    services
  );
  const tracker = new WidgetTracker<TemplateDocument>({ namespace: FILE_TYPE });
  factory.widgetCreated.connect((_, document) => {
    document.context.pathChanged.connect(() => void tracker.save(document));
    void tracker.add(document);
  });
  docRegistry.addWidgetFactory(factory);
  void restorer?.restore(tracker, {
    command: 'docmanager:open',
    args: ({ context }) => ({ path: context.path, factory: factory.name }),
    name: ({ context }) => context.path
  });
}
