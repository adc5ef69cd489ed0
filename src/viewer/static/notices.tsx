import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { closeIcon } from '@jupyterlab/ui-components';
import React from 'react';

/** What JupyterLab would show in a corner of its window. */
export function Notices({ trans }: { trans: TranslationBundle }): JSX.Element {
  const { manager } = Notification;
  const [, redraw] = React.useReducer((count: number) => count + 1, 0);
  React.useEffect(() => {
    const changed = () => redraw();
    manager.changed.connect(changed);
    return () => {
      manager.changed.disconnect(changed);
    };
  }, [manager]);
  return (
    <div className="jp-SavuPage-notices">
      {manager.notifications.map(({ id, message, type }) => (
        <div key={id} role={type === 'error' ? 'alert' : 'status'}>
          <span>{message}</span>
          <button
            className="jp-SavuButton jp-mod-icon"
            aria-label={trans.__('Dismiss')}
            onClick={() => Notification.dismiss(id)}
          >
            <closeIcon.react
              tag="span"
              className="jp-SavuButton-icon"
              aria-hidden="true"
            />
          </button>
        </div>
      ))}
    </div>
  );
}
