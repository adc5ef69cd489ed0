import { PathExt } from '@jupyterlab/coreutils';
import {
  ABCWidgetFactory,
  type DocumentRegistry,
  DocumentWidget
} from '@jupyterlab/docregistry';
import { listIcon, ReactWidget } from '@jupyterlab/ui-components';
import type { Message as LuminoMessage } from '@lumino/messaging';
import { type ISignal, Signal } from '@lumino/signaling';
import { StackedPanel, type Widget } from '@lumino/widgets';
import React from 'react';

import { JUPYTER_ROOT } from '../api';
import { dataIcon } from '../icons';
import type { ISavuViewer } from '../tokens';
import { Message } from './components/message';
import { ListView } from './components/view';
import { PluginDrag } from './drag';
import { ScanDrop } from './drop';
import { type IEditorServices, ListEditor } from './editor';
import { savePlainNumbers } from './letters';
import type { NexusModel } from './model';

type Context = DocumentRegistry.IContext<NexusModel>;

/** A document with a NeXus file. */
export type NexusDocument = DocumentWidget<NexusPanel, NexusModel>;

export interface INexusServices extends IEditorServices {
  viewer: ISavuViewer | null;
}

/** Shows a file as what it holds: a process list in the editor, data in the viewer. */
export class NexusPanel extends StackedPanel {
  constructor(
    private readonly _context: Context,
    private readonly _services: INexusServices
  ) {
    super();
    this.addClass('jp-SavuDocument');
    // JupyterLab opens a document before it has read the file.
    void _context.ready.then(() => {
      if (!this.isDisposed) {
        this._show();
        _context.model.contentChanged.connect(this._show, this);
      }
    });
  }

  /** The editor, where the file is a process list. */
  get editor(): ListEditor | null {
    return this._editor;
  }

  /** Told when the file turned out to be a list, or no longer is one. */
  get editorChanged(): ISignal<this, ListEditor | null> {
    return this._editorChanged;
  }

  dispose(): void {
    this._editor?.dispose();
    super.dispose();
    Signal.clearData(this);
  }

  protected onActivateRequest(message: LuminoMessage): void {
    super.onActivateRequest(message);
    this._isActivated = true;
    this.widgets[0]?.activate();
  }

  private _show(): void {
    const { kind, problem } = this._context.model.sharedModel;
    const shown = `${kind} ${problem}`;
    if (shown === this._shown) {
      return;
    }
    this._shown = shown;
    for (const widget of [...this.widgets]) {
      widget.dispose();
    }
    this._editor?.dispose();
    this._editor =
      kind === 'list' ? new ListEditor(this._context, this._services) : null;
    this.addWidget(
      this._editor ? new ListWidget(this._editor) : this._dataWidget(problem)
    );
    if (this._isActivated && this.isVisible) {
      // The document was activated before there was anything to focus.
      this.widgets[0].activate();
    }
    this._editorChanged.emit(this._editor);
  }

  private _dataWidget(problem: string | null): Widget {
    const { viewer, trans } = this._services;
    if (problem === null && viewer) {
      return viewer.createWidget({
        root: JUPYTER_ROOT,
        path: this._context.localPath
      });
    }
    const message =
      problem === null ? (
        <Message
          title={trans.__('This file holds data')}
          text={trans.__(
            'The viewer is switched off: enable it in the plugin manager.'
          )}
        />
      ) : (
        <Message
          title={trans.__(
            '%1 cannot be opened',
            PathExt.basename(this._context.localPath)
          )}
          text={`${problem} ${trans.__('Nothing was changed. If the file is still being written or copied, try again when that is done.')}`}
          action={{
            label: trans.__('Try again'),
            run: () => void this._context.revert()
          }}
        />
      );
    const widget = ReactWidget.create(message);
    widget.addClass('jp-SavuMessage-widget');
    return widget;
  }

  private _shown: string | null = null;
  private _isActivated = false;
  private _editor: ListEditor | null = null;
  private readonly _editorChanged = new Signal<this, ListEditor | null>(this);
}

/** The editor of a process list. */
class ListWidget extends ReactWidget {
  constructor(private readonly _editor: ListEditor) {
    super();
    this.addClass('jp-SavuList-widget');
    // JupyterLab's Undo and Redo with their keys act on this document.
    this.node.dataset.jpUndoer = 'true';
    this._drops = [
      new ScanDrop(this.node, _editor),
      new PluginDrag(this.node, _editor)
    ];
  }

  render(): JSX.Element {
    return <ListView editor={this._editor} />;
  }

  protected onAfterAttach(message: LuminoMessage): void {
    super.onAfterAttach(message);
    this._drops.forEach(drop => drop.attach());
  }

  protected onBeforeDetach(message: LuminoMessage): void {
    this._drops.forEach(drop => drop.detach());
    super.onBeforeDetach(message);
  }

  protected onActivateRequest(): void {
    // React draws later than Lumino activates.
    void this.renderPromise?.then(() => {
      const focused = document.activeElement;
      // Somebody may be typing elsewhere by now, into the palette for example.
      const isTyping = focused?.matches('input, textarea, select');
      if (!this.node.contains(focused) && !isTyping) {
        const find = (what: string) =>
          this.node.querySelector<HTMLElement>(what);
        (find('[role="listbox"]') ?? find('button:enabled'))?.focus();
      }
    });
  }

  private readonly _drops: readonly (ScanDrop | PluginDrag)[];
}

/** Makes the documents of NeXus files. */
export class NexusDocumentFactory extends ABCWidgetFactory<
  NexusDocument,
  NexusModel
> {
  constructor(
    options: DocumentRegistry.IWidgetFactoryOptions<NexusDocument>,
    private readonly _services: INexusServices
  ) {
    super(options);
  }

  protected createNewWidget(context: Context): NexusDocument {
    savePlainNumbers(context, this._services.trans);
    const document = new DocumentWidget({
      context,
      content: new NexusPanel(context, this._services),
      translator: this.translator
    });
    // The editor and the viewer bring their own.
    document.toolbar.hide();
    document.title.iconClass = 'jp-SavuTab-icon';
    document.content.editorChanged.connect((_, editor) => {
      document.title.icon = editor ? listIcon : dataIcon;
    });
    return document;
  }
}
