import React, { useRef } from 'react';

import { useHost } from './host';
import { TextField } from './simple';
import type { IFieldProps } from './types';

/**
 * A value as it is typed after `mod` in savu_config. The list holds at once
 * what can be told here; when the field is left, the server has the last word.
 */
export function RawField(props: IFieldProps): JSX.Element {
  const { client } = useHost();
  const latest = useRef(props);
  latest.current = props;
  const read = async (text: string) => {
    const { value } = latest.current;
    try {
      const { type, options, parameter } = props;
      const told = await client.readValue(
        { dtype: type.text, options: options && [...options], name: parameter },
        text.trim()
      );
      if (latest.current.value === value && told.value !== value) {
        latest.current.onChange(told.value, true);
      }
    } catch {
      // The check of the list tells that the server is away, and what is wrong.
    }
  };
  return <TextField {...props} onDone={text => void read(text)} />;
}
