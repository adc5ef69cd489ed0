import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';

import type {
  IFilledValue,
  IMark,
  IProcessList,
  ITemplate,
  SavuClient
} from '../api';

/** So long after the last change the server is asked. */
const DELAY_MS = 150;

/** What of a list is filled in with what, and what comes of it. */
export class Filling implements IDisposable {
  constructor(private readonly _client: SavuClient) {}

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Null until the server has answered. */
  get template(): ITemplate | null {
    return this._template;
  }

  /** Why the server could not say what comes of the values. */
  get failure(): string | null {
    return this._failure;
  }

  /** What was typed. */
  get values(): readonly IFilledValue[] {
    return this._values;
  }

  /**
   * Fills in a list.
   *
   * @param text - the `.savu` file whose values come before the list's own.
   */
  fill(list: IProcessList, text: string | null): void {
    const isOurs = text !== null && text === this._template?.text;
    const isOther = text !== this._text && !isOurs;
    const isNew = list !== this._list || isOther;
    this._list = list;
    this._text = text;
    if (isOther) {
      // The file was reverted, for example: it comes before what was typed.
      this._values = [];
    }
    if (isNew) {
      this._schedule(this._template ? DELAY_MS : 0);
    }
  }

  setValue({ plugin, parameter }: IMark, value: string): void {
    this._values = [
      ...this._values.filter(
        one => one.plugin !== plugin || one.parameter !== parameter
      ),
      { plugin, parameter, value }
    ];
    this._changed.emit();
    this._schedule(DELAY_MS);
  }

  /**
   * Waits until the server has said what comes of all values.
   *
   * @throws when it does not.
   */
  async settle(): Promise<void> {
    if (this._timer !== 0) {
      this._ask();
    }
    await this._asked;
    if (this._failure !== null) {
      throw new Error(this._failure);
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

  private _schedule(delay: number): void {
    window.clearTimeout(this._timer);
    this._timer = window.setTimeout(() => this._ask(), delay);
  }

  private _ask(): void {
    window.clearTimeout(this._timer);
    this._timer = 0;
    if (this._list) {
      const asked: Promise<void> = this._client
        .resolveTemplate(this._list, this._text, this._values)
        .then(
          template => this._tell(asked, template, null),
          (error: Error) => this._tell(asked, this._template, error.message)
        );
      this._asked = asked;
    }
  }

  /** The answer to an older question is dropped. */
  private _tell(
    asked: Promise<void>,
    template: ITemplate | null,
    failure: string | null
  ): void {
    if (asked === this._asked && !this._isDisposed) {
      this._template = template;
      this._failure = failure;
      this._changed.emit();
    }
  }

  private _list: IProcessList | null = null;
  private _text: string | null = null;
  private _values: readonly IFilledValue[] = [];
  private _template: ITemplate | null = null;
  private _failure: string | null = null;
  private _asked: Promise<void> = Promise.resolve();
  private _timer = 0;
  private _isDisposed = false;
  private readonly _changed = new Signal<this, void>(this);
}
