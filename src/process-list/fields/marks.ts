/** Values that are to be filled in before a run: `<84.0>`, or once for all `global<84.0>`. */
import { toText } from '../values';

const MARK = /^(global)?<([\s\S]*)>$/;

export interface IMarked {
  /** What it is if nothing is said, as text. */
  text: string;
  /** Whether it is filled in once for all plugins of the name. */
  everywhere: boolean;
}

/** What a value (JSON text) is marked with; null when it is no mark. */
export function markOf(value: string): IMarked | null {
  const match = value.startsWith('"')
    ? MARK.exec(JSON.parse(value) as string)
    : null;
  return match && { text: match[2], everywhere: match[1] !== undefined };
}

/** The value (JSON text) of a mark. */
export function toMark({ text, everywhere }: IMarked): string {
  return JSON.stringify(`${everywhere ? 'global' : ''}<${text}>`);
}

/** A value marked to be filled in, itself being the default. */
export function marked(
  value: string,
  dtype: string,
  everywhere: boolean
): string {
  return toMark({ text: toText(value, dtype), everywhere });
}
