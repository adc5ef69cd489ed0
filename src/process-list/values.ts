import { JSONExt, type ReadonlyJSONValue } from '@lumino/coreutils';

import type { IParameter, IPlugin } from '../api';
import { readLiteral } from './literal';

export type Level = 'basic' | 'intermediate' | 'advanced';
export const LEVELS: readonly Level[] = ['basic', 'intermediate', 'advanced'];

/** Types whose values are text, whatever the text looks like. */
const TEXT_TYPES = new Set([
  'str',
  'dir',
  'filepath',
  'h5path',
  'yamlfilepath',
  'nptype'
]);

/** The strings and the words in a JSON text. */
const TOKENS = /"(?:[^"\\]|\\.)*"|\b(?:null|true|false)\b/g;
const PYTHON_WORDS: Readonly<Record<string, string>> = {
  null: 'None',
  true: 'True',
  false: 'False'
};

/** A value, given as JSON text, as users of Savu write it. */
export function toText(value: string, dtype: string): string {
  const parsed = parse(value);
  if (typeof parsed === 'string') {
    return parsed;
  }
  if (isPreview(dtype) && isPlainPreview(parsed)) {
    return `[${parsed.join(', ')}]`;
  }
  return value.replace(
    TOKENS,
    token =>
      PYTHON_WORDS[token] ??
      `'${(JSON.parse(token) as string).replace(/[\\']/g, '\\$&')}'`
  );
}

/**
 * The JSON text of what a user typed for a parameter.
 *
 * This never refuses: what fits no type is kept as text, and the check of the
 * list, which knows all rules, says what is expected.
 */
export function fromText(
  text: string,
  parameter: Pick<IParameter, 'dtype' | 'default'>
): string {
  const { dtype } = parameter;
  const trimmed = text.trim();
  const quoted = JSON.stringify(text);
  if (/^None$/.test(trimmed)) {
    const mayBeNone = /\bNone\b/.test(dtype) || parameter.default === 'null';
    return mayBeNone || !TEXT_TYPES.has(dtype) ? 'null' : quoted;
  }
  if (TEXT_TYPES.has(dtype)) {
    return quoted;
  }
  if (isPreview(dtype)) {
    return readPreview(trimmed) ?? readLiteral(trimmed) ?? quoted;
  }
  if (trimmed.includes(';')) {
    return JSON.stringify(trimmed);
  }
  const value = readLiteral(trimmed) ?? quoted;
  return prefersFloat(dtype) && /^-?\d+$/.test(value) ? `${value}.0` : value;
}

/** Whether two JSON texts mean the same value. */
export function sameValue(one: string, other: string): boolean {
  if (one === other) {
    return true;
  }
  const [a, b] = [parse(one), parse(other)];
  return a !== undefined && b !== undefined && JSONExt.deepEqual(a, b);
}

/** Whether a value stands for several, each of which makes its own result. */
export function isTuned(value: string, dtype: string): boolean {
  return !isPreview(dtype) && value.startsWith('"') && value.includes(';');
}

/**
 * A number some steps up or down; null when the value is no number. A step is
 * 1, or where the value has a fraction, 1 in its last decimal.
 */
export function stepped(value: string, steps: number): string | null {
  if (!/^-?\d+(\.\d+)?$/.test(value)) {
    return null;
  }
  const fraction = value.split('.')[1] ?? '';
  const isWhole = /^0*$/.test(fraction);
  const step = isWhole ? 1 : 10 ** -fraction.length;
  return (Number(value) + steps * step).toFixed(fraction.length);
}

/** The default (JSON text) of a parameter beside the values that the others have. */
export function defaultBeside(
  parameter: IParameter,
  parameters: IPlugin['parameters']
): string {
  for (const [parent, defaults] of Object.entries(parameter.default_by ?? {})) {
    const value = parameters[parent];
    const fallback =
      value === undefined ? undefined : defaults[toText(value, '')];
    if (fallback !== undefined) {
      return fallback;
    }
  }
  return parameter.default;
}

/** Whether a parameter is of use with the values that the others have. */
export function isOfUse(
  parameter: IParameter,
  parameters: IPlugin['parameters']
): boolean {
  return Object.entries(parameter.dependency ?? {}).every(
    ([parent, allowed]) => {
      const value = parameters[parent];
      if (value === undefined) {
        return parameter.display;
      }
      return allowed
        ? allowed.some(one => sameValue(one, value))
        : value !== 'null';
    }
  );
}

/** Whether a parameter is shown at a level. */
export function isAtLevel(parameter: IParameter, level: Level): boolean {
  switch (parameter.visibility) {
    case 'basic':
      return true;
    case 'intermediate':
    case 'datasets':
      return level !== 'basic';
    case 'advanced':
      return level === 'advanced';
    default:
      return false;
  }
}

function isPreview(dtype: string): boolean {
  return /\bpreview\b/.test(dtype);
}

/** Whether a whole number means a float here. */
function prefersFloat(dtype: string): boolean {
  const outer = dtype.replace(/(list|dict)\s*[[{][^\]}]*[\]}]/g, '');
  return /\bfloat\b/.test(outer) && !/\bint\b/.test(outer);
}

function isPlainPreview(
  value: ReadonlyJSONValue | undefined
): value is readonly string[] {
  return (
    Array.isArray(value) &&
    value.every(
      entry => typeof entry === 'string' && /^[^[\]{}'",]+$/.test(entry)
    )
  );
}

/** `[:, 60:68, :]` as the list of texts that Savu stores. */
function readPreview(text: string): string | null {
  const match = /^\[([^[\]{}'"]*)\]$/.exec(text);
  if (!match) {
    return null;
  }
  const entries = match[1].trim() === '' ? [] : match[1].split(',');
  return `[${entries.map(entry => JSON.stringify(entry.trim())).join(', ')}]`;
}

/** The value of a JSON text; undefined for NaN and the like. */
function parse(text: string): ReadonlyJSONValue | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
