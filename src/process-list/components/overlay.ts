import type React from 'react';

/** Closes a panel that lies over the list when the focus leaves it. */
export function closeOnLeave(
  { currentTarget, relatedTarget }: React.FocusEvent,
  leave: () => void
): void {
  // The button that opened the panel closes it by itself.
  const isOpener = relatedTarget?.getAttribute('aria-expanded') === 'true';
  if (!isOpener && !currentTarget.contains(relatedTarget)) {
    leave();
  }
}
