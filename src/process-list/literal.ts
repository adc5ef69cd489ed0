/**
 * Reads values as users of Savu write them, such as `[1, None, 'tomo']` or
 * `{0: 84.5}`, into JSON text. Text in, text out: numbers keep their spelling,
 * because Savu tells 84.0 from 84.
 */

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?/;
const WORD = /^[^\s,:;[\](){}'"]+/;
const WORDS: Readonly<Record<string, string>> = {
  None: 'null',
  null: 'null',
  True: 'true',
  true: 'true',
  False: 'false',
  false: 'false'
};
const CLOSING: Readonly<Record<string, string>> = { '[': ']', '(': ')' };

/** The JSON text of a value; null when the text is no such value. */
export function readLiteral(text: string): string | null {
  const reader = new Reader(text);
  try {
    const value = reader.value();
    return reader.ended() ? value : null;
  } catch (error) {
    if (error instanceof LiteralError) {
      return null;
    }
    throw error;
  }
}

class LiteralError extends Error {}

class Reader {
  constructor(private _rest: string) {}

  value(): string {
    this._skipBlanks();
    const next = this._rest[0];
    if (next in CLOSING) {
      return `[${this._items(next, CLOSING[next], () => this.value())}]`;
    }
    if (next === '{') {
      return `{${this._items('{', '}', () => this._entry())}}`;
    }
    if (next === "'" || next === '"') {
      return this._quoted(next);
    }
    const number = this._number();
    return number ?? this._word();
  }

  ended(): boolean {
    this._skipBlanks();
    return this._rest === '';
  }

  private _items(open: string, close: string, item: () => string): string {
    this._expect(open);
    const items: string[] = [];
    while (!this._take(close)) {
      if (items.length > 0) {
        this._expect(',');
        if (this._take(close)) {
          break;
        }
      }
      items.push(item());
    }
    return items.join(', ');
  }

  private _entry(): string {
    const key = this.value();
    this._expect(':');
    // JSON knows no other keys than texts.
    const name = key.startsWith('"') ? key : JSON.stringify(key);
    return `${name}: ${this.value()}`;
  }

  private _quoted(quote: string): string {
    let text = '';
    for (let at = 1; at < this._rest.length; at++) {
      const character = this._rest[at];
      if (character === quote) {
        this._rest = this._rest.slice(at + 1);
        return JSON.stringify(text);
      }
      if (character === '\\' && at + 1 < this._rest.length) {
        at++;
        const escaped = this._rest[at];
        text += { n: '\n', t: '\t', r: '\r' }[escaped] ?? escaped;
      } else {
        text += character;
      }
    }
    throw new LiteralError();
  }

  private _number(): string | null {
    const match = NUMBER.exec(this._rest);
    // `3d` and `1:5` begin like numbers and are none.
    if (!match || /^[^\s,\])}:]/.test(this._rest.slice(match[0].length))) {
      return null;
    }
    this._rest = this._rest.slice(match[0].length);
    return jsonNumber(match[0]);
  }

  private _word(): string {
    const match = WORD.exec(this._rest);
    if (!match) {
      throw new LiteralError();
    }
    this._rest = this._rest.slice(match[0].length);
    return WORDS[match[0]] ?? JSON.stringify(match[0]);
  }

  private _skipBlanks(): void {
    this._rest = this._rest.trimStart();
  }

  private _take(text: string): boolean {
    this._skipBlanks();
    if (!this._rest.startsWith(text)) {
      return false;
    }
    this._rest = this._rest.slice(text.length);
    return true;
  }

  private _expect(text: string): void {
    if (!this._take(text)) {
      throw new LiteralError();
    }
  }
}

/** A number as JSON spells it: `.5` is `0.5`, `84.` is `84.0`, `007` is `7`. */
function jsonNumber(text: string): string {
  const [, sign, whole, fraction, exponent] =
    /^([+-]?)(\d*)(\.\d*)?([eE].*)?$/.exec(text) as RegExpExecArray;
  const digits = whole.replace(/^0+(?=\d)/, '') || '0';
  const decimals = fraction === '.' ? '.0' : (fraction ?? '');
  return `${sign === '-' ? '-' : ''}${digits}${decimals}${exponent ?? ''}`;
}
