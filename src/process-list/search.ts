import type { IPluginSummary } from '../api';

/*
 * The same search is in savu_core/search.py for the shell and the API; one set
 * of cases tests both.
 */

/** From so many letters on a word may have a typing error, and two. */
const FORGIVEN = 4;
const FORGIVEN_TWICE = 7;
/** No word of any plugin has more letters. */
const LONGEST = 40;

/**
 * The plugins that match all words of a query, the best match first, and what
 * runs here before what does not.
 *
 * A word may be a part of a name, the beginnings of its parts (`vocen`), a
 * category, a word of what the plugin does, or a parameter. One that nothing
 * matches may be misspelt.
 */
export function findPlugins(
  plugins: readonly IPluginSummary[],
  query: string
): IPluginSummary[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const scores = words.map(word => {
    const strict = plugins.map(plugin => score(plugin, word));
    return strict.some(one => one > 0)
      ? strict
      : plugins.map(plugin => forgivingScore(plugin, word));
  });
  return plugins
    .map((plugin, index) => ({
      plugin,
      isFound: scores.every(one => one[index] > 0),
      total: scores.reduce((sum, one) => sum + one[index], 0)
    }))
    .filter(({ isFound }) => isFound)
    .sort(
      (a, b) =>
        b.total - a.total ||
        Number(b.plugin.engines.length > 0) -
          Number(a.plugin.engines.length > 0) ||
        (a.plugin.name < b.plugin.name ? -1 : 1)
    )
    .map(({ plugin }) => plugin);
}

/** How well a word of a query fits a plugin; 0 where it does not. */
function score(plugin: IPluginSummary, word: string): number {
  const name = plugin.name.toLowerCase();
  const summary = plugin.summary.toLowerCase();
  if (name === word) {
    return 100;
  }
  if (name.startsWith(word)) {
    return 90;
  }
  if (abbreviates(word, partsOf(plugin.name))) {
    return 80;
  }
  if (name.includes(word)) {
    return 70;
  }
  if (plugin.category.toLowerCase().includes(word)) {
    return 60;
  }
  if (summary.split(/[^a-z0-9]+/).some(one => one.startsWith(word))) {
    return 50;
  }
  if (plugin.parameters.some(one => one.toLowerCase().includes(word))) {
    return 40;
  }
  return summary.includes(word) ? 30 : 0;
}

function forgivingScore(plugin: IPluginSummary, word: string): number {
  if (word.length < FORGIVEN || word.length > LONGEST) {
    return 0;
  }
  const allowed = word.length < FORGIVEN_TWICE ? 1 : 2;
  const fits = (text: string, most: number) => {
    const errors = errorsIn(word, text.toLowerCase());
    return errors <= allowed ? most - errors : 0;
  };
  return (
    fits(plugin.name, 20) ||
    fits(plugin.category, 15) ||
    fits(plugin.summary, 10)
  );
}

/** `VoCentering` → `vo`, `centering`. */
function partsOf(name: string): string[] {
  return (name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+/g) ?? []).map(part =>
    part.toLowerCase()
  );
}

/** Whether a word is made of beginnings of some parts, in their order. */
function abbreviates(word: string, parts: readonly string[]): boolean {
  if (word === '') {
    return true;
  }
  return parts.some((part, index) => {
    let length = 0;
    while (length < part.length && part[length] === word[length]) {
      length++;
      if (abbreviates(word.slice(length), parts.slice(index + 1))) {
        return true;
      }
    }
    return false;
  });
}

/**
 * The least number of letters that are wrong, missing, too many or swapped with
 * their neighbour in any part of a text that a word may stand for (Sellers,
 * doi:10.1016/0196-6774(80)90016-4, with swaps).
 */
function errorsIn(word: string, text: string): number {
  let before: number[] = [];
  let row = new Array<number>(text.length + 1).fill(0);
  for (let i = 1; i <= word.length; i++) {
    const next = [i];
    for (let j = 1; j <= text.length; j++) {
      const isSame = word[i - 1] === text[j - 1];
      let errors = Math.min(
        row[j] + 1,
        next[j - 1] + 1,
        row[j - 1] + (isSame ? 0 : 1)
      );
      const isSwapped =
        i > 1 &&
        j > 1 &&
        word[i - 1] === text[j - 2] &&
        word[i - 2] === text[j - 1];
      if (isSwapped) {
        errors = Math.min(errors, before[j - 2] + 1);
      }
      next.push(errors);
    }
    before = row;
    row = next;
  }
  return Math.min(...row);
}
