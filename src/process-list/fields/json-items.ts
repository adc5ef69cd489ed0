/**
 * Takes lists and dictionaries in JSON text apart and puts them together
 * again. Text in, text out: numbers keep their spelling.
 */

const OPENING = '[{';
const CLOSING = ']}';

/** The JSON texts of a list's items; null when it is no list. */
export function itemsOf(json: string): string[] | null {
  return inside(json, '[', ']');
}

/** The keys (as text) and values (as JSON text) of a dictionary; null when it is none. */
export function entriesOf(json: string): [string, string][] | null {
  const members = inside(json, '{', '}');
  return (
    members &&
    members.map(member => {
      const colon = endOfString(member, 0);
      return [
        JSON.parse(member.slice(0, colon)) as string,
        member.slice(member.indexOf(':', colon) + 1).trim()
      ];
    })
  );
}

export function toList(items: readonly string[]): string {
  return `[${items.join(', ')}]`;
}

export function toDict(
  entries: readonly (readonly [string, string])[]
): string {
  return `{${entries.map(([key, value]) => `${JSON.stringify(key)}: ${value}`).join(', ')}}`;
}

/** A list with one item at another place. */
export function withItemMoved<T>(
  items: readonly T[],
  from: number,
  to: number
): T[] {
  const rest = items.filter((_, index) => index !== from);
  return [...rest.slice(0, to), items[from], ...rest.slice(to)];
}

/** A list with another item at an index. */
export function withItem<T>(items: readonly T[], index: number, item: T): T[] {
  return items.map((one, at) => (at === index ? item : one));
}

/** What stands between brackets, split at the commas that are in none. */
function inside(json: string, open: string, close: string): string[] | null {
  const text = json.trim();
  if (!isJson(text) || text[0] !== open || !text.endsWith(close)) {
    return null;
  }
  const parts: string[] = [];
  let depth = 0;
  let begin = 1;
  for (let at = 1; at < text.length - 1; at++) {
    const character = text[at];
    if (character === '"') {
      at = endOfString(text, at) - 1;
    } else if (OPENING.includes(character)) {
      depth++;
    } else if (CLOSING.includes(character)) {
      depth--;
    } else if (character === ',' && depth === 0) {
      parts.push(text.slice(begin, at).trim());
      begin = at + 1;
    }
  }
  const last = text.slice(begin, -1).trim();
  return last === '' ? parts : [...parts, last];
}

/** The index behind the string that begins at an index. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') {
    at += text[at] === '\\' ? 2 : 1;
  }
  return at + 1;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
