import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';

/** What a server says of something that changes, kept current. */
export abstract class Inquiry<T> implements IDisposable {
  /** Told after each answer. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Why the newest question has no answer. */
  get failure(): string | null {
    return this._failure;
  }

  /** Asks after some milliseconds; the changes until then are asked about together. */
  schedule(delay: number): void {
    window.clearTimeout(this._timer);
    this._timer = window.setTimeout(() => void this.run(), delay);
  }

  /** Asks now. The answer to an older question is dropped. */
  run(): Promise<void> {
    window.clearTimeout(this._timer);
    this._timer = 0;
    const asked: Promise<void> = this.ask().then(
      answer => this._tell(asked, answer, null),
      (error: Error) => this._tell(asked, null, error)
    );
    this._asked = asked;
    return asked;
  }

  /** Asks what is still to be asked, and waits for the answer. */
  async settle(): Promise<void> {
    await (this._timer === 0 ? this._asked : this.run());
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    window.clearTimeout(this._timer);
    Signal.clearData(this);
  }

  protected abstract ask(): Promise<T>;

  /** Takes the newest answer; null where there is none because of an error. */
  protected abstract take(answer: T | null, error: Error | null): void;

  protected emitChanged(): void {
    this._changed.emit();
  }

  private _tell(
    asked: Promise<void>,
    answer: T | null,
    error: Error | null
  ): void {
    if (asked === this._asked && !this._isDisposed) {
      this._failure = error && error.message;
      this.take(answer, error);
      this._changed.emit();
    }
  }

  private _failure: string | null = null;
  private _asked: Promise<void> = Promise.resolve();
  private _timer = 0;
  private _isDisposed = false;
  private readonly _changed = new Signal<this, void>(this);
}
