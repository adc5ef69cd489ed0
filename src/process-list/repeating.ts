import { InputDialog, Notification } from '@jupyterlab/apputils';

import type { ListEditor } from './editor';
import { canRepeat, groupAround, type IGroup } from './groups';

/** How often plugins are repeated unless the user says otherwise. */
const USUAL = 3;

/** The plugins that a command of the selection repeats; null where it cannot. */
export function repeatable(editor: ListEditor): IGroup | null {
  const { selection } = editor;
  const { groups } = editor.list;
  if (selection.length === 0) {
    return null;
  }
  if (!canRepeat(groups, selection)) {
    return groupAround(groups, selection);
  }
  const last = selection[selection.length - 1];
  return { start: selection[0] + 1, end: last + 1, iterations: USUAL };
}

/** Asks how often the plugins of a group are repeated. */
export async function repeat(editor: ListEditor, group: IGroup): Promise<void> {
  const { trans } = editor.services;
  const { start, end } = group;
  const { value } = await InputDialog.getNumber({
    title:
      start === end
        ? trans.__('Repeat plugin %1', start)
        : trans.__('Repeat plugins %1 to %2', start, end),
    label: trans.__('How many times they run, one after the other'),
    okLabel: trans.__('Repeat'),
    value: group.iterations
  });
  if (value === null) {
    return;
  }
  if (!Number.isInteger(value) || value < 1) {
    Notification.warning(
      trans.__(
        'Plugins are repeated a whole number of times, at least once. Nothing was changed.'
      )
    );
    return;
  }
  editor.list.setGroups(
    [...others(editor, group), { start, end, iterations: value }].sort(
      (a, b) => a.start - b.start
    )
  );
}

/** Keeps the plugins of a group, and runs them once. */
export function repeatNoMore(editor: ListEditor, group: IGroup): void {
  editor.list.setGroups(others(editor, group));
}

function others(editor: ListEditor, { start, end }: IGroup): IGroup[] {
  return editor.list.groups.filter(
    group => group.start !== start || group.end !== end
  );
}
