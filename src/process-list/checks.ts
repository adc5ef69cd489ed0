import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';

import {
  ApiError,
  type ICheck,
  type IPlace,
  type IProblem,
  type IProcessList,
  type IQueue,
  type ITuning,
  type SavuClient
} from '../api';
import { byEngine, type IVerdict, together } from './queues';

/** So long after the last change the server is asked. */
const DELAY_MS = 300;
/** So long after no answer it is asked again. */
const RETRY_MS = 5000;

export interface ICheckInput {
  list: IProcessList;
  scan: IPlace | null;
  /** Where the list may run; none before they are known. */
  queues: readonly IQueue[];
  /** The connected Savu that gives its verdict, too. */
  savu: string | null;
}

/** What stands in the way of running a list, kept current. */
export class Checks implements IDisposable {
  constructor(
    private readonly _client: SavuClient,
    private readonly _input: () => ICheckInput,
    /** A message about a run in some queues only, with their titles. */
    private readonly _naming: (queues: string, message: string) => string
  ) {}

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** The problems found last; null before the first answer. */
  get problems(): readonly IProblem[] | null {
    return this._problems;
  }

  /** What stands in the way in a queue; null before the first answer. */
  problemsIn({ engine }: IQueue): readonly IProblem[] | null {
    const verdict = this._verdicts.find(one => one.engine === engine);
    return verdict?.problems ?? this._problems;
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
    const { queues } = this._input();
    const engines = byEngine(queues);
    let checks: readonly ICheck[] = [];
    let failure: string | null = null;
    let answered = true;
    try {
      checks = await Promise.all(
        (engines.length > 0 ? engines : [[]]).map(([queue]) =>
          this._ask(queue?.name ?? null)
        )
      );
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
      answered = !(error instanceof ApiError && error.status === 0);
    }
    if (request === this._newest && !this._isDisposed) {
      this._verdicts = checks.map(({ problems }, index) => ({
        engine: engines[index]?.[0].engine ?? null,
        queues: (engines[index] ?? []).map(({ title }) => title),
        problems
      }));
      this._problems =
        checks.length > 0 ? together(this._verdicts, this._naming) : null;
      this._byPlugin = byPlugin(this._problems ?? []);
      this._tunings = checks[0]?.tunings ?? [];
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

  private _ask(queue: string | null): Promise<ICheck> {
    const { list, scan, savu } = this._input();
    return this._client.checkProcessList(list, scan, queue, savu);
  }

  private _verdicts: readonly IVerdict[] = [];
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
