import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

export interface IEngineBadgesProps {
  engines: readonly string[];
  trans: TranslationBundle;
}

/** Where a plugin runs. */
export function EngineBadges(props: IEngineBadgesProps): JSX.Element {
  const { engines, trans } = props;
  if (engines.length === 0) {
    return (
      <span
        className="jp-SavuBadge jp-mod-none"
        title={trans.__('No engine of this server runs it. Savu itself does.')}
      >
        {trans.__('not here')}
      </span>
    );
  }
  return (
    <>
      {engines.map(engine => (
        <span
          key={engine}
          className="jp-SavuBadge"
          title={trans.__('The engine “%1” runs it', engine)}
        >
          {engine}
        </span>
      ))}
    </>
  );
}
