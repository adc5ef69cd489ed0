/** Completion of dataset names: which names the plugins before one make. */
import type { IPlugin } from '../../api';
import { itemsOf } from './json-items';

/** The parameters in which loaders name what they load. */
const LOADED = ['name', 'dataset_name', 'dataset_names'];
/** What loaders that take no name call their data. */
const TOMO = 'tomo';

/** The names that are there when the plugin at an index begins. */
export function namesBefore(
  plugins: readonly IPlugin[],
  index: number
): string[] {
  const names = new Set<string>();
  for (const plugin of plugins.slice(0, index)) {
    if (plugin.active) {
      const made = isLoader(plugin)
        ? loadedNames(plugin)
        : texts(plugin.parameters.out_datasets);
      made.forEach(name => names.add(name));
    }
  }
  return [...names];
}

function isLoader({ name }: IPlugin): boolean {
  return name.endsWith('Loader');
}

function loadedNames({ parameters }: IPlugin): string[] {
  const named = LOADED.flatMap(name => texts(parameters[name]));
  return named.length > 0 ? named : [TOMO];
}

/** The texts of a value, which may be one or a list of them. */
function texts(value: string | undefined): string[] {
  return (itemsOf(value ?? '') ?? [value ?? ''])
    .filter(item => item.startsWith('"'))
    .map(item => JSON.parse(item) as string)
    .filter(Boolean);
}
