import { PageConfig } from '@jupyterlab/coreutils';

import { linkedData, saveContext, unlinked } from '../context';

const NAMES = [
  'scan.nxs',
  'a & b #1 100% ü?.nxs',
  'x=y+z;%20.nxs',
  '日本/🙂.h5'
];

describe('links', () => {
  const locate = () => Promise.resolve('/data/a & b/scan.nxs');

  afterEach(() => {
    PageConfig.setOption('baseUrl', '/');
    PageConfig.setOption('shareUrl', '');
    PageConfig.setOption('appUrl', '');
  });

  it.each(NAMES)('lead to %s', async path => {
    const target = {
      root: 'archive',
      path,
      dataset: '/entry/d & 1',
      plane: ':,4,:'
    };
    const link = saveContext(target, locate).link!;
    const { search, pathname } = new URL(
      await link(target.dataset, target.plane)
    );
    expect(linkedData(search)).toEqual({ target, location: null });
    // JupyterLab writes addresses anew, in which a + would become one.
    expect(search).not.toContain('+');
    expect(pathname).not.toContain('savu');
  });

  it('leave nothing of them in the address', () => {
    const link =
      'https://hub.example/user/a/lab?savu-data=x&keep=1&savu-plane=%3A#part';
    expect(unlinked(link)).toBe('https://hub.example/user/a/lab?keep=1#part');
    expect(linkedData(new URL(unlinked(link)).search)).toBeNull();
  });

  it('lead to the same server below its own address', async () => {
    PageConfig.setOption('baseUrl', '/a%40b/');
    PageConfig.setOption('appUrl', '/lab');
    const { link } = saveContext({ root: 'jupyter', path: 'x.nxs' }, locate);
    const { pathname } = new URL(await link!('/data', '1,:,:'));
    expect(pathname).toBe('/a%40b/lab');
  });

  it("lead to the reader's own server on a hub, which may have other folders", async () => {
    PageConfig.setOption('baseUrl', '/jupyter/user/alice/');
    PageConfig.setOption('shareUrl', '/jupyter/hub/user-redirect');
    PageConfig.setOption('appUrl', '/lab');
    const target = { root: 'jupyter', path: 'x.nxs' };
    const { link } = saveContext(target, locate);
    const { pathname, search } = new URL(await link!('/data', '1,:,:'));
    expect(pathname).toBe('/jupyter/hub/user-redirect/lab');
    expect(linkedData(search)).toEqual({
      target: { ...target, dataset: '/data', plane: '1,:,:' },
      location: '/data/a & b/scan.nxs'
    });
  });
});

test('what is copied as Python names file, dataset and slice', () => {
  const { python } = saveContext({ root: 'jupyter', path: 'a "b".nxs' }, () =>
    Promise.resolve('')
  );
  expect(python!('/entry/data', ':,4,:')).toBe(
    [
      'from jupyterlab_savu.client import Savu',
      '',
      'savu = Savu()',
      'volume = savu.volume("a \\"b\\".nxs", "/entry/data")',
      'picture = volume[:,4,:]',
      ''
    ].join('\n')
  );
});
