import { HTMLSelect } from '@jupyterlab/ui-components';
import React from 'react';

import { type IMarked, toMark } from '../../fields/marks';
import { useHost } from './host';
import { TextInput } from './text-input';
import type { IFieldProps } from './types';

/** A value that is to be filled in before a run: where it holds, and what it is if nothing is said. */
export function MarkField(props: IFieldProps & { mark: IMarked }): JSX.Element {
  const { mark, label, disabled } = props;
  const { trans, plugin } = useHost();
  return (
    <span className="jp-SavuField-mark">
      <HTMLSelect
        aria-label={trans.__('Where %1 is filled in', label)}
        disabled={disabled}
        value={mark.everywhere ? 'global' : 'local'}
        onChange={event =>
          props.onChange(
            toMark({ ...mark, everywhere: event.target.value === 'global' }),
            false
          )
        }
      >
        <option value="local">{trans.__('Filled in here')}</option>
        <option value="global">
          {trans.__('Filled in for all %1', plugin)}
        </option>
      </HTMLSelect>
      <TextInput
        id={props.id}
        label={label}
        describedBy={props.describedBy}
        isInvalid={false}
        disabled={disabled}
        text={mark.text}
        placeholder={trans.__('no default')}
        onChange={(text, continued) =>
          props.onChange(toMark({ ...mark, text }), continued)
        }
      />
    </span>
  );
}
