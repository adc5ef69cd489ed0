import { closeIcon } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useEffect, useId, useRef } from 'react';

import { IconButton } from './buttons';
import { closeOnLeave } from './overlay';

export interface ISheetProps {
  title: string;
  trans: TranslationBundle;
  /** Closed on purpose: the focus goes back to the list. */
  onClose: () => void;
  /** Closed because the focus went elsewhere. */
  onLeave: () => void;
  children: React.ReactNode;
}

/** A panel over the list with something to read. */
export function Sheet(props: ISheetProps): JSX.Element {
  const { title, trans, onClose, onLeave } = props;
  const panel = useRef<HTMLElement>(null);
  const id = useId();
  useEffect(() => panel.current?.focus(), []);
  return (
    <section
      ref={panel}
      className="jp-SavuSheet"
      aria-labelledby={id}
      tabIndex={-1}
      onKeyDown={event => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          onClose();
        }
      }}
      onBlur={event => closeOnLeave(event, onLeave)}
    >
      <header>
        <h2 id={id}>{title}</h2>
        <IconButton
          icon={closeIcon}
          label={trans.__('Close')}
          keys={trans.__('Escape')}
          onClick={onClose}
        />
      </header>
      <div
        className="jp-SavuSheet-body"
        tabIndex={0}
        role="group"
        aria-label={title}
      >
        {props.children}
      </div>
    </section>
  );
}
