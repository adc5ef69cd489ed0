import { PathExt } from '@jupyterlab/coreutils';
import { type IStatusBar, TextItem } from '@jupyterlab/statusbar';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import React from 'react';

import type { ProcessLists } from './lists';
import type { SavuChoices } from './savus';

/** Which Savu's plugins and checks the list in use has, in the status bar. */
class SavuStatus extends ReactWidget {
  constructor(
    private readonly _lists: ProcessLists,
    private readonly _savus: SavuChoices,
    private readonly _trans: TranslationBundle
  ) {
    super();
    _lists.currentChanged.connect(this.update, this);
    _savus.changed.connect(this.update, this);
  }

  render(): JSX.Element {
    const { current } = this._lists;
    if (!current) {
      return <></>;
    }
    const name = PathExt.basename(current.path);
    const savu = this._savus.of(current.path);
    return (
      <TextItem
        title={
          savu
            ? this._trans.__(
                '%1 has the plugins and checks of %2',
                name,
                savu.title
              )
            : this._trans.__(
                '%1 has the plugins and checks that are shipped',
                name
              )
        }
        source={savu?.title ?? this._trans.__('Savu: embedded')}
      />
    );
  }
}

export function addSavuStatus(
  statusBar: IStatusBar,
  lists: ProcessLists,
  savus: SavuChoices,
  trans: TranslationBundle
): void {
  statusBar.registerStatusItem('jupyterlab-savu:savu', {
    item: new SavuStatus(lists, savus, trans),
    align: 'right',
    rank: 20
  });
}
