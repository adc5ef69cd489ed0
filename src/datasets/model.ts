import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';

import {
  JUPYTER_ROOT,
  type IDataset,
  type IProcessListEntry,
  type ISearchPage,
  type SavuClient
} from '../api';

/** So long after the last letter the server is asked. */
const DELAY_MS = 250;
const PAGE = 100;

export type SectionName = 'scans' | 'lists' | 'results';
export const SECTIONS: readonly SectionName[] = ['scans', 'lists', 'results'];

/** A file that was found. */
export type Item = IDataset | IProcessListEntry;

/** What was found of one kind. */
export interface ISection {
  items: readonly Item[];
  /** Whether an answer is awaited. */
  isLoading: boolean;
  /** The cursor of the next page. */
  next: string | null;
  /** Whether the search ended before it saw everything. */
  isTruncated: boolean;
  /** Why there is no answer. */
  failure: string | null;
}

const EMPTY: ISection = {
  items: [],
  isLoading: true,
  next: null,
  isTruncated: false,
  failure: null
};

/** The search for scans, process lists and results below a folder. */
export class DataModel implements IDisposable {
  constructor(private readonly _client: SavuClient) {}

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get query(): string {
    return this._query;
  }
  set query(value: string) {
    this._query = value;
    this._changed.emit();
    this.searchSoon();
  }

  get root(): string {
    return this._root;
  }
  set root(value: string) {
    this._root = value;
    this._folder = '';
    this.search();
  }

  /** The folder to search below; empty for the whole root. */
  get folder(): string {
    return this._folder;
  }
  set folder(value: string) {
    this._folder = value;
    this._changed.emit();
    this.searchSoon();
  }

  /** The names of the roots that the server offers. */
  get roots(): readonly string[] {
    return this._roots;
  }

  section(name: SectionName): ISection {
    return this._sections[name];
  }

  get selected(): Item | null {
    return this._selected;
  }

  select(item: Item | null): void {
    this._selected = item;
    this._changed.emit();
  }

  /** Asks the server what it offers, and searches. */
  async start(): Promise<void> {
    this.search();
    try {
      const { roots } = await this._client.info();
      this._roots = roots.map(({ name }) => name);
      this._changed.emit();
    } catch {
      // The sections say that the server does not answer.
    }
  }

  searchSoon(): void {
    window.clearTimeout(this._timer);
    this._timer = window.setTimeout(() => this.search(), DELAY_MS);
  }

  /** Searches now; what was found before stays until the answers come. */
  search(): void {
    window.clearTimeout(this._timer);
    this._search++;
    // The server stops looking for what nobody waits for.
    this._searching.abort();
    this._searching = new AbortController();
    for (const name of SECTIONS) {
      this._update(name, { isLoading: true });
      void this._load(name, null);
    }
  }

  /** Adds the next page to a section. */
  more(name: SectionName): void {
    const { next } = this._sections[name];
    if (next !== null) {
      this._update(name, { isLoading: true });
      void this._load(name, next);
    }
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    this._searching.abort();
    window.clearTimeout(this._timer);
    Signal.clearData(this);
  }

  private async _load(name: SectionName, cursor: string | null): Promise<void> {
    const search = this._search;
    let update: Partial<ISection>;
    try {
      const page = await this._page(name, cursor);
      const before = cursor === null ? [] : this._sections[name].items;
      update = {
        items: [...before, ...page.items],
        next: page.next,
        isTruncated: page.truncated,
        failure: null
      };
    } catch (error) {
      const failure = error instanceof Error ? error.message : String(error);
      update = { items: [], next: null, isTruncated: false, failure };
    }
    if (search === this._search && !this._isDisposed) {
      this._update(name, { ...update, isLoading: false });
    }
  }

  private _page(
    name: SectionName,
    cursor: string | null
  ): Promise<ISearchPage<Item>> {
    const search = {
      root: this._root,
      below: this._folder,
      q: this._query.trim() || undefined,
      limit: PAGE,
      cursor
    };
    const { signal } = this._searching;
    switch (name) {
      case 'scans':
        return this._client.datasets({ ...search, kind: 'scan' }, signal);
      case 'results':
        return this._client.datasets({ ...search, kind: 'result' }, signal);
      case 'lists':
        return this._client.processLists(search, signal);
    }
  }

  private _update(name: SectionName, update: Partial<ISection>): void {
    this._sections[name] = { ...this._sections[name], ...update };
    const { _selected: selected } = this;
    if (selected) {
      // After a search the same file is another object.
      this._selected =
        SECTIONS.flatMap(one => this._sections[one].items).find(
          ({ root, path }) => root === selected.root && path === selected.path
        ) ?? null;
    }
    this._changed.emit();
  }

  private _query = '';
  private _root = JUPYTER_ROOT;
  private _folder = '';
  private _roots: readonly string[] = [JUPYTER_ROOT];
  private _selected: Item | null = null;
  private _timer = 0;
  private _search = 0;
  private _searching = new AbortController();
  private _isDisposed = false;
  private readonly _sections: Record<SectionName, ISection> = {
    scans: EMPTY,
    lists: EMPTY,
    results: EMPTY
  };
  private readonly _changed = new Signal<this, void>(this);
}

/** Whether a file is a scan or result, and not a list. */
export function isDataset(item: Item): item is IDataset {
  return 'dataset' in item;
}
