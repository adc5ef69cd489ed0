import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

/** Says that a file is only in this browser, and offers what makes it more than that. */
export function LocalNote(props: {
  name: string;
  trans: TranslationBundle;
  /** Null where nothing can be uploaded. */
  onUpload: (() => void) | null;
}): JSX.Element {
  const { name, trans, onUpload } = props;
  return (
    <div className="jp-SavuViewer-note" role="note">
      <span>
        {onUpload
          ? trans.__(
              '%1 is read from this computer, in this browser only: it is gone when the page is reloaded. To run a process list on it, upload it first.',
              name
            )
          : trans.__(
              '%1 is read from this computer, in this browser only: it is gone when the page is reloaded.',
              name
            )}
      </span>
      {onUpload && (
        <button className="jp-SavuButton jp-mod-outlined" onClick={onUpload}>
          {trans.__('Upload…')}
        </button>
      )}
    </div>
  );
}
