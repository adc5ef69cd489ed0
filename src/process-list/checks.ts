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
import { Inquiry } from './inquiry';
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

interface IChecked {
  verdicts: readonly IVerdict[];
  tunings: readonly ITuning[];
}

/** What stands in the way of running a list, kept current. */
export class Checks extends Inquiry<IChecked> {
  constructor(
    private readonly _client: SavuClient,
    private readonly _input: () => ICheckInput,
    /** A message about a run in some queues only, with their titles. */
    private readonly _naming: (queues: string, message: string) => string
  ) {
    super();
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

  schedule(delay = DELAY_MS): void {
    super.schedule(delay);
  }

  protected async ask(): Promise<IChecked> {
    const engines = byEngine(this._input().queues);
    const checks = await Promise.all(
      (engines.length > 0 ? engines : [[]]).map(([queue]) =>
        this._ask(queue?.name ?? null)
      )
    );
    const verdicts = checks.map(({ problems }, index) => ({
      engine: engines[index]?.[0].engine ?? null,
      queues: (engines[index] ?? []).map(({ title }) => title),
      problems
    }));
    return { verdicts, tunings: checks[0].tunings };
  }

  protected take(checked: IChecked | null, error: Error | null): void {
    this._verdicts = checked?.verdicts ?? [];
    this._problems = checked && together(checked.verdicts, this._naming);
    this._byPlugin = byPlugin(this._problems ?? []);
    this._tunings = checked?.tunings ?? [];
    if (error instanceof ApiError && error.status === 0) {
      this.schedule(RETRY_MS);
    }
  }

  private _ask(queue: string | null): Promise<ICheck> {
    const { list, scan, savu } = this._input();
    return this._client.checkProcessList(list, scan, queue, savu);
  }

  private _verdicts: readonly IVerdict[] = [];
  private _problems: readonly IProblem[] | null = null;
  private _byPlugin: ReadonlyMap<number, readonly IProblem[]> = new Map();
  private _tunings: readonly ITuning[] = [];
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
