import { PathExt } from '@jupyterlab/coreutils';

import type { IPlace } from '../../api';
import type { ISaveContext } from '../slices/saving';

/** How slices of a file on the user's computer are referred to: by its name, there. */
export function localContext({ path: file }: IPlace): ISaveContext {
  const name = PathExt.basename(file);
  return {
    name,
    python: (path, plane) =>
      [
        'import h5py',
        'import hdf5plugin  # for compressed files',
        '',
        `with h5py.File(${JSON.stringify(name)}) as file:`,
        `    picture = file[${JSON.stringify(path)}][${plane}]`,
        ''
      ].join('\n'),
    link: null
  };
}
