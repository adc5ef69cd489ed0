import { App, H5GroveProvider } from '@h5web/app';
import React from 'react';

import type { IFileAccess } from './access';
import type { IDefaultView } from './defaultView';
import { DATA_ROUTE, withDefaultSlice } from './fetcher';

/** Where there is less room, the tree of the file starts folded away. */
const ROOM_FOR_TREE = 1100;

export interface IExplorerProps {
  access: IFileAccess;
  path: string;
  view: IDefaultView;
  /** Another number reads everything again; what is looked at stays. */
  generation: number;
  /** In pixels, when the explorer is first drawn. */
  width: number;
}

/** h5web on one file. It is heavy, so this module is only ever imported dynamically. */
export function Explorer(props: IExplorerProps): JSX.Element {
  const { access, path, view, generation, width } = props;
  const fetcher = React.useMemo(
    () => withDefaultSlice(access.fetcher, view),
    [access, view]
  );
  return (
    <H5GroveProvider
      url={DATA_ROUTE}
      filepath={path}
      fetcher={fetcher}
      resetKeys={[generation]}
      getExportURL={access.exporter}
    >
      <App
        disableDarkMode
        initialPath={view.path}
        // Where nothing is drawn at first, the tree is what there is to see.
        sidebarOpen={width >= ROOM_FOR_TREE || view.path === '/'}
      />
    </H5GroveProvider>
  );
}
