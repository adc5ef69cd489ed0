import { PageConfig, PathExt, URLExt } from '@jupyterlab/coreutils';

import { JUPYTER_ROOT } from '../../api';
import { PREAMBLE, pythonPlace, pythonText } from '../../python';
import type { IDataTarget } from '../../tokens';
import type { ISaveContext } from './saving';

/** What an address leads to. */
export interface ILinked {
  target: IDataTarget;
  /** Where programs find the file, for servers on which it has another place. */
  location: string | null;
}

/** The data that an address leads to, as `saveContext` writes it; null for other addresses. */
export function linkedData(search: string): ILinked | null {
  const query = new URLSearchParams(search);
  const path = query.get('savu-data');
  return path
    ? {
        target: {
          root: query.get('savu-root') ?? JUPYTER_ROOT,
          path,
          dataset: query.get('savu-dataset'),
          plane: query.get('savu-plane')
        },
        location: query.get('savu-location')
      }
    : null;
}

/** The address without what `linkedData` reads, so that reloading the page opens nothing again. */
export function unlinked(address: string): string {
  const url = new URL(address);
  for (const name of [...url.searchParams.keys()]) {
    if (name.startsWith('savu-')) {
      url.searchParams.delete(name);
    }
  }
  return url.href;
}

/**
 * Where JupyterLab is found by whoever follows a link. On a JupyterHub that is the reader's own
 * server: nobody gets into that of somebody else.
 */
export function labAddress(): string {
  const lab = URLExt.join(
    PageConfig.getShareUrl(),
    PageConfig.getOption('appUrl')
  );
  return new URL(lab, window.location.href).href;
}

/**
 * How slices of a file on the server are referred to from elsewhere; `locate` tells where programs
 * find the file.
 */
export function saveContext(
  { root, path: file }: IDataTarget,
  locate: () => Promise<string>
): ISaveContext {
  return {
    name: PathExt.basename(file),
    python: (path, plane) =>
      [
        ...PREAMBLE,
        `volume = savu.volume(${pythonPlace({ root, path: file })}, ${pythonText(path)})`,
        `picture = volume[${plane}]`,
        ''
      ].join('\n'),
    link: async (path, plane) => {
      // The folders of another user's server may be others.
      const isShared = PageConfig.getShareUrl() !== PageConfig.getBaseUrl();
      const query = URLExt.objectToQueryString({
        'savu-data': file,
        'savu-root': root,
        'savu-dataset': path,
        'savu-plane': plane,
        ...(isShared && { 'savu-location': await locate() })
      });
      return labAddress() + query;
    }
  };
}
