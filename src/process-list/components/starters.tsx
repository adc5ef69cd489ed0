import { Notification } from '@jupyterlab/apputils';
import React from 'react';

import type { ListEditor } from '../editor';
import { starters } from '../starters';

/** Usual lists to start from. */
export function Starters({ editor }: { editor: ListEditor }): JSX.Element {
  const { trans } = editor.services;
  const start = (plugins: readonly string[]) =>
    editor
      .start(plugins)
      .catch((error: Error) =>
        Notification.error(
          trans.__('The list was not started. %1', error.message)
        )
      );
  return (
    <section className="jp-SavuStarters" aria-labelledby="jp-SavuStarters">
      <h3 id="jp-SavuStarters">{trans.__('Or start from a usual list')}</h3>
      <ul>
        {starters(trans).map(({ title, text, plugins }) => (
          <li key={title}>
            <button
              type="button"
              className="jp-SavuStarters-one"
              title={plugins.join(' → ')}
              onClick={() => void start(plugins)}
            >
              <strong>{title}</strong>
              <span>{text}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
