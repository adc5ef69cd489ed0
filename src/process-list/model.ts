import type { IChangedArgs } from '@jupyterlab/coreutils';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { Contents } from '@jupyterlab/services';
import { type ISignal, Signal } from '@lumino/signaling';

import type { FileKind } from '../api';
import {
  YProcessList,
  type NexusContent,
  type IProcessListChange
} from './shared';

/** The document model of a NeXus file; only process lists can be edited. */
export class NexusModel implements DocumentRegistry.IModel {
  readonly defaultKernelName = '';
  readonly defaultKernelLanguage = '';
  /**
   * JupyterLab saves a collaborative model only when the user says so. Lists
   * are not saved by the clock: a run of the facility may read the file.
   */
  readonly collaborative = true;
  readonly sharedModel: YProcessList;

  constructor(options: DocumentRegistry.IModelOptions<YProcessList> = {}) {
    this.sharedModel = options.sharedModel ?? new YProcessList();
    this.sharedModel.changed.connect(this._onChanged, this);
  }

  get contentChanged(): ISignal<this, void> {
    return this._contentChanged;
  }

  get stateChanged(): ISignal<this, IChangedArgs<unknown>> {
    return this._stateChanged;
  }

  get dirty(): boolean {
    return this.sharedModel.dirty;
  }
  set dirty(value: boolean) {
    if (value !== this.dirty) {
      this.sharedModel.dirty = value;
    }
  }

  get readOnly(): boolean {
    return this._readOnly;
  }
  set readOnly(newValue: boolean) {
    const oldValue = this._readOnly;
    if (newValue !== oldValue) {
      this._readOnly = newValue;
      this._stateChanged.emit({ name: 'readOnly', oldValue, newValue });
    }
  }

  get kind(): FileKind {
    return this.sharedModel.kind;
  }

  toJSON(): NexusContent {
    return this.sharedModel.getSource();
  }

  fromJSON(content: NexusContent): void {
    this._loading = true;
    this.sharedModel.setSource(content);
    this._loading = false;
    this.readOnly = content.kind !== 'list';
    // JupyterLab does not do so when a document is reverted.
    this.dirty = false;
    this._contentChanged.emit();
  }

  toString(): string {
    return JSON.stringify(this.toJSON());
  }

  fromString(text: string): void {
    this.fromJSON(JSON.parse(text));
  }

  initialize(): void {
    /* The shared model needs nothing. */
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      Signal.clearData(this);
    }
  }

  private _onChanged(_: YProcessList, change: IProcessListChange): void {
    for (const { name, oldValue, newValue } of change.stateChange ?? []) {
      if (oldValue !== newValue) {
        this._stateChanged.emit({ name, oldValue, newValue });
      }
    }
    if (change.listChange && !this._loading) {
      this.dirty = true;
      this._contentChanged.emit();
    }
  }

  private _readOnly = false;
  private _loading = false;
  private _isDisposed = false;
  private readonly _contentChanged = new Signal<this, void>(this);
  private readonly _stateChanged = new Signal<this, IChangedArgs<unknown>>(
    this
  );
}

/** Makes the models of NeXus files. */
export class NexusModelFactory implements DocumentRegistry.IModelFactory<NexusModel> {
  readonly name = 'savu-nexus';
  readonly contentType: Contents.ContentType = 'file';
  readonly fileFormat: Contents.FileFormat = 'json';
  readonly collaborative = false;

  createNew(
    options?: DocumentRegistry.IModelOptions<YProcessList>
  ): NexusModel {
    return new NexusModel(options);
  }

  preferredLanguage(): string {
    return '';
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
  }

  private _isDisposed = false;
}
