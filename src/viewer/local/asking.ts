import type { Exporter, Fetcher } from '../fetcher';
import { DATA_ROUTE } from '../fetcher';
import type { IEntity, IHdf5Reader } from '../reader';
import type { Answer, Arguments, Question } from './hdf5/messages';

/** Asks for something in a file. */
export type Asker = <Name extends Question>(
  question: Name,
  args: Arguments<Name>,
  signal?: AbortSignal
) => Promise<Answer<Name>>;

/** Reads objects of a file on the user's computer. */
export function localReader(ask: Asker): IHdf5Reader {
  return {
    entity: async path => (await ask('entity', [path])) as IEntity,
    attributes: async path =>
      (await ask('attributes', [path])) as Record<string, unknown>,
    values: path => ask('values', [path, null, false])
  };
}

/** Answers h5web as the routes of the server do. */
export function localFetcher(ask: Asker): Fetcher {
  return async (route, query, { abortSignal } = {}) => {
    const path = String(query.path);
    const selection = query.selection ? String(query.selection) : null;
    switch (route) {
      case `${DATA_ROUTE}/meta/`:
        return encoded(await ask('entity', [path], abortSignal));
      case `${DATA_ROUTE}/attr/`:
        return encoded(await ask('attributes', [path], abortSignal));
      case `${DATA_ROUTE}/paths/`:
        return encoded(await ask('paths', [path], abortSignal));
      default:
        return query.format === 'bin'
          ? ask('bytes', [path, selection], abortSignal)
          : encoded(
              await ask(
                'values',
                [path, selection, query.flatten === 'true'],
                abortSignal
              )
            );
    }
  };
}

/** Makes the files that h5web offers for saving; the others it makes itself. */
export function localExporter(ask: Asker): Exporter {
  return (format, { path }, selection) =>
    format === 'npy' || format === 'tiff'
      ? async () =>
          new Blob([await ask('export', [path, selection ?? null, format])])
      : undefined;
}

function encoded(value: unknown): ArrayBuffer {
  return new TextEncoder().encode(JSON.stringify(value)).buffer as ArrayBuffer;
}
