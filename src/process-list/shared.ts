import { YDocument, type DocumentChange } from '@jupyter/ydoc';
import * as Y from 'yjs';

import type { FileKind, IPlugin, IProcessList } from '../api';
import { EditLog } from './edit-log';
import {
  groupsAfterDuplicate,
  groupsAfterInsert,
  groupsAfterMove,
  groupsAfterRemove,
  groupsAmong,
  groupsWith,
  type IGroup
} from './groups';

/** What a NeXus file holds, as far as the document knows it. */
export type NexusContent = {
  kind: FileKind;
  /** Null when the file is no process list. */
  list: IProcessList | null;
  /** Why the file cannot be opened. */
  problem?: string;
};

/** Plugins on their way to another place, with the groups that are all among them. */
export interface IExcerpt {
  plugins: readonly IPlugin[];
  groups: readonly IGroup[];
}

export interface IProcessListChange extends DocumentChange {
  /** The list has been edited or loaded. */
  listChange?: boolean;
}

/**
 * A process list that several views can edit.
 *
 * Each edit is one step of undo. A plugin is a map whose parameters are a map
 * of their own, so that edits of different parameters never overwrite each
 * other. What the file holds besides travels in `extra`, untouched.
 */
export class YProcessList extends YDocument<IProcessListChange> {
  readonly version = '1.0.0';

  constructor() {
    super();
    this.undoManager.addToScope([this._plugins, this._groups]);
    // Steps end where an edit says so and not by the clock: typing into one
    // field is one step however slow, two quick clicks are two.
    (this.undoManager as unknown as { captureTimeout: number }).captureTimeout =
      Number.MAX_SAFE_INTEGER;
    this._plugins.observeDeep(this._onListChanged);
    this._groups.observe(this._onListChanged);
  }

  /** What was done since the list was loaded, and what was undone of it. */
  readonly log = new EditLog(this.undoManager);

  get kind(): FileKind {
    return (this._meta.get('kind') as FileKind | undefined) ?? 'list';
  }

  get problem(): string | null {
    return (this._meta.get('problem') as string | undefined) ?? null;
  }

  get length(): number {
    return this._plugins.length;
  }

  /** The plugins; one that did not change is the same object as before. */
  get plugins(): IPlugin[] {
    return this._plugins.map(map => {
      const plugin = this._known.get(map) ?? toPlugin(map);
      this._known.set(map, plugin);
      return plugin;
    });
  }

  get groups(): IGroup[] {
    return this._groups.toJSON() as IGroup[];
  }

  get list(): IProcessList {
    return {
      version: (this._meta.get('version') as string | null | undefined) ?? null,
      plugins: this.plugins,
      groups: this.groups,
      extra: (this._meta.get('extra') as IProcessList['extra']) ?? {}
    };
  }

  /** Copies of plugins, by their indices in rising order. */
  excerpt(indices: readonly number[]): IExcerpt {
    const { plugins, groups } = this;
    return {
      plugins: indices.map(index => plugins[index]),
      groups: groupsAmong(groups, indices)
    };
  }

  /** Puts plugins in at an index. */
  insert(index: number, { plugins, groups }: IExcerpt): void {
    const told = plugins.map(({ name }, at) => `add ${name} ${index + at + 1}`);
    this._edit(told.join('; '), () => {
      this._setGroups(
        groupsWith(
          groupsAfterInsert(this.groups, index, plugins.length),
          groups,
          index
        )
      );
      this._plugins.insert(index, plugins.map(toMap));
      this._renumber();
    });
  }

  /** Takes plugins out, by their indices in rising order. */
  remove(indices: readonly number[]): void {
    this._edit(`rem ${this._places(indices)}`, () => {
      this._setGroups(indices.reduceRight(groupsAfterRemove, this.groups));
      this._delete(indices);
      this._renumber();
    });
  }

  /**
   * Moves plugins together, by their indices in rising order, so that the index
   * of the first becomes `to`.
   */
  move(indices: readonly number[], to: number): void {
    const isThere = indices.every((from, offset) => from === to + offset);
    if (isThere || to < 0 || to + indices.length > this.length) {
      return;
    }
    this._edit(`move ${this._places(indices)} ${to + 1}`, () => {
      // A shared array cannot move: copies take the place of the originals.
      const { plugins } = this.excerpt(indices);
      this._setGroups(groupsAfterMove(this.groups, indices, to));
      this._delete(indices);
      this._plugins.insert(to, plugins.map(toMap));
      this._renumber();
    });
  }

  /** Puts copies of plugins behind the last of them. */
  duplicate(indices: readonly number[]): void {
    const last = indices[indices.length - 1];
    this._edit(`dupl ${this._places(indices)}`, () => {
      const { plugins } = this.excerpt(indices);
      this._setGroups(groupsAfterDuplicate(this.groups, last, plugins.length));
      this._plugins.insert(last + 1, plugins.map(toMap));
      this._renumber();
    });
  }

  /** Puts a plugin in the place of another; it is off if that one was. */
  replace(index: number, plugin: IPlugin): void {
    const { position, active } = this.plugins[index];
    const told = `replace ${position} ${plugin.name}`;
    this._edit(told, () => {
      this._plugins.delete(index);
      this._plugins.insert(index, [toMap({ ...plugin, position, active })]);
    });
  }

