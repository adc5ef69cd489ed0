import type { ISignal } from '@lumino/signaling';

import type { IComparison, IProcessList, SavuClient } from '../api';
import { Inquiry } from './inquiry';

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
export class ComparisonModel extends Inquiry<IFound> {
  constructor(
    private readonly _client: Pick<SavuClient, 'compareProcessLists'>,
    private _left: ISide,
    private _right: ISide
  ) {
    super();
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

  /** Null before the first answer. */
  get found(): IFound | null {
    return this._found;
  }

  /** Lets the two change places. */
  swap(): void {
    [this._left, this._right] = [this._right, this._left];
    void this.run();
  }

  protected async ask(): Promise<IFound> {
    const [left, right] = await Promise.all([
      this._left.read(),
      this._right.read()
    ]);
    const told = await this._client.compareProcessLists(left, right);
    return { ...told, left, right };
  }

  protected take(found: IFound | null): void {
    this._found = found;
  }

  private _onEdit(): void {
    this.schedule(DELAY_MS);
  }

  private _found: IFound | null = null;
}

/** How many plugins and loops differ. */
export function differences({ plugins, loops }: IComparison): number {
  return [...plugins, ...loops].filter(({ differs }) => differs).length;
}
