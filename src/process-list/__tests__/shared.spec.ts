import type { IPlugin, IProcessList } from '../../api';
import { canRepeat, groupAround } from '../groups';
import { YProcessList } from '../shared';

function plugin(position: string, name: string): IPlugin {
  return {
    position,
    name,
    id: `savu.plugins.${name}`,
    active: true,
    parameters: { zeta: '84.0', alpha: '"a"' },
    extra: { 'citation1/doi': ['10.1/1'] } as unknown as IPlugin['extra']
  };
}

const LIST: IProcessList = {
  version: '4.2',
  plugins: [
    plugin('1', 'A'),
    plugin('2a', 'B'),
    plugin('2b', 'C'),
    plugin('7', 'D')
  ],
  groups: [{ start: 2, end: 3, iterations: 3 }],
  extra: { notes: 'kept' } as unknown as IProcessList['extra']
};

function open(list: IProcessList = LIST): YProcessList {
  const shared = new YProcessList();
  shared.setSource({ kind: 'list', list });
  return shared;
}

const names = (shared: YProcessList) =>
  shared.plugins.map(({ name }) => name).join('');
const positions = (shared: YProcessList) =>
  shared.plugins.map(({ position }) => position).join(' ');
const group = (shared: YProcessList) =>
  shared.groups.map(({ start, end }) => [start, end])[0] ?? null;

describe('YProcessList', () => {
  it('gives back what it was given, in the same order', () => {
    expect(JSON.stringify(open().list.plugins)).toBe(
      JSON.stringify(LIST.plugins)
    );
    expect(open().getSource()).toEqual({ kind: 'list', list: LIST });
  });

  it('holds no list for data', () => {
    const shared = new YProcessList();
    shared.setSource({ kind: 'other', list: null, problem: 'truncated' });
    expect(shared.getSource()).toEqual({
      kind: 'other',
      list: null,
      problem: 'truncated'
    });
  });

  it('gives plain numbers when it is asked to, as one step of undo', () => {
    const shared = open();
    expect(shared.hasLetters).toBe(true);
    shared.renumber();
    expect(positions(shared)).toBe('1 2 3 4');
    expect(shared.hasLetters).toBe(false);
    expect(group(shared)).toEqual([2, 3]);
    shared.undo();
    expect(positions(shared)).toBe('1 2a 2b 7');
  });

  it('keeps the numbers of the file until the order changes', () => {
    const shared = open();
    shared.setActive([0], false);
    shared.setParameter(1, 'zeta', '85.0');
    expect(positions(shared)).toBe('1 2a 2b 7');
    shared.remove([0]);
    expect(positions(shared)).toBe('1 2 3');
  });

  it.each<[string, (shared: YProcessList) => void, string, number[] | null]>([
    [
      'insert before a group',
      s => s.insert(1, { plugins: [plugin('', 'X')], groups: [] }),
      'AXBCD',
      [3, 4]
    ],
    [
      'insert into a group',
      s => s.insert(2, { plugins: [plugin('', 'X')], groups: [] }),
      'ABXCD',
      [2, 4]
    ],
    [
      'insert behind a group',
      s => s.insert(3, { plugins: [plugin('', 'X')], groups: [] }),
      'ABCXD',
      [2, 3]
    ],
    ['remove before a group', s => s.remove([0]), 'BCD', [1, 2]],
    ['remove a member', s => s.remove([2]), 'ABD', [2, 2]],
    ['move inside the group', s => s.move([1], 2), 'ACBD', [2, 3]],
    ['move the last member out', s => s.move([2], 3), 'ABDC', [2, 2]],
    ['move the first member out', s => s.move([1], 0), 'BACD', [3, 3]],
    ['move into the group', s => s.move([3], 2), 'ABDC', [2, 4]],
    ['move across the group', s => s.move([0], 3), 'BCDA', [1, 2]],
    ['remove several', s => s.remove([0, 2]), 'BD', [1, 1]],
    ['move several together', s => s.move([0, 3], 1), 'BADC', [1, 4]],
    ['move a whole group', s => s.move([1, 2], 2), 'ADBC', [3, 4]],
    ['move more than a group', s => s.move([1, 2, 3], 0), 'BCDA', [1, 2]],
    ['gather within a group', s => s.move([2], 1), 'ACBD', [2, 3]],
    ['double several', s => s.duplicate([0, 2]), 'ABCACD', [2, 5]],
    [
      'insert several with a group',
      s => s.insert(0, s.excerpt([1, 2])),
      'BCABCD',
      [1, 2]
    ],
    ['double a member', s => s.duplicate([2]), 'ABCCD', [2, 4]],
    ['double behind the group', s => s.duplicate([3]), 'ABCDD', [2, 3]],
    ['double before the group', s => s.duplicate([0]), 'AABCD', [3, 4]]
  ])('%s', (_, edit, order, members) => {
    const shared = open();
    edit(shared);
    expect(names(shared)).toBe(order);
    expect(group(shared)).toEqual(members);
    expect(positions(shared)).toBe(
      shared.plugins.map((_, index) => index + 1).join(' ')
    );
    shared.undo();
    expect(JSON.stringify(shared.list.plugins)).toBe(
      JSON.stringify(LIST.plugins)
    );
    expect(shared.groups).toEqual(LIST.groups);
    expect(shared.canUndo()).toBe(false);
    shared.redo();
    expect(names(shared)).toBe(order);
    expect(group(shared)).toEqual(members);
  });

  it('keeps all of a plugin and of its group when it is copied to another list', () => {
    const other = open({ ...LIST, plugins: [plugin('1', 'Z')], groups: [] });
    other.insert(1, open().excerpt([0, 1, 2]));
    expect(names(other)).toBe('ZABC');
    expect(other.groups).toEqual([{ start: 3, end: 4, iterations: 3 }]);
    expect(other.plugins[2]).toEqual({ ...LIST.plugins[1], position: '3' });
  });

  it('puts no group into another', () => {
    const shared = open();
    shared.insert(2, shared.excerpt([1, 2]));
    expect(names(shared)).toBe('ABBCCD');
    expect(shared.groups).toEqual([{ start: 2, end: 5, iterations: 3 }]);
  });

  it.each<[string, number[], boolean, boolean]>([
    ['plugins in a row', [2, 3], true, false],
    ['one plugin', [0], true, false],
    ['plugins apart', [0, 3], false, false],
    ['a part of a group', [1], false, true],
    ['a group and more', [0, 1], false, false]
  ])('knows of %s whether they can be repeated', (_, indices, can, within) => {
    const groups = [{ start: 2, end: 2, iterations: 3 }];
    expect(canRepeat(groups, indices)).toBe(can);
    expect(groupAround(groups, indices)).toBe(within ? groups[0] : null);
  });

  it('drops a group with its last member', () => {
    const shared = open();
    shared.remove([2]);
    shared.remove([1]);
    expect(shared.groups).toEqual([]);
  });

  it('does not move beyond the ends', () => {
    const shared = open();
    shared.move([0], -1);
    shared.move([3], 4);
    expect(names(shared)).toBe('ABCD');
    expect(shared.canUndo()).toBe(false);
  });

  it('makes each edit one step, however quickly they follow', () => {
    const shared = open();
    shared.setActive([0], false);
    shared.setParameter(0, 'zeta', '1.0');
    shared.setParameter(0, 'alpha', '"b"');
    shared.undo();
    expect(shared.plugins[0].parameters).toEqual({
      zeta: '1.0',
      alpha: '"a"'
    });
    shared.undo();
    expect(shared.plugins[0].active).toBe(false);
    shared.undo();
    expect(shared.list).toEqual(LIST);
  });

  it('makes typing into one field one step', () => {
    const shared = open();
    shared.setParameter(0, 'zeta', '8.0');
    shared.setParameter(0, 'zeta', '85.0', true);
    shared.setParameter(0, 'zeta', '85.5', true);
    shared.undo();
    expect(shared.list).toEqual(LIST);
    shared.redo();
    expect(shared.plugins[0].parameters.zeta).toBe('85.5');
  });

  it('keeps the plugins that an edit leaves alone', () => {
    const shared = open();
    const before = shared.plugins;
    shared.setParameter(1, 'zeta', '1.0');
    const after = shared.plugins;
    expect(after.map((one, index) => one === before[index])).toEqual([
      true,
      false,
      true,
      true
    ]);
    expect(after[1].parameters.zeta).toBe('1.0');
  });

  it('tells an edit once, and nothing when nothing changed', () => {
    const shared = open();
    let told = 0;
    shared.changed.connect((_, change) => {
      told += change.listChange ? 1 : 0;
    });
    shared.insert(1, { plugins: [plugin('', 'X')], groups: [] });
    expect(told).toBe(1);
    shared.setParameter(0, 'zeta', '84.0');
    expect(told).toBe(1);
  });
});

