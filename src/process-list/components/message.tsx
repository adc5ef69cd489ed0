import React from 'react';

export interface IMessageProps {
  title: string;
  text: string;
  /** What can be done about it. */
  action?: { label: string; run: () => void };
}

/** Fills a document that has nothing to show. */
export function Message({ title, text, action }: IMessageProps): JSX.Element {
  return (
    <div className="jp-SavuMessage" role="status">
      <h2>{title}</h2>
      <p>{text}</p>
      {action && (
        <button
          type="button"
          className="jp-SavuButton jp-mod-outlined"
          onClick={action.run}
        >
          {action.label}
        </button>
      )}
    </div>
  );
}
