import { caretDownEmptyIcon, type LabIcon } from '@jupyterlab/ui-components';
import React from 'react';

interface IButtonProps {
  /** What it is called, and what it does. */
  label: string;
  hint: string;
  /** What is seen of it: an icon, or a short word. */
  icon: LabIcon | string;
  onClick: (event: React.MouseEvent<HTMLButtonElement>) => void;
}

/** A button that does something at once, or with `isOn` stays pressed. */
export function Action(props: IButtonProps & { isOn?: boolean }): JSX.Element {
  return (
    <button
      className="jp-SavuButton jp-mod-icon"
      aria-label={props.label}
      aria-pressed={props.isOn}
      title={props.hint}
      onClick={props.onClick}
    >
      <Sign icon={props.icon} />
    </button>
  );
}

/** A button with a name, of which little room leaves the icon. */
export function Named(
  props: IButtonProps & {
    /** Whether it opens a menu. */
    hasMenu?: boolean;
    /** Whether what it shows is shown. */
    isOpen?: boolean;
  }
): JSX.Element {
  const { label, hint, icon, onClick, hasMenu, isOpen } = props;
  return (
    <button
      className="jp-SavuButton jp-SavuSlices-named"
      aria-label={label}
      aria-haspopup={hasMenu ? 'menu' : undefined}
      aria-expanded={isOpen}
      title={hint}
      onClick={onClick}
    >
      <Sign icon={icon} />
      <span className="jp-SavuSlices-name">{label}</span>
      {hasMenu && (
        <caretDownEmptyIcon.react
          tag="span"
          className="jp-SavuButton-icon"
          aria-hidden="true"
        />
      )}
    </button>
  );
}

function Sign({ icon }: Pick<IButtonProps, 'icon'>): JSX.Element {
  return typeof icon === 'string' ? (
    <span aria-hidden="true">{icon}</span>
  ) : (
    <icon.react tag="span" className="jp-SavuButton-icon" aria-hidden="true" />
  );
}

interface ISelectProps extends React.SelectHTMLAttributes<HTMLSelectElement> {
  'aria-label': string;
}

/** A choice among a few, as wide as it must be. */
export function Select(props: ISelectProps): JSX.Element {
  return (
    <span className="jp-SavuSlices-select">
      <select className="jp-SavuField-text" {...props} />
      <caretDownEmptyIcon.react tag="span" aria-hidden="true" />
    </span>
  );
}
