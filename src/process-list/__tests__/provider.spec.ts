import type { IFile, IProcessList } from '../../api';
import { NexusContentProvider } from '../provider';
import { type Answer, clientOf, failure, type IRequest } from './server';

const LIST: IProcessList = { version: '4.2', plugins: [], groups: [] };

function file(more: Partial<IFile> = {}): IFile {
  return {
    root: 'jupyter',
    path: 'folder/a.nxs',
    name: 'a.nxs',
    kind: 'list',
    size: 1000,
    created: '2026-01-01T00:00:00Z',
    modified: '2026-01-02T00:00:00Z',
    writable: true,
    hash: 'one',
    ...more
  };
}

function providerOf(answer: (request: IRequest) => Answer) {
  const { client, requests } = clientOf(answer);
  return { provider: new NexusContentProvider(client), requests };
}

const status = (error: { response: Response }) => error.response.status;

describe('NexusContentProvider', () => {
  it('opens a list with the hash of what was read', async () => {
    const { provider, requests } = providerOf(({ route }) =>
      route === 'files' ? [200, file()] : [200, { list: LIST, hash: 'newer' }]
    );
    const model = await provider.get('folder/a.nxs');
    expect(model).toMatchObject({
      name: 'a.nxs',
      path: 'folder/a.nxs',
      type: 'file',
      format: 'json',
      writable: true,
      hash: 'newer',
      content: { kind: 'list', list: LIST }
    });
    expect(requests[0].query).toMatchObject({
      root: 'jupyter',
      path: 'folder/a.nxs'
    });
  });

  it.each(['scan', 'result', 'other'] as const)(
    'never lets a %s be written',
    async kind => {
      const { provider, requests } = providerOf(() => [
        200,
        file({ kind, hash: null, writable: true })
      ]);
      const model = await provider.get('folder/a.nxs');
      expect(model.writable).toBe(false);
      expect(model.content).toEqual({ kind, list: null });
      await expect(
        provider.save('folder/a.nxs', { content: model.content })
      ).rejects.toThrow(/not changed/);
      expect(requests.every(({ method }) => method === 'GET')).toBe(true);
    }
  );

  it('says why a file cannot be opened', async () => {
    const { provider } = providerOf(() => [
      200,
      file({ kind: 'other', problem: 'a.nxs is truncated.' })
    ]);
    const { content } = await provider.get('folder/a.nxs');
    expect(content.problem).toBe('a.nxs is truncated.');
  });

  it('shows a list that cannot be read as a file with a problem', async () => {
    const { provider } = providerOf(({ route }) =>
      route === 'files' ? [200, file()] : failure(422, 'Plugin 2 has no name.')
    );
    const model = await provider.get('folder/a.nxs');
    expect(model.writable).toBe(false);
    expect(model.content).toEqual({
      kind: 'other',
      list: null,
      problem: 'Plugin 2 has no name.'
    });
  });

  it('replaces only what was last seen', async () => {
    let hash = 'one';
    const { provider, requests } = providerOf(({ method }) => {
      if (method === 'PUT') {
        hash = 'two';
      }
      return [200, method === 'GET' ? file({ hash }) : file({ hash })];
    });
    await provider.get('folder/a.nxs', { content: false, hash: true });
    const content = { kind: 'list', list: LIST };
    const saved = await provider.save('folder/a.nxs', { content });
    expect(saved).toMatchObject({ hash: 'two', content: null, format: null });
    await provider.save('folder/a.nxs', { content });
    const puts = requests.filter(({ method }) => method === 'PUT');
    expect(puts.map(({ ifMatch }) => ifMatch)).toEqual(['"one"', '"two"']);
    expect(puts[0].body).toEqual(LIST);
  });

  it('tells that the file has changed meanwhile', async () => {
    const { provider } = providerOf(({ method }) =>
      method === 'GET' ? [200, file()] : failure(412, 'It has changed.')
    );
    await provider.get('folder/a.nxs', { content: false, hash: true });
    const error = await provider
      .save('folder/a.nxs', { content: { kind: 'list', list: LIST } })
      .catch(reason => reason);
    expect(error.message).toBe('It has changed.');
    expect(status(error)).toBe(412);
  });

  it('writes a list anew whose file has gone', async () => {
    let isThere = true;
    const { provider, requests } = providerOf(({ method }) => {
      if (method === 'POST') {
        return [201, file({ hash: 'new' })];
      }
      return isThere ? [200, file()] : failure(404, 'There is no such file.');
    });
    await provider.get('folder/a.nxs', { content: false, hash: true });
    isThere = false;
    const gone = await provider.get('folder/a.nxs', {
      content: false,
      hash: true
    });
    // Without a hash JupyterLab sees no conflict and saves.
    expect(gone.hash).toBeUndefined();
    const content = { kind: 'list', list: LIST };
    expect((await provider.save('folder/a.nxs', { content })).hash).toBe('new');
    expect(requests[requests.length - 1].method).toBe('POST');
  });

  it('tells JupyterLab which name is free', async () => {
    const { provider } = providerOf(() => failure(404, 'No such file.'));
    const error = await provider
      .get('folder/new.nxs', { content: false })
      .catch(reason => reason);
    expect(status(error)).toBe(404);
  });
});
