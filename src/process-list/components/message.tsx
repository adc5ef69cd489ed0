import React from 'react';

export interface IMessageProps {
  title: string;
  text: string;
}

/** Fills a document that has nothing to show. */
export function Message({ title, text }: IMessageProps): JSX.Element {
  return (
    <div className="jp-SavuMessage" role="status">
      <h2>{title}</h2>
      <p>{text}</p>
    </div>
  );
}
