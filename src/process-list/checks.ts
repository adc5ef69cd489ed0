import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';

import {
  ApiError,
  type ICheck,
  type IPlace,
  type IProblem,
  type IProcessList,
  type ITuning,
  type SavuClient
} from '../api';

/** So long after the last change the server is asked. */
const DELAY_MS = 300;
/** So long after no answer it is asked again. */
const RETRY_MS = 5000;

export interface ICheckInput {
  list: IProcessList;
  scan: IPlace | null;
  queue: string | null;
  /** The connected Savu that gives its verdict, too. */
  savu: string | null;
}

/** What stands in the way of running a list, kept current. */
export class Checks implements IDisposable {
  constructor(
    private readonly _client: SavuClient,
    private readonly _input: () => ICheckInput
  ) {}

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** The problems found last; null before the first answer. */
  get problems(): readonly IProblem[] | null {
    return this._problems;
  }

  /** The problems that concern a plugin, by its index. */
  get byPlugin(): ReadonlyMap<number, readonly IProblem[]> {
    return this._byPlugin;
  }

  /** What was tuned when the list was checked last. */
  get tunings(): readonly ITuning[] {
    return this._tunings;
  }

  /** Why the list could not be checked. */
  get failure(): string | null {
    return this._failure;
  }

  /** Checks soon; the changes until then are checked together. */
  schedule(delay = DELAY_MS): void {
    window.clearTimeout(this._timer);
    this._timer = window.setTimeout(() => void this.run(), delay);
  }

  /** Checks now. The answer to an older request is dropped. */
  async run(): Promise<void> {
    const request = ++this._newest;
    const { list, scan, queue, savu } = this._input();
    let check: ICheck | null = null;
    let failure: string | null = null;
    let answered = true;
    try {
      check = await this._client.checkProcessList(list, scan, queue, savu);
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
      answered = !(error instanceof ApiError && error.status === 0);
    }
    if (request === this._newest && !this._isDisposed) {
      this._problems = check?.problems ?? null;
      this._byPlugin = byPlugin(check?.problems ?? []);
      this._tunings = check?.tunings ?? [];
      this._failure = failure;
      this._changed.emit();
      if (!answered) {
        this.schedule(RETRY_MS);
      }
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

  private _problems: readonly IProblem[] | null = null;
  private _byPlugin: ReadonlyMap<number, readonly IProblem[]> = new Map();
  private _tunings: readonly ITuning[] = [];
  private _failure: string | null = null;
  private _timer = 0;
  private _newest = 0;
  private _isDisposed = false;
  private readonly _changed = new Signal<this, void>(this);
}

function byPlugin(
  problems: readonly IProblem[]
): ReadonlyMap<number, readonly IProblem[]> {
  const found = new Map<number, IProblem[]>();
  for (const problem of problems) {
    if (problem.plugin !== null) {
      found.set(problem.plugin, [
        ...(found.get(problem.plugin) ?? []),
        problem
      ]);
    }
  }
  return found;
}

/** How many results some tunings make together. */
export function resultsOf(tunings: readonly ITuning[]): number {
  return tunings.reduce((count, { values }) => count * values, 1);
}
