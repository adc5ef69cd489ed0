import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

/** What can be done in the editor: the command of savu_config, where it is here, and its key. */
function rows(trans: TranslationBundle): [string, string, string][] {
  return [
    [
      'open',
      trans.__('double click in the file browser or the Data panel'),
      ''
    ],
    ['save', trans.__('File › Save, File › Save As'), 'Ctrl+S'],
    ['clear', trans.__('More › Clear'), ''],
    ['exit', trans.__('close the tab'), 'Alt+W'],
    ['disp', trans.__('the cards and the parameters'), '↑ ↓'],
    ['list, coll', trans.__('Add: search, or choose a category'), 'A'],
    ['cite', trans.__('More › Citations'), 'C'],
    ['level', trans.__('the level in the toolbar'), ''],
    ['history', trans.__('More › History; Undo and Redo'), 'H, Ctrl+Z'],
    ['help', trans.__('this page, and the hints on the controls'), '?'],
    ['add', trans.__('Add, or drag a plugin out of it'), 'A'],
    ['mod', trans.__('the fields of the parameters'), trans.__('Enter')],
    ['mod -g', trans.__('More › Set in All Plugins'), ''],
    ['set', trans.__('the switch on the card'), trans.__('Space')],
    ['move', trans.__('drag the card'), 'Alt+↑, Alt+↓'],
    ['rem', trans.__('Remove'), trans.__('Delete')],
    ['dupl', trans.__('Duplicate'), 'D'],
    ['replace', trans.__('Replace'), 'Shift+R'],
    ['ref', trans.__('More › Refresh; ref -d: the dot at a field, Reset'), ''],
    ['expand', trans.__('the fields of the preview'), ''],
    ['iterate', trans.__('Repeat, and the number at the bracket'), 'R']
  ];
}

/** The commands of savu_config and the keys, each with its place on the screen. */
export function Help({ trans }: { trans: TranslationBundle }): JSX.Element {
  return (
    <>
      <p>
        {trans.__(
          'Keys work while the list of plugins has the focus. Hold Shift or Ctrl to select several plugins.'
        )}
      </p>
      <table className="jp-SavuHelp">
        <thead>
          <tr>
            <th scope="col">savu_config</th>
            <th scope="col">{trans.__('Here')}</th>
            <th scope="col">{trans.__('Key')}</th>
          </tr>
        </thead>
        <tbody>
          {rows(trans).map(([command, place, key]) => (
            <tr key={command}>
              <th scope="row">
                <code>{command}</code>
              </th>
              <td>{place}</td>
              <td>{key && <kbd>{key}</kbd>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
