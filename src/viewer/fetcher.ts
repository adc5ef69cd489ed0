import type { ExportFormat, H5GroveProvider } from '@h5web/app';

import type { IPlace, SavuClient } from '../api';
import type { IDefaultView } from './defaultView';

/** How h5web asks for bytes. */
export type Fetcher = NonNullable<
  Parameters<typeof H5GroveProvider>[0]['fetcher']
>;

/** Where h5web gets the files that it offers for saving; the others it makes itself. */
export type Exporter = (
  format: ExportFormat,
  dataset: { path: string },
  selection?: string
) => (() => Promise<Blob>) | undefined;

/** The part of h5web's addresses before H5Grove's own: routes of the client. */
export const DATA_ROUTE = 'data';

/**
 * Lets h5web read a file through the one client, so that tokens, cookies and hubs work as
 * everywhere in JupyterLab.
 */
export function dataFetcher(client: SavuClient, place: IPlace): Fetcher {
  return async (route, query, { abortSignal, onProgress } = {}) => {
    try {
      const response = await client.request(
        route,
        { root: place.root, ...query },
        { signal: abortSignal }
      );
      return await readBody(response, onProgress);
    } catch (error) {
      throw abortSignal?.aborted ? abortSignal.reason : error;
    }
  };
}

/**
 * Gives an NXdata group the slice to draw first, which h5web takes from an attribute only.
 * The file is not touched.
 */
export function withDefaultSlice(
  fetcher: Fetcher,
  view: IDefaultView
): Fetcher {
  const { path, slice } = view;
  if (!slice) {
    return fetcher;
  }
  return async (route, query, options) => {
    const answer = await fetcher(route, query, options);
    if (query.path !== path) {
      return answer;
    }
    if (route === `${DATA_ROUTE}/meta/`) {
      const entity = decode(answer) as { attributes: unknown[] };
      return encode({
        ...entity,
        attributes: [...entity.attributes, sliceAttribute(slice.length)]
      });
    }
    if (route === `${DATA_ROUTE}/attr/`) {
      return encode({ ...(decode(answer) as object), default_slice: slice });
    }
    return answer;
  };
}

export function exporter(client: SavuClient, place: IPlace): Exporter {
  return (format, dataset, selection) => {
    if (format !== 'npy' && format !== 'tiff') {
      return undefined;
    }
    return async () => {
      const response = await client.request(`${DATA_ROUTE}/data/`, {
        root: place.root,
        file: place.path,
        path: dataset.path,
        format,
        selection
      });
      return response.blob();
    };
  };
}

async function readBody(
  response: Response,
  onProgress?: (fraction: number) => void
): Promise<ArrayBuffer> {
  const size = Number(response.headers.get('Content-Length'));
  if (!onProgress || !size || !response.body) {
    return response.arrayBuffer();
  }
  let received = 0;
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      received += chunk.length;
      onProgress(Math.min(1, received / size));
      controller.enqueue(chunk);
    }
  });
  return new Response(response.body.pipeThrough(counter)).arrayBuffer();
}

/** The metadata of an attribute that holds `length` strings, as H5Grove writes it. */
function sliceAttribute(length: number): object {
  return {
    name: 'default_slice',
    shape: [length],
    type: { class: 3, dtype: '|O', size: 8, cset: 1, strpad: 0, vlen: true }
  };
}

function decode(buffer: ArrayBuffer): unknown {
  return JSON.parse(new TextDecoder().decode(buffer));
}

function encode(value: unknown): ArrayBuffer {
  return new TextEncoder().encode(JSON.stringify(value)).buffer as ArrayBuffer;
}
