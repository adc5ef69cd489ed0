import { linkedTarget, saveContext, unlinked } from '../context';

const NAMES = [
  'scan.nxs',
  'a & b #1 100% ü?.nxs',
  'x=y+z;%20.nxs',
  '日本/🙂.h5'
];

describe('links', () => {
  it.each(NAMES)('lead to %s', path => {
    const target = {
      root: 'archive',
      path,
      dataset: '/entry/d & 1',
      plane: ':,4,:'
    };
    const link = saveContext(target).link!(target.dataset, target.plane);
    const { search, pathname } = new URL(link);
    expect(linkedTarget(search)).toEqual(target);
    // JupyterLab writes addresses anew, in which a + would become one.
    expect(search).not.toContain('+');
    expect(pathname).not.toContain('savu');
  });

  it('leave nothing of them in the address', () => {
    const link =
      'https://hub.example/user/a/lab?savu-data=x&keep=1&savu-plane=%3A#part';
    expect(unlinked(link)).toBe('https://hub.example/user/a/lab?keep=1#part');
    expect(linkedTarget(new URL(unlinked(link)).search)).toBeNull();
  });
});

test('what is copied as Python names file, dataset and slice', () => {
  const { python } = saveContext({ root: 'jupyter', path: 'a "b".nxs' });
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
