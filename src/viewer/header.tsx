import type { TranslationBundle } from '@jupyterlab/translation';
import { refreshIcon } from '@jupyterlab/ui-components';
import React from 'react';

/** What is seen of a file. */
export type Mode = 'slices' | 'browser';

interface IHeaderProps {
  mode: Mode;
  hasSlices: boolean;
  trans: TranslationBundle;
  onMode: (mode: Mode) => void;
  onReload: () => void;
}

/** Chooses between slices and everything that is in the file. */
export function Header(props: IHeaderProps): JSX.Element {
  const { mode, hasSlices, trans, onMode, onReload } = props;
  const label = trans.__('Read the file again');
  const modes: [Mode, string, string][] = [
    ['slices', trans.__('Slices'), trans.__('Look at slices of a volume')],
    ['browser', trans.__('File'), trans.__('Look at everything in the file')]
  ];
  return (
    <div className="jp-SavuViewer-header">
      <div role="group" aria-label={trans.__('View')}>
        {modes.map(([one, text, hint]) => (
          <button
            key={one}
            className="jp-SavuButton"
            aria-pressed={mode === one}
            disabled={one === 'slices' && !hasSlices}
            title={
              one === 'slices' && !hasSlices
                ? trans.__('This file has no volumes or images')
                : hint
            }
            onClick={() => onMode(one)}
          >
            {text}
          </button>
        ))}
      </div>
      <button
        className="jp-SavuButton jp-mod-icon"
        aria-label={label}
        title={label}
        onClick={onReload}
      >
        <refreshIcon.react tag="span" aria-hidden="true" />
      </button>
    </div>
  );
}
