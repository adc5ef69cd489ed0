import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';

import type { IComparison, IProcessList, SavuClient } from '../api';

/** So long after an edit the lists are compared again. */
const DELAY_MS = 300;

/** One of two lists that are compared. */
export interface ISide {
  title: string;
  /** Where the list comes from. */
  detail: string;
  read: () => Promise<IProcessList>;
  /** Told when the list changes. */
  changed: ISignal<unknown, void> | null;
}

/** What was found: the lists as they were read, and what differs between them. */
export interface IFound extends IComparison {
  left: IProcessList;
  right: IProcessList;
}

/** Two lists side by side, kept current. */
export class ComparisonModel implements IDisposable {
  constructor(
    private readonly _client: Pick<SavuClient, 'compareProcessLists'>,
    private _left: ISide,
    private _right: ISide
  ) {
    for (const { changed } of [_left, _right]) {
      changed?.connect(this._onEdit, this);
    }
    void this.run();
  }

  get left(): ISide {
    return this._left;
  }

  get right(): ISide {
    return this._right;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Null before the first answer. */
  get found(): IFound | null {
    return this._found;
  }

  /** Why the lists could not be compared. */
  get failure(): string | null {
    return this._failure;
  }

  /** Lets the two change places. */
  swap(): void {
    [this._left, this._right] = [this._right, this._left];
    void this.run();
  }

  /** Compares now. The answer to an older question is dropped. */
  async run(): Promise<void> {
    const request = ++this._newest;
    let found: IFound | null = null;
    let failure: string | null = null;
    try {
      const [left, right] = await Promise.all([
        this._left.read(),
        this._right.read()
      ]);
      const told = await this._client.compareProcessLists(left, right);
      found = { ...told, left, right };
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
    }
    if (request === this._newest && !this._isDisposed) {
      this._found = found;
      this._failure = failure;
      this._changed.emit();
    }
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    window.clearTimeout(this._timer);
    Signal.clearData(this);
  }

  private _onEdit(): void {
    window.clearTimeout(this._timer);
    this._timer = window.setTimeout(() => void this.run(), DELAY_MS);
  }

  private _found: IFound | null = null;
  private _failure: string | null = null;
  private _timer = 0;
  private _newest = 0;
  private _isDisposed = false;
  private readonly _changed = new Signal<this, void>(this);
}

/** How many plugins and loops differ. */
export function differences({ plugins, loops }: IComparison): number {
  return [...plugins, ...loops].filter(({ differs }) => differs).length;
}
