import React from 'react';

import type { ListEditor } from '../editor';

/** The edits since the list was opened; picking one goes back, or forth, to it. */
export function History({ editor }: { editor: ListEditor }): JSX.Element {
  const { trans } = editor.services;
  const { log } = editor.list;
  const { done, undone } = log;
  const steps = [trans.__('as opened'), ...done, ...undone];
  return (
    <>
      <p>
        {trans.__(
          'What was done to this list since it was opened. Pick a step to go back to it; nothing is lost until you go on from there.'
        )}
      </p>
      <ol className="jp-SavuHistory" start={0}>
        {steps.map((step, index) => (
          <li key={index}>
            <button
              type="button"
              className={index > done.length ? 'jp-mod-undone' : ''}
              aria-current={index === done.length ? 'step' : undefined}
              disabled={editor.isReadOnly}
              onClick={() => log.goTo(index)}
            >
              <code>{step}</code>
              {index === done.length && <span>{trans.__('now')}</span>}
              {index > done.length && <span>{trans.__('undone')}</span>}
            </button>
          </li>
        ))}
      </ol>
    </>
  );
}
