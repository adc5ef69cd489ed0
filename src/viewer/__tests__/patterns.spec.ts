import { TELLING } from '../patterns';

const { readFileSync } = jest.requireActual<{
  readFileSync: (path: string, encoding: string) => string;
}>('fs');

it('have the order of the server', () => {
  const module = 'server-ext/jupyterlab_savu/data/slices/volumes.py';
  const [, listed] = /^_TELLING = \(([^)]*)\)$/m.exec(
    readFileSync(module, 'utf8')
  )!;
  const names = [...listed.matchAll(/"(\w+)"/g)].map(([, name]) => name);
  expect(names.length).toBeGreaterThan(3);
  expect(TELLING).toEqual(names);
});
