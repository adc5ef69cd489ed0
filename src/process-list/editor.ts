import { PathExt } from '@jupyterlab/coreutils';
import type { IDocumentManager } from '@jupyterlab/docmanager';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';

import type {
  IPlace,
  IPluginFacts,
  IProblem,
  IProcessList,
  SavuClient
} from '../api';
import type { IOpenProcessList, ISavuJobs } from '../tokens';
import { type Catalogue, newPlugin } from './catalogue';
import { Checks } from './checks';
import { Drafts } from './fields/drafts';
import type { NexusModel } from './model';
import type { Preferences } from './preferences';
import { Running } from './running';
import type { SavuChoices } from './savus';
import type { ScanChoices } from './scans';
import {
  FIRST,
  type ISelection,
  pick,
  range,
  type SelectMode,
  within
} from './selection';
import type { IExcerpt, YProcessList } from './shared';

/** What all editors share. */
export interface IEditorServices {
  client: SavuClient;
  catalogue: Catalogue;
  commands: CommandRegistry;
  savus: SavuChoices;
  scans: ScanChoices;
  preferences: Preferences;
  jobs: ISavuJobs | null;
  documents: IDocumentManager | null;
  trans: TranslationBundle;
}

const NO_PROBLEMS: readonly IProblem[] = [];

/** Which panel lies over the list. */
export type Overlay =
  | 'add'
  | 'fill'
  | 'replace'
  | 'scan'
  | 'problems'
  | 'compare'
  | 'citations'
  | 'history'
  | 'help';

/** The state of one editor: the list, what is selected, what is wrong. */
export class ListEditor implements IOpenProcessList, IDisposable {
  constructor(
    readonly context: DocumentRegistry.IContext<NexusModel>,
    private readonly _shared: IEditorServices
  ) {
    const { savus, scans, preferences, jobs, client } = _shared;
    this._catalogue = savus.catalogue(null);
    this.checks = new Checks(
      client,
      () => ({
        list: this.content,
        scan: this.scan,
        queues: this.running.queues,
        savu: this.savu
      }),
      (queues, message) => _shared.trans.__('%1: %2', queues, message)
    );
    this.running.changed.connect(this._onView, this);
    context.model.taking.connect(this.drafts.flush, this.drafts);
    context.model.contentChanged.connect(this._onContent, this);
    context.model.stateChanged.connect(this._onView, this);
    context.fileChanged.connect(this._onView, this);
    context.pathChanged.connect(this._onPath, this);
    scans.changed.connect(this._onScan, this);
    this._catalogue.changed.connect(this._onView, this);
    savus.changed.connect(this._onSavu, this);
    preferences.changed.connect(this._onView, this);
    jobs?.changed.connect(this._onJobs, this);
    this.checks.changed.connect(this._onView, this);
    this._path = this.path;
    this._onSavu();
    this.checks.schedule();
    void scans.guess(this.path).catch(error => {
      console.warn('The folder of the list could not be searched.', error);
    });
  }

  readonly checks: Checks;
  readonly running = new Running(this);
  /** What is typed and not yet in the list. */
  readonly drafts = new Drafts();

  /** What all editors share, and the plugins of the Savu of this list. */
  get services(): IEditorServices {
    return { ...this._shared, catalogue: this._catalogue };
  }

  /** The connected Savu chosen for the list; null for what is shipped. */
  get savu(): string | null {
    return this._shared.savus.get(this.path);
  }

  get path(): string {
    return this.context.localPath;
  }

  get name(): string {
    return PathExt.basename(this.path);
  }

  get content(): IProcessList {
    return this.list.list;
  }

  get isEdited(): boolean {
    return this.context.model.dirty;
  }

  /** Told when the list changes. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Told when anything that is shown changes. */
  get viewChanged(): ISignal<this, void> {
    return this._viewChanged;
  }

  get list(): YProcessList {
    return this.context.model.sharedModel;
  }

  get isReadOnly(): boolean {
    return (
      this.context.model.readOnly ||
      this.context.contentsModel?.writable === false
    );
  }

  /** The panel that lies over the list. */
  get overlay(): Overlay | null {
    return this._overlay;
  }
  set overlay(value: Overlay | null) {
    if (value !== this._overlay) {
      this.running.fillIn.close();
      this._overlay = value;
      this._viewChanged.emit();
    }
  }

  /** The index of the plugin whose parameters are shown; -1 in an empty list. */
  get selected(): number {
    return this._within.active;
  }

  /** The indices of all selected plugins, in rising order. */
  get selection(): readonly number[] {
    return this._within.indices;
  }

  select(index: number, mode: SelectMode = 'only'): void {
    const last = this.list.length - 1;
    const target = Math.max(0, Math.min(index, last));
    this._show(pick(this._within, target, mode));
  }

  selectAll(): void {
    if (this.list.length > 0) {
      this._show(range(0, this.list.length - 1));
    }
  }

