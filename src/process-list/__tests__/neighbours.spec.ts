import type { IDocumentManager } from '@jupyterlab/docmanager';

import { keepOpening } from '../neighbours';

class Manager {
  open(path: string): string {
    return `JupyterLab opens ${path}`;
  }
}

function managerOf(patch?: (path: string) => string) {
  const manager = new Manager();
  if (patch) {
    manager.open = patch;
  }
  keepOpening(manager as unknown as IDocumentManager, ['.nxs']);
  return manager;
}

describe('keepOpening', () => {
  it('takes our files back from an extension that opens them all', () => {
    const manager = managerOf(path => `the neighbour opens ${path}`);
    expect(manager.open('a.nxs')).toBe('JupyterLab opens a.nxs');
    expect(manager.open('a.csv')).toBe('the neighbour opens a.csv');
  });

  it('changes nothing without such a neighbour', () => {
    expect(Object.hasOwn(managerOf(), 'open')).toBe(false);
  });
});
