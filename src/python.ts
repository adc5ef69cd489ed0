import { type IPlace, JUPYTER_ROOT } from './api';

/** What begins the Python that is copied. */
export const PREAMBLE = [
  'from jupyterlab_savu.client import Savu',
  '',
  'savu = Savu()'
];

/** A Python string; JSON's escapes are Python's. */
export function pythonText(value: string): string {
  return JSON.stringify(value);
}

/** A file as the Python client takes it: what stands before a colon is a root. */
export function pythonPlace({ root, path }: IPlace): string {
  const isPlain = root === JUPYTER_ROOT && !/:|^~\//.test(path);
  return pythonText(isPlain ? path : `${root}:${path}`);
}
