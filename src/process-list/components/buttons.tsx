import type { LabIcon } from '@jupyterlab/ui-components';
import React from 'react';

export interface IIconButtonProps {
  icon: LabIcon;
  label: string;
  /** The keys that do the same. */
  keys?: string;
  /** The command of savu_config that it stands for. */
  command?: string;
  disabled?: boolean;
  /** Whether what it opens is open. */
  isOpen?: boolean;
  onClick: (event: React.MouseEvent<HTMLButtonElement>) => void;
}

/** A button that shows an icon alone. */
export function IconButton(props: IIconButtonProps): JSX.Element {
  return (
    <button
      type="button"
      className="jp-SavuButton jp-mod-icon"
      aria-label={props.label}
      title={hint(props.label, props.keys, props.command)}
      aria-expanded={props.isOpen}
      disabled={props.disabled}
      onClick={props.onClick}
    >
      <props.icon.react tag="span" className="jp-SavuButton-icon" />
    </button>
  );
}

/** A tooltip that names the keys that do the same, and the command of savu_config for those who know it. */
export function hint(text: string, keys?: string, command?: string): string {
  const ways = [keys, command && `savu_config: ${command}`].filter(Boolean);
  return ways.length > 0 ? `${text} (${ways.join('; ')})` : text;
}
