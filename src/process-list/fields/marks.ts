/** Values that are to be filled in before a run: `<84.0>`, or once for all `global<84.0>`. */
import type { IPlugin } from '../../api';
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

/** Where values are to be filled in: the index of the plugin and the parameter. */
export function marksOf(
  plugins: readonly IPlugin[]
): { plugin: number; parameter: string }[] {
  return plugins.flatMap(({ parameters }, plugin) =>
    Object.keys(parameters)
      .filter(parameter => markOf(parameters[parameter]) !== null)
      .map(parameter => ({ plugin, parameter }))
  );
}

/** The parameters of plugins with marks as a filled list has them, by index. */
export function filledMarks(
  plugins: readonly IPlugin[],
  filled: readonly IPlugin[]
): Map<number, IPlugin['parameters']> {
  const changes = new Map<number, IPlugin['parameters']>();
  for (const { plugin, parameter } of marksOf(plugins)) {
    changes.set(plugin, {
      ...(changes.get(plugin) ?? plugins[plugin].parameters),
      [parameter]: filled[plugin].parameters[parameter]
    });
  }
  return changes;
}
