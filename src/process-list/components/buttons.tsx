import type { LabIcon } from '@jupyterlab/ui-components';
import React from 'react';

export interface IIconButtonProps {
  icon: LabIcon;
  label: string;
  /** The keys that do the same. */
  keys?: string;
  disabled?: boolean;
  onClick: () => void;
}

/** A button that shows an icon alone. */
export function IconButton(props: IIconButtonProps): JSX.Element {
  return (
    <button
      type="button"
      className="jp-SavuButton jp-mod-icon"
      aria-label={props.label}
      title={props.keys ? `${props.label} (${props.keys})` : props.label}
      disabled={props.disabled}
      onClick={props.onClick}
    >
      <props.icon.react tag="span" className="jp-SavuButton-icon" />
    </button>
  );
}
