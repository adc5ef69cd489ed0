import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { ITrouble } from './trouble';

/** Stands where data will be. */
export function Loading(props: {
  name: string;
  trans: TranslationBundle;
}): JSX.Element {
  return (
    <div className="jp-SavuViewer-message jp-mod-loading" role="status">
      <div className="jp-SavuViewer-bar" />
      <p>{props.trans.__('Opening %1…', props.name)}</p>
    </div>
  );
}

/** Stands where data cannot be shown. */
export function Trouble(props: {
  trouble: ITrouble;
  trans: TranslationBundle;
  onRetry: () => void;
}): JSX.Element {
  const { trouble, trans, onRetry } = props;
  const { act } = trouble;
  return (
    <div className="jp-SavuViewer-message" role="alert">
      <h2>{trouble.title}</h2>
      <p>{trouble.advice}</p>
      {trouble.detail && (
        <p className="jp-SavuViewer-detail">{trouble.detail}</p>
      )}
      <button
        className="jp-SavuButton jp-mod-primary"
        onClick={act?.run ?? onRetry}
      >
        {act?.label ?? trans.__('Retry')}
      </button>
    </div>
  );
}
