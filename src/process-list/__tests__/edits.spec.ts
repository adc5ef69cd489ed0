import type { IPlugin } from '../../api';
import { YProcessList } from '../shared';

interface IEdit {
  add?: string;
  at?: number;
  remove?: number[];
  move?: number;
  to?: number;
  duplicate?: number;
  replace?: number;
  by?: string;
  switch?: number[];
  on?: boolean;
}

interface ICase {
  case: string;
  plugins: string;
  off: string;
  loops: number[][];
  edit: IEdit;
  after: string;
  afterOff: string;
  afterLoops: number[][];
}

/** The cases of the Python core, which makes the same edits for the command line. */
const CASES = jest.requireActual<ICase[]>(
  '../../../server-ext/tests/data/edits.json'
);

function plugin(name: string, index: number, active = true): IPlugin {
  return {
    position: String(index + 1),
    name,
    id: `savu.plugins.${name}`,
    active,
    parameters: {},
    extra: {}
  };
}

function open({ plugins, off, loops }: ICase): YProcessList {
  const shared = new YProcessList();
  shared.setSource({
    kind: 'list',
    list: {
      version: '4.2',
      plugins: [...plugins].map((name, index) =>
        plugin(name, index, !off.includes(name))
      ),
      groups: loops.map(([start, end, iterations]) => ({
        start,
        end,
        iterations
      })),
      extra: {}
    }
  });
  return shared;
}

function make(shared: YProcessList, edit: IEdit): void {
  if (edit.add !== undefined) {
    const plugins = [plugin(edit.add, 0)];
    shared.insert(edit.at ?? 0, { plugins, groups: [] });
  } else if (edit.remove) {
    shared.remove(edit.remove);
  } else if (edit.move !== undefined) {
    shared.move([edit.move], edit.to ?? 0);
  } else if (edit.duplicate !== undefined) {
    shared.duplicate([edit.duplicate]);
  } else if (edit.replace !== undefined) {
    shared.replace(edit.replace, plugin(edit.by ?? '', 0));
  } else {
    shared.setActive(edit.switch ?? [], edit.on ?? true);
  }
}

describe('structural edits', () => {
  it.each(CASES.map(one => [one.case, one] as const))('%s', (_, one) => {
    const shared = open(one);
    const before = shared.list;
    make(shared, one.edit);
    expect(shared.plugins.map(({ name }) => name).join('')).toBe(one.after);
    const off = shared.plugins.filter(({ active }) => !active);
    expect([...new Set(off.map(({ name }) => name))].join('')).toBe(
      one.afterOff
    );
    expect(
      shared.groups.map(({ start, end, iterations }) => [
        start,
        end,
        iterations
      ])
    ).toEqual(one.afterLoops);
    expect(shared.plugins.map(({ position }) => position)).toEqual(
      shared.plugins.map((_, index) => String(index + 1))
    );
    shared.undo();
    expect(shared.list).toEqual(before);
  });
});
