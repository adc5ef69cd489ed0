import type { SavuClient } from '../../api';
import { DataModel } from '../model';

interface ISearch {
  kind: string;
  q?: string;
  below?: string;
  cursor?: string | null;
}

/** A server with three scans, in pages of two; the searches wait for release. */
class Server {
  readonly searches: ISearch[] = [];
  failure: Error | null = null;
  private _held: (() => void)[] = [];

  readonly client = {
    info: async () => ({ roots: [{ name: 'jupyter' }, { name: 'dls' }] }),
    datasets: (search: ISearch) => this._answer(search),
    processLists: (search: ISearch) => this._answer({ ...search, kind: 'list' })
  } as unknown as SavuClient;

  /** Answers all searches that are waiting, the last one first. */
  async release(): Promise<void> {
    while (this._held.length > 0) {
      this._held.pop()?.();
      await new Promise(resolve => window.setTimeout(resolve));
    }
  }

  private async _answer(search: ISearch) {
    this.searches.push(search);
    await new Promise<void>(resolve => this._held.push(resolve));
    if (this.failure) {
      throw this.failure;
    }
    const all =
      search.kind === 'scan'
        ? ['a.nxs', 'b.nxs', 'c.nxs'].filter(path =>
            path.includes(search.q ?? '')
          )
        : [];
    const start = Number(search.cursor ?? 0);
    return {
      items: all.slice(start, start + 2).map(path => ({
        root: 'jupyter',
        path,
        name: path,
        kind: search.kind,
        dataset: null
      })),
      next: start + 2 < all.length ? String(start + 2) : null,
      truncated: false
    };
  }
}

const paths = (model: DataModel) =>
  model.section('scans').items.map(({ path }) => path);

describe('DataModel', () => {
  it('searches all kinds, and tells the roots', async () => {
    const server = new Server();
    const model = new DataModel(server.client);
    await model.start();
    expect(model.section('lists').isLoading).toBe(true);
    await server.release();
    expect(server.searches.map(({ kind }) => kind).sort()).toEqual([
      'list',
      'result',
      'scan'
    ]);
    expect(model.roots).toEqual(['jupyter', 'dls']);
    expect(model.section('lists')).toMatchObject({
      isLoading: false,
      items: []
    });
    expect(paths(model)).toEqual(['a.nxs', 'b.nxs']);
  });

  it('adds the next page', async () => {
    const server = new Server();
    const model = new DataModel(server.client);
    model.search();
    await server.release();
    model.more('scans');
    await server.release();
    expect(paths(model)).toEqual(['a.nxs', 'b.nxs', 'c.nxs']);
    expect(model.section('scans').next).toBeNull();
  });

  it('forgets the answers to an older search', async () => {
    const server = new Server();
    const model = new DataModel(server.client);
    model.search();
    model.query = 'b';
    model.search();
    // The newer answers come first.
    await server.release();
    expect(paths(model)).toEqual(['b.nxs']);
  });

  it('searches once for letters typed quickly', async () => {
    jest.useFakeTimers();
    const server = new Server();
    const model = new DataModel(server.client);
    model.query = 'b';
    model.query = 'bc';
    jest.runAllTimers();
    jest.useRealTimers();
    await server.release();
    expect(server.searches).toHaveLength(3);
    expect(server.searches.every(({ q }) => q === 'bc')).toBe(true);
  });

  it('keeps the selection while the file is found', async () => {
    const server = new Server();
    const model = new DataModel(server.client);
    model.search();
    await server.release();
    model.select(model.section('scans').items[1]);
    model.search();
    await server.release();
    expect(model.selected?.path).toBe('b.nxs');
    model.query = 'a';
    model.search();
    await server.release();
    expect(model.selected).toBeNull();
  });

  it('says why a search failed', async () => {
    const server = new Server();
    server.failure = new Error('The server did not answer.');
    const model = new DataModel(server.client);
    model.search();
    await server.release();
    expect(model.section('scans').failure).toBe('The server did not answer.');
  });
});
