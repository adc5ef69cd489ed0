import type { IProblem, IQueue } from '../api';
import type { ListEditor } from './editor';
import { markOf } from './fields/marks';

/** Why a list cannot be run on a queue now; null when it can. */
export function obstacleTo(
  editor: ListEditor,
  queue: IQueue | null
): string | null {
  const { trans, jobs } = editor.services;
  if (!jobs) {
    return trans.__('Jobs are switched off in this JupyterLab.');
  }
  if (!queue) {
    return trans.__('The server offers no queue for this.');
  }
  if (editor.list.length === 0) {
    return trans.__('The list is empty: add a plugin first.');
  }
  if (!editor.scan) {
    return trans.__('Choose a scan first.');
  }
  // What is to be filled in is asked for when the run is started.
  const error = editor.checks.problems?.find(
    problem => problem.severity === 'error' && !isMarked(editor, problem)
  );
  return error?.message ?? null;
}

function isMarked(
  { list }: ListEditor,
  { plugin, parameter }: IProblem
): boolean {
  if (plugin === null || parameter === null) {
    return false;
  }
  const value = list.plugins[plugin]?.parameters[parameter];
  return value !== undefined && markOf(value) !== null;
}
