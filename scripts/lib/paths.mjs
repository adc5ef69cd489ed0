/** Where things are in the checkout, and how that differs between systems. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const windows = process.platform === 'win32';

export const root = path.resolve(
  path.dirname(fileURLToPath(import.meta.url)),
  '..',
  '..'
);

/** Logs, reports and stamps; safe to delete. */
export const build = path.join(root, 'build');

export const venv = path.join(root, '.venv');

const bin = path.join(venv, windows ? 'Scripts' : 'bin');

/** The path of a command that the virtual environment holds. */
export function tool(name) {
  return path.join(bin, windows ? `${name}.exe` : name);
}

/** The variables for a command that shall find the environment's tools first. */
export function environment(extra = {}) {
  const variables = { ...process.env, ...extra, VIRTUAL_ENV: venv };
  // Windows spells it Path, and Node keeps that spelling in a copy.
  const key =
    Object.keys(variables).find(name => name.toUpperCase() === 'PATH') ??
    'PATH';
  variables[key] = [bin, variables[key]].filter(Boolean).join(path.delimiter);
  delete variables.PYTHONHOME;
  return variables;
}
