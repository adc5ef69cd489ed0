import { Dialog, InputDialog, showDialog } from '@jupyterlab/apputils';

import { type IPlace, type IPlugin, JUPYTER_ROOT } from '../api';
import { CommandIDs } from '../tokens';
import { newPlugin } from './catalogue';
import type { ListEditor } from './editor';
import { fromText, toText } from './values';

/** Shows a list as it is in its editor beside another, or beside its own file. */
export function compareWith(editor: ListEditor, { root, path }: IPlace): void {
  const own = { root: JUPYTER_ROOT, path: editor.path };
  const saved = root === own.root && path === own.path;
  void editor.services.commands.execute(CommandIDs.compareLists, {
    left: { root, path, saved },
    right: own
  });
}

/** Takes all plugins out, after asking. */
export async function clear(editor: ListEditor): Promise<void> {
  const { trans } = editor.services;
  const { button } = await showDialog({
    title: trans.__('Clear %1?', editor.name),
    body: trans.__(
      'All %1 plugins are taken out. Undo brings them back; the file stays as it is until you save.',
      editor.list.length
    ),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Keep them') }),
      Dialog.warnButton({ label: trans.__('Clear') })
    ]
  });
  if (button.accept) {
    editor.list.clear();
  }
}

/**
 * Brings the parameters of plugins in line with what is known about them, as
 * `ref` does: missing ones come, those that no longer exist go, and with
 * `toDefaults` all have their defaults again. Unknown plugins stay as they are.
 */
export async function refresh(
  editor: ListEditor,
  indices: readonly number[],
  toDefaults = false
): Promise<void> {
  const { catalogue } = editor.services;
  const { plugins } = editor.list;
  const changes = new Map<number, IPlugin['parameters']>();
  for (const index of indices) {
    const { name, parameters } = plugins[index];
    const facts = await catalogue.load(name);
    if (facts) {
      const defaults = newPlugin(facts).parameters;
      const kept = Object.keys(defaults).map(key => [
        key,
        (toDefaults ? undefined : parameters[key]) ?? defaults[key]
      ]);
      changes.set(index, Object.fromEntries(kept));
    }
  }
  const places = [...changes.keys()].map(index => plugins[index].position);
  const told = `ref ${places.join(' ')}${toDefaults ? ' -d' : ''}`;
  editor.list.setAllParameters(told, changes);
}

/** Asks for a parameter and a value, and sets it in all plugins that have it. */
export async function setInAll(editor: ListEditor): Promise<void> {
  const { trans, catalogue } = editor.services;
  const { plugins } = editor.list;
  const counts = new Map<string, number>();
  for (const name of plugins.flatMap(one => Object.keys(one.parameters))) {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const names = [...counts.keys()].sort(
    (a, b) => counts.get(b)! - counts.get(a)! || (a < b ? -1 : 1)
  );
  const items = names.map(one =>
    trans._n('%2 (%1 plugin)', '%2 (%1 plugins)', counts.get(one)!, one)
  );
  const chosen = await InputDialog.getItem({
    title: trans.__('Set a parameter in all plugins that have it'),
    label: trans.__('Parameter'),
    items,
    okLabel: trans.__('Next')
  });
  if (chosen.value === null) {
    return;
  }
  const name = names[items.indexOf(chosen.value)];
  const having = plugins.flatMap((plugin, index) =>
    name in plugin.parameters ? [index] : []
  );
  const facts = await Promise.all(
    having.map(index => catalogue.load(plugins[index].name))
  );
  const types = facts.map(
    one => one?.parameters.find(parameter => parameter.name === name) ?? null
  );
  const { value } = await InputDialog.getText({
    title: trans._n(
      'Set %2 in %1 plugin',
      'Set %2 in %1 plugins',
      having.length,
      name
    ),
    label: trans.__('Value'),
    text: toText(plugins[having[0]].parameters[name], types[0]?.dtype ?? ''),
    okLabel: trans.__('Set')
  });
  if (value === null) {
    return;
  }
  editor.list.setAllParameters(
    `mod -g ${name} ${value}`,
    new Map(
      having.map((index, at) => [
        index,
        {
          ...plugins[index].parameters,
          [name]: fromText(value, types[at] ?? { dtype: '', default: '' })
        }
      ])
    )
  );
}
