import type { IProcessList } from '../api';

/** The first plugin that has a preview of its own; -1 where there is none. */
export function loaderOf({ plugins }: IProcessList): number {
  return plugins.findIndex(({ parameters }) => 'preview' in parameters);
}

/** The entries of a preview; null for a form that has none, such as one a dataset. */
export function entriesOf(text: string): string[] | null {
  const value: unknown = JSON.parse(text);
  return Array.isArray(value) ? value.map(String) : null;
}
