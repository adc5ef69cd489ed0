import type {
  IFilledValue,
  IMark,
  IProcessList,
  ITemplate,
  SavuClient
} from '../api';
import { Inquiry } from './inquiry';

/** So long after the last change the server is asked. */
const DELAY_MS = 150;

/** What of a list is filled in with what, and what comes of it. */
export class Filling extends Inquiry<ITemplate | null> {
  constructor(private readonly _client: SavuClient) {
    super();
  }

  /** Null until the server has answered. */
  get template(): ITemplate | null {
    return this._template;
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
      this.schedule(this._template ? DELAY_MS : 0);
    }
  }

  setValue({ plugin, parameter }: IMark, value: string): void {
    this._values = [
      ...this._values.filter(
        one => one.plugin !== plugin || one.parameter !== parameter
      ),
      { plugin, parameter, value }
    ];
    this.emitChanged();
    this.schedule(DELAY_MS);
  }

  /**
   * Waits until the server has said what comes of all values.
   *
   * @throws when it does not.
   */
  async settle(): Promise<void> {
    await super.settle();
    if (this.failure !== null) {
      throw new Error(this.failure);
    }
  }

  protected async ask(): Promise<ITemplate | null> {
    return (
      this._list &&
      this._client.resolveTemplate(this._list, this._text, this._values)
    );
  }

  protected take(template: ITemplate | null): void {
    this._template = template ?? this._template;
  }

  private _list: IProcessList | null = null;
  private _text: string | null = null;
  private _values: readonly IFilledValue[] = [];
  private _template: ITemplate | null = null;
}
