import { App, H5GroveProvider } from '@h5web/app';
import React from 'react';

import type { IPlace, SavuClient } from '../api';
import type { IDefaultView } from './defaultView';
import { DATA_ROUTE, dataFetcher, exporter, withDefaultSlice } from './fetcher';

/** Where there is less room, the tree of the file starts folded away. */
const ROOM_FOR_TREE = 1100;

export interface IExplorerProps {
  client: SavuClient;
  place: IPlace;
  view: IDefaultView;
  /** Another number reads everything again; what is looked at stays. */
  generation: number;
  /** In pixels, when the explorer is first drawn. */
  width: number;
}

/** h5web on one file. It is heavy, so this module is only ever imported dynamically. */
export function Explorer(props: IExplorerProps): JSX.Element {
  const { client, place, view, generation, width } = props;
  const { root, path } = place;
  const fetcher = React.useMemo(
    () => withDefaultSlice(dataFetcher(client, { root, path }), view),
    [client, root, path, view]
  );
  const getExportURL = React.useMemo(
    () => exporter(client, { root, path }),
    [client, root, path]
  );
  return (
    <H5GroveProvider
      url={DATA_ROUTE}
      filepath={path}
      fetcher={fetcher}
      resetKeys={[generation]}
      getExportURL={getExportURL}
    >
      <App
        disableDarkMode
        initialPath={view.path}
        sidebarOpen={width >= ROOM_FOR_TREE}
      />
    </H5GroveProvider>
  );
}
