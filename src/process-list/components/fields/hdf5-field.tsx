import { searchIcon } from '@jupyterlab/ui-components';
import React, { useState } from 'react';

import { IconButton } from '../buttons';
import { Hdf5Tree } from './hdf5-tree';
import { useHost } from './host';
import { TextField } from './simple';
import type { IFieldProps } from './types';

/** A path in an HDF5 file, typed or found in the file that is named beside it, else in the scan. */
export function Hdf5Field(props: IFieldProps): JSX.Element {
  const { trans } = useHost();
  const [isOpen, setOpen] = useState(false);
  const path = props.value.startsWith('"')
    ? (JSON.parse(props.value) as string)
    : '';
  return (
    <span className="jp-SavuField-hdf5">
      <span className="jp-SavuField-path">
        <TextField {...props} />
        <IconButton
          icon={searchIcon}
          label={trans.__('Look for %1 in the file', props.label)}
          isOpen={isOpen}
          disabled={props.disabled}
          onClick={() => setOpen(!isOpen)}
        />
      </span>
      {isOpen && (
        <Hdf5Tree
          label={props.label}
          file={props.file ?? null}
          chosen={path}
          onChoose={chosen => {
            setOpen(false);
            props.onChange(JSON.stringify(chosen), false);
          }}
          onClose={() => setOpen(false)}
        />
      )}
    </span>
  );
}
