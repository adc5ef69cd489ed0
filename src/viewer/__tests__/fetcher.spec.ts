import type { SavuClient } from '../../api';
import { dataFetcher, exporter, withDefaultSlice } from '../fetcher';

const PLACE = { root: 'dls', path: 'scan.nxs' };

function clientThat(
  answer: (route: string, query: object, init?: RequestInit) => unknown
): SavuClient {
  return {
    request: async (route: string, query: object, init?: RequestInit) => {
      const bytes = new TextEncoder().encode(
        JSON.stringify(answer(route, query, init))
      );
      return {
        headers: new Headers(),
        arrayBuffer: async () => bytes.buffer,
        blob: async () => new Blob([bytes])
      };
    }
  } as unknown as SavuClient;
}

const json = (buffer: ArrayBuffer) =>
  JSON.parse(new TextDecoder().decode(buffer));

describe('what h5web fetches', () => {
  it('comes from the root of the file', async () => {
    const fetch = dataFetcher(
      clientThat((route, query) => ({ route, query })),
      PLACE
    );
    expect(
      json(await fetch('data/meta/', { file: 'scan.nxs', path: '/entry' }))
    ).toEqual({
      route: 'data/meta/',
      query: { root: 'dls', file: 'scan.nxs', path: '/entry' }
    });
  });

  it('ends with the reason of the one who aborted it', async () => {
    const control = new AbortController();
    const fetch = dataFetcher(
      clientThat((_route, _query, init) => {
        expect(init?.signal).toBe(control.signal);
        control.abort('another slice was chosen');
        throw new Error('the connection was closed');
      }),
      PLACE
    );
    await expect(
      fetch('data/data/', { path: '/' }, { abortSignal: control.signal })
    ).rejects.toBe('another slice was chosen');
  });

  it('ends with the error of the server otherwise', async () => {
    const fetch = dataFetcher(
      clientThat(() => {
        throw new Error('No such dataset');
      }),
      PLACE
    );
    await expect(fetch('data/data/', { path: '/' })).rejects.toThrow(
      'No such dataset'
    );
  });
});

describe('the first slice', () => {
  const group = {
    meta: { kind: 'group', attributes: [{ name: 'signal' }] },
    attr: { signal: 'data' }
  };
  const fetch = withDefaultSlice(
    async route =>
      new TextEncoder().encode(
        JSON.stringify(route.includes('meta') ? group.meta : group.attr)
      ).buffer as ArrayBuffer,
    { path: '/entry/result', slice: ['.', '4', '.'] }
  );

  it('is told as an attribute of its group', async () => {
    const meta = json(await fetch('data/meta/', { path: '/entry/result' }));
    expect(meta.attributes.map((a: { name: string }) => a.name)).toEqual([
      'signal',
      'default_slice'
    ]);
    expect(json(await fetch('data/attr/', { path: '/entry/result' }))).toEqual({
      signal: 'data',
      default_slice: ['.', '4', '.']
    });
  });

  it('is not told of other groups', async () => {
    expect(json(await fetch('data/attr/', { path: '/entry/other' }))).toEqual(
      group.attr
    );
  });
});

describe('saving a picture', () => {
  it('asks the server for the formats that h5web cannot make', () => {
    const get = exporter(
      clientThat(() => ({})),
      PLACE
    );
    expect(get('csv', { path: '/data' })).toBeUndefined();
    expect(get('tiff', { path: '/data' })).toBeInstanceOf(Function);
  });
});