  /** Takes all plugins and groups out. */
  clear(): void {
    this._edit('clear', () => {
      this._plugins.delete(0, this._plugins.length);
      this._setGroups([]);
    });
  }

  setActive(indices: readonly number[], active: boolean): void {
    const told = `set ${this._places(indices)} ${active ? 'on' : 'off'}`;
    this._edit(told, () => {
      for (const index of indices) {
        this._plugins.get(index).set('active', active);
      }
    });
  }

  /** Whether some numbers have letters, which Savu writes but cannot open. */
  get hasLetters(): boolean {
    return this.plugins.some(({ position }) => /[a-z]/.test(position));
  }

  /** Numbers the plugins afresh, in their order. */
  renumber(): void {
    this._edit('renumber', () => this._renumber());
  }

  setGroups(groups: readonly IGroup[]): void {
    this._edit('iterate', () => this._setGroups(groups));
  }

  /** Replaces all parameters of some plugins, in one step. */
  setAllParameters(
    told: string,
    changes: ReadonlyMap<number, IPlugin['parameters']>
  ): void {
    this._edit(told, () => {
      for (const [index, values] of changes) {
        this._plugins
          .get(index)
          .set('parameters', new Y.Map(Object.entries(values)));
      }
    });
  }

  /**
   * Sets a parameter to a value given as JSON text.
   *
   * @param continued - whether this belongs to the step of undo before it, as
   *   the second letter typed into a field does.
   */
  setParameter(
    index: number,
    name: string,
    value: string,
    continued = false
  ): void {
    const parameters = this._plugins
      .get(index)
      .get('parameters') as Y.Map<string>;
    if (parameters.get(name) !== value) {
      const told = `mod ${this._places([index])}.${name} ${value}`;
      this._edit(told, () => parameters.set(name, value), continued);
    }
  }

  // Undo as it is inherited calls the document dirty wherever it leads; the model compares.

  undo(): boolean {
    return this.log.undo();
  }

  redo(): boolean {
    return this.log.redo();
  }

  getSource(): NexusContent {
    const { kind, problem } = this;
    return {
      kind,
      list: kind === 'list' ? this.list : null,
      ...(problem === null ? {} : { problem })
    };
  }

  /** Loads what a file holds; this cannot be undone. */
  setSource(content: NexusContent): void {
    this.transact(() => {
      this._meta.set('kind', content.kind);
      this._meta.set('problem', content.problem);
      this._meta.set('version', content.list?.version ?? null);
      this._meta.set('extra', content.list?.extra ?? {});
      this._plugins.delete(0, this._plugins.length);
      this._plugins.insert(0, (content.list?.plugins ?? []).map(toMap));
      this._setGroups(content.list?.groups ?? []);
    }, false);
    this.clearUndoHistory();
  }

  dispose(): void {
    if (this.isDisposed) {
      return;
    }
    this._plugins.unobserveDeep(this._onListChanged);
    this._groups.unobserve(this._onListChanged);
    super.dispose();
  }

  /** Makes one step of undo; `told` says what it is in the words of savu_config. */
  private _edit(told: string, change: () => void, continued = false): void {
    if (!continued) {
      this.undoManager.stopCapturing();
    }
    this.log.next = told;
    this.transact(change);
  }

  private _places(indices: readonly number[]): string {
    return indices
      .map(index => this._plugins.get(index).get('position'))
      .join(' ');
  }

  private _delete(indices: readonly number[]): void {
    for (const index of [...indices].reverse()) {
      this._plugins.delete(index);
    }
  }

  /** Letters and gaps in the numbers last until the order is changed. */
  private _renumber(): void {
    this._plugins.forEach((plugin, index) => {
      const position = String(index + 1);
      if (plugin.get('position') !== position) {
        plugin.set('position', position);
      }
    });
  }

  private _setGroups(groups: readonly IGroup[]): void {
    if (JSON.stringify(groups) !== JSON.stringify(this.groups)) {
      this._groups.delete(0, this._groups.length);
      this._groups.insert(0, [...groups]);
    }
  }

  private _onListChanged = (_: unknown, transaction: Y.Transaction): void => {
    // A change lies in a plugin or in its parameters.
    for (const type of transaction.changed.keys()) {
      this._known.delete(type);
      if (type.parent) {
        this._known.delete(type.parent);
      }
    }
    // Plugins and groups may change in one transaction: it is told once.
    if (this._told !== transaction) {
      this._told = transaction;
      this._changed.emit({ listChange: true });
    }
  };

  private readonly _plugins = this.ydoc.getArray<Y.Map<unknown>>('plugins');
  private readonly _groups = this.ydoc.getArray<IGroup>('groups');
  private readonly _meta = this.ydoc.getMap('meta');
  private readonly _known = new WeakMap<object, IPlugin>();
  private _told: Y.Transaction | null = null;
}

function toMap(plugin: IPlugin): Y.Map<unknown> {
  return new Y.Map<unknown>([
    ['position', plugin.position],
    ['name', plugin.name],
    ['id', plugin.id],
    ['active', plugin.active],
    ['parameters', new Y.Map(Object.entries(plugin.parameters))],
    ['extra', plugin.extra ?? {}]
  ]);
}

function toPlugin(map: Y.Map<unknown>): IPlugin {
  return map.toJSON() as IPlugin;
}
