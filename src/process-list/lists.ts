import type { IWidgetTracker } from '@jupyterlab/apputils';
import { type ISignal, Signal } from '@lumino/signaling';

import type { IPlace } from '../api';
import type { IOpenProcessList, IProcessLists } from '../tokens';
import type { NexusDocument } from './document';
import type { ScanChoices } from './scans';

/** The process lists that are open, for the other areas. */
export class ProcessLists implements IProcessLists {
  constructor(
    readonly tracker: IWidgetTracker<NexusDocument>,
    private readonly _scans: ScanChoices
  ) {
    _scans.changed.connect((_, listPath) => this._scanChanged.emit(listPath));
    tracker.currentChanged.connect(this._update, this);
    tracker.widgetAdded.connect((_, { content }) => {
      content.editorChanged.connect(this._update, this);
      content.disposed.connect(this._update, this);
    });
  }

  /** The list that was used last; data that is looked at does not replace it. */
  get current(): IOpenProcessList | null {
    return this._current;
  }

  get currentChanged(): ISignal<this, IOpenProcessList | null> {
    return this._currentChanged;
  }

  find(path: string): IOpenProcessList | null {
    return (
      this.tracker.find(
        ({ content }) => !content.isDisposed && content.editor?.path === path
      )?.content.editor ?? null
    );
  }

  scanOf(listPath: string): IPlace | null {
    return this._scans.get(listPath);
  }

  chooseScan(listPath: string, scan: IPlace | null): Promise<void> {
    return this._scans.choose(listPath, scan);
  }

  get scanChanged(): ISignal<this, string> {
    return this._scanChanged;
  }

  private _update(): void {
    const editors: IOpenProcessList[] = [];
    this.tracker.forEach(({ content }) => {
      if (content.editor && !content.isDisposed) {
        editors.push(content.editor);
      }
    });
    const used = this.tracker.currentWidget?.content;
    const kept = editors.find(editor => editor === this._current);
    const current =
      (used && !used.isDisposed && used.editor) || kept || editors[0] || null;
    if (current !== this._current) {
      this._current = current;
      this._currentChanged.emit(current);
    }
  }

  private _current: IOpenProcessList | null = null;
  private readonly _currentChanged = new Signal<this, IOpenProcessList | null>(
    this
  );
  private readonly _scanChanged = new Signal<this, string>(this);
}
