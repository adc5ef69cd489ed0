/** The entries of a preview and their parts, as texts; what they mean is judged by the server. */

export const PARTS = ['start', 'stop', 'step', 'chunk'] as const;
export type Part = (typeof PARTS)[number];
export type Parts = Readonly<Record<Part, string>>;

/** Everything along one dimension. */
export const ALL = ':';

/** What stands for a part that is not given. */
const NORMAL: Parts = { start: 'start', stop: 'end', step: '1', chunk: '1' };

/** The parts of an entry; empty where nothing is given. */
export function partsOf(entry: string): Parts {
  const texts = entry.trim() === ALL ? [] : entry.split(':');
  const [start = '', stop = '', step = '', chunk = ''] = texts.map(text =>
    text.trim()
  );
  return { start, stop, step, chunk };
}

/**
 * The entry of some parts. A start alone is that single index; otherwise what
 * is left out in between is written out, since Savu loads no open parts.
 */
export function entryOf(parts: Parts): string {
  const given = PARTS.filter(part => parts[part].trim() !== '');
  if (given.length === 0) {
    return ALL;
  }
  const last = PARTS.indexOf(given[given.length - 1]);
  return PARTS.slice(0, last + 1)
    .map(part => parts[part].trim() || NORMAL[part])
    .join(':');
}

/** An entry with another part. */
export function withPart(entry: string, part: Part, text: string): string {
  return entryOf({ ...partsOf(entry), [part]: text });
}

/** The entries of a preview in JSON text; null when it is no list of entries. */
export function previewEntries(json: string): string[] | null {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return null;
  }
  const isEntry = (entry: unknown) =>
    typeof entry === 'string' || typeof entry === 'number';
  return Array.isArray(value) && value.every(isEntry)
    ? value.map(String)
    : null;
}

/** The preview of some entries in JSON text; all of everything is the empty list. */
export function previewOf(entries: readonly string[]): string {
  return entries.every(entry => entry === ALL)
    ? '[]'
    : `[${entries.map(entry => JSON.stringify(entry)).join(', ')}]`;
}
