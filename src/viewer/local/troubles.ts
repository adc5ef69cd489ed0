import type { TranslationBundle } from '@jupyterlab/translation';

import { Explained, type ITrouble } from '../trouble';
import { Fault } from './hdf5/faults';

/** What went wrong with a file on the user's computer, in words; `choose` lets them choose again. */
export function explain(
  error: unknown,
  name: string,
  trans: TranslationBundle,
  choose: () => void
): unknown {
  if (!(error instanceof Fault)) {
    return error;
  }
  const { reason, message } = error;
  const again = { label: trans.__('Choose a File…'), run: choose };
  const troubles: Partial<Record<typeof reason, ITrouble>> = {
    changed: {
      title: trans.__('%1 has changed or is gone', name),
      advice: trans.__(
        'The browser reads a file from this computer only as it was when it was chosen. Choose it again to go on.'
      ),
      detail: null,
      act: again
    },
    damaged: {
      title: trans.__('%1 cannot be opened', name),
      advice: trans.__(
        'It begins as an HDF5 file does, but may be incomplete or damaged. Copy it again from where it came from, and choose it again.'
      ),
      detail: message,
      act: again
    },
    filter: {
      title: trans.__(
        'The values are compressed with %1, which the browser cannot read',
        message
      ),
      advice: trans.__(
        'The file is whole. Put it where the server sees it, and open it from there.'
      ),
      detail: null
    },
    memory: {
      title: trans.__('The browser has no memory for this'),
      advice: trans.__(
        'Close other files and try again, or put the file where the server sees it, and open it from there.'
      ),
      detail: message
    }
  };
  const trouble = troubles[reason];
  return trouble ? new Explained(trouble) : error;
}

/** Said of a tab that was open before the page was loaded again. */
export function gone(
  name: string,
  trans: TranslationBundle,
  choose: () => void
): Explained {
  return new Explained({
    title: trans.__('%1 was only open in the browser', name),
    advice: trans.__(
      'It was opened from this computer, and nothing of it was kept when the page was loaded again. Choose it again to go on looking at it.'
    ),
    detail: null,
    act: { label: trans.__('Choose %1…', name), run: choose }
  });
}
