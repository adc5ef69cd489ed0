import type { TranslationBundle } from '@jupyterlab/translation';

import { ApiError } from '../api';

/** What keeps a file from being shown, in words for the user. */
export interface ITrouble {
  title: string;
  advice: string;
  /** What a support person wants to know. */
  detail: string | null;
  /** What helps better than trying again. */
  act?: { label: string; run: () => void };
}

/** A failure that comes with words for the user. */
export class Explained extends Error {
  constructor(readonly trouble: ITrouble) {
    super(trouble.title);
    this.name = 'Explained';
  }
}

/** The words for a failure to open the file `name`. */
export function describeTrouble(
  error: unknown,
  name: string,
  trans: TranslationBundle
): ITrouble {
  if (error instanceof Explained) {
    return error.trouble;
  }
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof ApiError)) {
    return {
      title: trans.__('%1 could not be shown', name),
      advice: trans.__(
        'The file itself is untouched. Try again; if it happens again, reload the page.'
      ),
      detail: message
    };
  }
  const detail = error.id
    ? trans.__('%1 (error %2 in the server log)', message, error.id)
    : message;
  if (error.status === 0) {
    return {
      title: trans.__('The Jupyter server does not answer'),
      advice: trans.__(
        'Check that it still runs and that you are connected, then try again. Nothing was changed.'
      ),
      detail: null
    };
  }
  if (error.status === 404) {
    return {
      title: trans.__('%1 is not there', name),
      advice: trans.__(
        'It may have been moved, renamed or deleted. Find it in the file browser and open it from there, or try again when it is back.'
      ),
      detail
    };
  }
  return {
    title: trans.__('%1 cannot be opened', name),
    advice: trans.__(
      'It may not be an HDF5 file, may be incomplete, or may still be written by another program. Wait until it is complete, or copy it again from where it came from.'
    ),
    detail
  };
}
