import { PageConfig, PathExt, URLExt } from '@jupyterlab/coreutils';

import { JUPYTER_ROOT } from '../../api';
import type { IDataTarget } from '../../tokens';
import type { ISaveContext } from './saving';

/** The data that an address leads to, as `saveContext` writes it; null for other addresses. */
export function linkedTarget(search: string): IDataTarget | null {
  const query = new URLSearchParams(search);
  const path = query.get('savu-data');
  return path
    ? {
        root: query.get('savu-root') ?? JUPYTER_ROOT,
        path,
        dataset: query.get('savu-dataset'),
        plane: query.get('savu-plane')
      }
    : null;
}

/** How slices of a file on the server are referred to from elsewhere. */
export function saveContext({ root, path: file }: IDataTarget): ISaveContext {
  return {
    name: PathExt.basename(file),
    python:
      root === JUPYTER_ROOT
        ? (path, plane) =>
            [
              'import h5py',
              'import hdf5plugin  # for compressed files',
              '',
              `with h5py.File(${JSON.stringify(file)}) as file:`,
              `    picture = file[${JSON.stringify(path)}][${plane}]`,
              ''
            ].join('\n')
        : null,
    link: (path, plane) => {
      const query = URLExt.objectToQueryString({
        'savu-data': file,
        'savu-root': root,
        'savu-dataset': path,
        'savu-plane': plane
      });
      const lab = URLExt.join(
        PageConfig.getBaseUrl(),
        PageConfig.getOption('appUrl')
      );
      return new URL(lab + query, window.location.href).href;
    }
  };
}
