import { PageConfig, PathExt, URLExt } from '@jupyterlab/coreutils';

import { JUPYTER_ROOT } from '../../api';
import { PREAMBLE, pythonPlace, pythonText } from '../../python';
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

/** The address without what `linkedTarget` reads, so that reloading the page opens nothing again. */
export function unlinked(address: string): string {
  const url = new URL(address);
  for (const name of [...url.searchParams.keys()]) {
    if (name.startsWith('savu-')) {
      url.searchParams.delete(name);
    }
  }
  return url.href;
}

/** How slices of a file on the server are referred to from elsewhere. */
export function saveContext({ root, path: file }: IDataTarget): ISaveContext {
  return {
    name: PathExt.basename(file),
    python: (path, plane) =>
      [
        ...PREAMBLE,
        `volume = savu.volume(${pythonPlace({ root, path: file })}, ${pythonText(path)})`,
        `picture = volume[${plane}]`,
        ''
      ].join('\n'),
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
