/** The texts of tunings; which values they stand for is told by the server. */

export interface IRange {
  start: string;
  stop: string;
  step: string;
}

/** The text that is typed for a range. */
export function rangeText({ start, stop, step }: IRange): string {
  return `${start.trim()}:${stop.trim()}:${step.trim() || '1'};`;
}

/** The range that a tuned text is; null when it is a row of values. */
export function rangeOf(text: string): IRange | null {
  const match = /^\s*([^:;]+):([^:;]+)(?::([^:;]+))?;?\s*$/.exec(text);
  return match && { start: match[1], stop: match[2], step: match[3] ?? '1' };
}

/** Values that were typed one after the other, however they were divided. */
export function valuesText(typed: string): string {
  // Commas divide values unless they belong to a list.
  const divided = /[[{(]/.test(typed) ? typed : typed.replace(/,/g, ';');
  const values = divided
    .split(/[;\n]/)
    .map(value => value.trim())
    .filter(Boolean);
  return `${values.join(';')}${values.length === 1 ? ';' : ''}`;
}

/** How many results some numbers of values make together. */
export function product(counts: readonly number[]): number {
  return counts.reduce((results, count) => results * count, 1);
}
