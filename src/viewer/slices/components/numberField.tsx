import React from 'react';

import { short } from '../planes';

interface INumberFieldProps {
  label: string;
  value: number;
  onChange: (value: number) => void;
}

/** A number that is typed; what is no number goes back. */
export function NumberField(props: INumberFieldProps): JSX.Element {
  const { label, value, onChange } = props;
  const [text, setText] = React.useState<string | null>(null);
  const commit = () => {
    const number = Number(text);
    if (text !== null && text.trim() !== '' && Number.isFinite(number)) {
      onChange(number);
    }
    setText(null);
  };
  return (
    <input
      className="jp-SavuField-text"
      inputMode="decimal"
      aria-label={label}
      title={label}
      value={text ?? short(value)}
      onChange={event => setText(event.target.value)}
      onBlur={commit}
      onKeyDown={event => {
        if (event.key === 'Enter') {
          commit();
        } else if (event.key === 'Escape' && text !== null) {
          setText(null);
          event.stopPropagation();
        }
      }}
    />
  );
}
