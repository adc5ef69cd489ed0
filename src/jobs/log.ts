import type { IDisposable } from '@lumino/disposable';
import { Poll } from '@lumino/polling';
import { type ISignal, Signal } from '@lumino/signaling';

import type { ILogPart, SavuClient } from '../api';

export type LogKind = 'user' | 'full';

/** What is read of a long log at first: its end. */
const TAIL = 128 * 1024;

/** What one request brings at most. */
const PART = 512 * 1024;

/** Reads a job's log as it grows, from its end, until the job has ended. */
export class LogFollower implements IDisposable {
  constructor(
    private _client: Pick<SavuClient, 'log'>,
    private _id: string,
    readonly log: LogKind
  ) {
    this._poll = new Poll({
      auto: false,
      factory: () => this.read(),
      frequency: { interval: 1000, backoff: true, max: 30_000 },
      name: `jupyterlab-savu:log#${_id}`,
      standby: 'when-hidden'
    });
  }

  get text(): string {
    return this._text;
  }

  /** Whether the log has lines before `text`. */
  get isCut(): boolean {
    return this._start > 0;
  }

  /** Why the last request failed. */
  get trouble(): string | null {
    return this._trouble;
  }

  get changed(): ISignal<LogFollower, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._poll.isDisposed;
  }

  dispose(): void {
    this._poll.dispose();
    Signal.clearData(this);
  }

  /** Goes on reading. */
  start(): void {
    if (!this._isComplete) {
      void this._poll.start();
    }
  }

  /** Stops reading while nobody looks. */
  stop(): void {
    void this._poll.stop();
  }

  /** Reads the log from its first byte. */
  readAll(): Promise<void> {
    return this._enqueue(() => {
      this._text = '';
      this._start = this._next = 0;
      return this._read();
    });
  }

  /** Reads what is new. */
  read(): Promise<void> {
    return this._enqueue(() => this._read());
  }

  /** One request at a time, or parts would be added twice. */
  private _enqueue(task: () => Promise<void>): Promise<void> {
    const result = this._last.then(task);
    this._last = result.catch(() => undefined);
    return result;
  }

  private async _read(): Promise<void> {
    try {
      let part: ILogPart;
      do {
        part = await this._client.log(this._id, {
          log: this.log,
          offset: this._next ?? -TAIL,
          length: PART
        });
        this._start = this._next === null ? part.offset : this._start;
        this._text += part.text;
        this._next = part.next;
      } while (part.text && part.next < part.size);
      this._trouble = null;
      if (part.complete) {
        this._isComplete = true;
        this.stop();
      }
    } catch (error) {
      this._trouble = error instanceof Error ? error.message : String(error);
      throw error;
    } finally {
      this._changed.emit();
    }
  }

  private _changed = new Signal<LogFollower, void>(this);
  private _isComplete = false;
  private _last: Promise<void> = Promise.resolve();
  private _next: number | null = null;
  private _poll: Poll;
  private _start = 0;
  private _text = '';
  private _trouble: string | null = null;
}

/** The lines of a log. */
export function linesOf(text: string): string[] {
  return text.replace(/\n$/, '').split('\n');
}

/** A line cut where `search` is found: every second part is a hit. */
export function markHits(line: string, search: string): string[] {
  const wanted = search.trim().toLowerCase();
  if (!wanted) {
    return [line];
  }
  const parts: string[] = [];
  let rest = line;
  for (
    let at = rest.toLowerCase().indexOf(wanted);
    at >= 0;
    at = rest.toLowerCase().indexOf(wanted)
  ) {
    parts.push(rest.slice(0, at), rest.slice(at, at + wanted.length));
    rest = rest.slice(at + wanted.length);
  }
  return [...parts, rest];
}

/** A line of the engine's messages without its date, which all lines of a run share. */
export function withoutDate(line: string): string {
  return line.replace(
    /^\d{4}-\d\d-\d\d (\d\d:\d\d:\d\d)(?:[.,]\d+)? - /,
    '$1  '
  );
}
