import { HTMLSelect } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { IConnectedSavu } from '../../api';
import type { ListEditor } from '../editor';

/** Which Savu's plugins and verdicts count for a list, where one is connected. */
export function SavuPicker({
  editor
}: {
  editor: ListEditor;
}): JSX.Element | null {
  const { trans, savus } = editor.services;
  if (savus.connected.length === 0) {
    return null;
  }
  const chosen = savus.of(editor.path);
  return (
    <HTMLSelect
      className="jp-SavuList-level"
      aria-label={trans.__('Savu')}
      title={
        chosen
          ? about(chosen, trans)
          : trans.__('Plugins and checks come from what is shipped')
      }
      value={chosen?.name ?? ''}
      onChange={event =>
        void savus.choose(editor.path, event.target.value || null)
      }
    >
      <option value="">{trans.__('Savu: embedded')}</option>
      {savus.connected.map(savu => (
        <option
          key={savu.name}
          value={savu.name}
          disabled={savu.state !== 'ready' && savu !== chosen}
          title={about(savu, trans)}
        >
          {label(savu, trans)}
        </option>
      ))}
    </HTMLSelect>
  );
}

function label(savu: IConnectedSavu, trans: TranslationBundle): string {
  switch (savu.state) {
    case 'starting':
      return trans.__('%1 (starting)', savu.title);
    case 'failed':
      return trans.__('%1 (does not start)', savu.title);
    case 'ready':
      return savu.title;
  }
}

function about(savu: IConnectedSavu, trans: TranslationBundle): string {
  if (savu.state !== 'ready') {
    return (
      savu.problem ?? trans.__('It imports its plugins; this takes a while')
    );
  }
  return savu.missing > 0
    ? trans.__(
        'Plugins and checks of this Savu: %1 plugins, and %2 that it cannot import',
        savu.plugins,
        savu.missing
      )
    : trans.__('Plugins and checks of this Savu: %1 plugins', savu.plugins);
}
