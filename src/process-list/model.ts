import type { IChangedArgs } from '@jupyterlab/coreutils';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { Contents } from '@jupyterlab/services';
import { JSONExt, type ReadonlyJSONValue } from '@lumino/coreutils';
import { type ISignal, Signal } from '@lumino/signaling';

import type { FileKind, IPlugin, IProcessList } from '../api';
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
    this._saved = this.sharedModel.list;
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
    if (!value) {
      // Saved is what was taken for saving; edits since then are not.
      this._saved = this._taken ?? this.sharedModel.list;
      this._taken = null;
    }
    this._setDirty(value || this._isEdited);
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

  /** Told before the content is taken, for saving: what is still being typed belongs to it. */
  get taking(): ISignal<this, void> {
    return this._taking;
  }

  toJSON(): NexusContent {
    this._taking.emit();
    const source = this.sharedModel.getSource();
    this._taken = source.list;
    return source.list && this._isPlain
      ? { ...source, list: plainNumbers(source.list) }
      : source;
  }

  /** Whether what is taken has plain numbers in any case. */
  get isPlain(): boolean {
    return this._isPlain;
  }

  /** Does what takes the content for a copy, in which the numbers have no letters. */
  async withPlainNumbers<T>(copy: () => Promise<T>): Promise<T> {
    this._isPlain = true;
    try {
      return await copy();
    } finally {
      this._isPlain = false;
    }
  }

  fromJSON(content: NexusContent): void {
    this._loading = true;
    this.sharedModel.setSource(content);
    this._loading = false;
    this.readOnly = content.kind !== 'list';
    // JupyterLab does not do so when a document is reverted.
    this._taken = null;
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
      this._setDirty(this._isEdited);
      this._contentChanged.emit();
    }
  }

  private get _isEdited(): boolean {
    return !sameList(this._saved, this.sharedModel.list);
  }

  private _setDirty(value: boolean): void {
    if (value !== this.dirty) {
      this.sharedModel.dirty = value;
    }
  }

  /** The list that the file holds. */
  private _saved: IProcessList;
  /** The list that JupyterLab is writing. */
  private _taken: IProcessList | null = null;
  private _isPlain = false;
  private _readOnly = false;
  private _loading = false;
  private _isDisposed = false;
  private readonly _taking = new Signal<this, void>(this);
  private readonly _contentChanged = new Signal<this, void>(this);
  private readonly _stateChanged = new Signal<this, IChangedArgs<unknown>>(
    this
  );
}

function plainNumbers(list: IProcessList): IProcessList {
  const plugins = list.plugins.map((plugin, index) => ({
    ...plugin,
    position: String(index + 1)
  }));
  return { ...list, plugins };
}

/** Whether two lists mean the same; plugins that were not edited are the same objects. */
function sameList(one: IProcessList, other: IProcessList): boolean {
  return (
    one.plugins.length === other.plugins.length &&
    JSONExt.deepEqual(one.groups ?? [], other.groups ?? []) &&
    one.plugins.every((plugin, index) =>
      samePlugin(plugin, other.plugins[index])
    )
  );
}

function samePlugin(one: IPlugin, other: IPlugin): boolean {
  return (
    one === other ||
    JSONExt.deepEqual(
      one as unknown as ReadonlyJSONValue,
      other as unknown as ReadonlyJSONValue
    )
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