describe('the log of edits', () => {
  it('says what was done in the words of savu_config', () => {
    const shared = open();
    shared.setActive([0, 1], false);
    shared.move([3], 1);
    shared.setParameter(0, 'alpha', '"b"');
    shared.setParameter(0, 'alpha', '"bc"', true);
    shared.duplicate([0]);
    shared.remove([2, 3]);
    shared.replace(0, plugin('1', 'N'));
    shared.setGroups([]);
    shared.insert(0, { plugins: [plugin('1', 'L')], groups: [] });
    shared.clear();
    expect(shared.log.done).toEqual([
      'set 1 2a off',
      'move 7 2',
      'mod 1.alpha "bc"',
      'dupl 1',
      'rem 3 4',
      'replace 1 N',
      'iterate',
      'add L 1',
      'clear'
    ]);
    expect(shared.length).toBe(0);
  });

  it('goes to any step and keeps the words', () => {
    const shared = open();
    shared.setActive([0], false);
    shared.remove([1]);
    shared.remove([1]);
    const all = shared.log.done;
    shared.log.goTo(1);
    expect(names(shared)).toBe('ABCD');
    expect(shared.plugins[0].active).toBe(false);
    expect([shared.log.done, shared.log.undone]).toEqual([
      all.slice(0, 1),
      all.slice(1)
    ]);
    shared.log.goTo(3);
    expect(names(shared)).toBe('AD');
    expect([shared.log.done, shared.log.undone]).toEqual([all, []]);
    shared.log.goTo(0);
    expect(shared.list).toEqual(open().list);
    shared.setActive([3], false);
    expect(shared.log.undone).toEqual([]);
  });

  it('sets all parameters of several plugins in one step', () => {
    const shared = open();
    shared.setAllParameters(
      'ref 1 2a',
      new Map([
        [0, { zeta: '1' }],
        [1, { zeta: '2' }]
      ])
    );
    expect(shared.plugins.map(({ parameters }) => parameters.zeta)).toEqual([
      '1',
      '2',
      '84.0',
      '84.0'
    ]);
    expect(Object.keys(shared.plugins[0].parameters)).toEqual(['zeta']);
    shared.undo();
    expect(shared.list).toEqual(open().list);
  });
});