  get scan(): IPlace | null {
    return this.services.scans.get(this.path);
  }

  /** The problems of a plugin; the same object until the next answer. */
  problemsOf(index: number): readonly IProblem[] {
    return this.checks.byPlugin.get(index) ?? NO_PROBLEMS;
  }

  /** Puts a plugin in behind the selected one and selects it. */
  async add(name: string): Promise<void> {
    const plugin = newPlugin(await this._factsOf(name));
    this.insert(this.selected + 1, { plugins: [plugin], groups: [] });
  }

  /** Puts plugins behind each other into an empty list, in one step. */
  async start(names: readonly string[]): Promise<void> {
    const facts = await Promise.all(names.map(name => this._factsOf(name)));
    this.insert(0, { plugins: facts.map(newPlugin), groups: [] });
    this.select(0);
  }

  /** Puts another plugin in the place of the one whose parameters are shown. */
  async replace(name: string): Promise<void> {
    const facts = await this._factsOf(name);
    this.list.replace(this.selected, newPlugin(facts));
    this.select(this.selected);
  }

  /** Puts plugins in at an index and selects them. */
  insert(index: number, excerpt: IExcerpt): void {
    this.list.insert(index, excerpt);
    this._show(range(index, index + excerpt.plugins.length - 1));
  }

  /** Takes the selected plugins out. */
  remove(): void {
    const [first] = this.selection;
    this.list.remove(this.selection);
    this.select(first);
  }

  /** Moves the selected plugins together, so that the index of the first becomes `to`. */
  move(to: number): void {
    const { selection, selected } = this;
    const target = Math.max(
      0,
      Math.min(to, this.list.length - selection.length)
    );
    this.list.move(selection, target);
    this._show({
      ...range(target, target + selection.length - 1),
      active: target + selection.indexOf(selected)
    });
  }

  /** Moves the selected plugins one place; those that lie apart are gathered. */
  shift(direction: -1 | 1): void {
    const { selection } = this;
    const last = selection[selection.length - 1];
    this.move(direction < 0 ? selection[0] - 1 : last + 2 - selection.length);
  }

  /** Puts copies of the selected plugins behind them. */
  duplicate(): void {
    const { selection } = this;
    const start = selection[selection.length - 1] + 1;
    this.list.duplicate(selection);
    this._show(range(start, start + selection.length - 1));
  }

  /** Switches one plugin. */
  toggle(index: number): void {
    this.list.setActive([index], !this.list.plugins[index].active);
  }

  /** Switches the selected plugins to what the one that is shown is not. */
  toggleSelection(): void {
    const { active } = this.list.plugins[this.selected];
    this.list.setActive(this.selection, !active);
  }

  filled(): Promise<IProcessList | null> {
    return this.running.filled();
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this.checks.dispose();
      this.running.fillIn.close();
      Signal.clearData(this);
    }
  }

  private async _factsOf(name: string): Promise<IPluginFacts> {
    const facts = await this.services.catalogue.load(name);
    if (!facts) {
      throw new Error(
        this.services.trans.__('The server does not know the plugin %1.', name)
      );
    }
    return facts;
  }

  /** The selection in the list as it is now. */
  private get _within(): ISelection {
    return within(this._selection, this.list.length);
  }

  private _show(selection: ISelection): void {
    this._selection = selection;
    this._viewChanged.emit();
  }

  private _onContent(): void {
    this.checks.schedule();
    this._changed.emit();
    this._viewChanged.emit();
  }

  private _onSavu(): void {
    const catalogue = this._shared.savus.catalogue(this.savu);
    if (catalogue !== this._catalogue) {
      this._catalogue.changed.disconnect(this._onView, this);
      this._catalogue = catalogue;
      this._catalogue.changed.connect(this._onView, this);
      this.checks.schedule();
    }
    this._viewChanged.emit();
  }

  private _onView(): void {
    this._viewChanged.emit();
  }

  private _onPath(): void {
    void this.services.scans.follow(this._path, this.path);
    void this.services.savus.follow(this._path, this.path);
    this._path = this.path;
    this._viewChanged.emit();
  }

  private _onScan(_: ScanChoices, listPath: string): void {
    if (listPath === this.path) {
      this.checks.schedule();
      this._viewChanged.emit();
    }
  }

  private _onJobs(): void {
    // The first answer about the queues tells which engines may run the list.
    const engines = this.running.queues
      .map(({ title, engine }) => `${title} ${engine}`)
      .join();
    if (engines !== this._engines) {
      this._engines = engines;
      this.checks.schedule();
      this._viewChanged.emit();
    }
  }

  private _catalogue: Catalogue;
  private _path = '';
  private _engines = '';
  private _selection = FIRST;
  private _overlay: Overlay | null = null;
  private _isDisposed = false;
  private readonly _changed = new Signal<this, void>(this);
  private readonly _viewChanged = new Signal<this, void>(this);
}
