import React from 'react';

export interface ISwitchProps {
  label: string;
  /** The tooltip; the label without it. */
  title?: string;
  checked: boolean;
  disabled?: boolean;
  /** -1 where another control does the same by keyboard. */
  tabIndex?: number;
  id?: string;
  describedBy?: string;
  onChange: (checked: boolean) => void;
}

/** A switch that is on or off. */
export function Switch(props: ISwitchProps): JSX.Element {
  return (
    <button
      type="button"
      role="switch"
      id={props.id}
      className="jp-SavuSwitch"
      aria-label={props.label}
      aria-checked={props.checked}
      aria-describedby={props.describedBy}
      disabled={props.disabled}
      tabIndex={props.tabIndex}
      title={props.title ?? props.label}
      onClick={() => props.onChange(!props.checked)}
    >
      <span className="jp-SavuSwitch-thumb" />
    </button>
  );
}
