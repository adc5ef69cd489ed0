import type { IProcessList, IQueue } from '../api';

/** What the form over a list fills in what is marked for: a run that waits, or the list itself. */
export class FillRequest {
  /** @param _show - shows the form. */
  constructor(private readonly _show: () => void) {}

  /** Whether a run waits for it. */
  get isForRun(): boolean {
    return this._give !== null;
  }

  /** Where that runs, if that has been chosen. */
  get queue(): IQueue | null {
    return this._queue;
  }

  /** Lets the user fill in the list itself. */
  open(): void {
    this.close();
    this._show();
  }

  /** The list as a run is to have it; null when the user thinks better of it. */
  ask(queue: IQueue | null): Promise<IProcessList | null> {
    this.open();
    return new Promise(resolve => {
      this._give = resolve;
      this._queue = queue;
    });
  }

  /** Lets the run that waits have its list. */
  give(list: IProcessList | null): void {
    const give = this._give;
    this._give = this._queue = null;
    give?.(list);
  }

  /** Nothing is filled in for a run. */
  close(): void {
    this.give(null);
  }

  private _give: ((list: IProcessList | null) => void) | null = null;
  private _queue: IQueue | null = null;
}
