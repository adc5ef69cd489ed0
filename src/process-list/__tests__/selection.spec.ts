import { FIRST, pick, range, within } from '../selection';

describe('selection', () => {
  it('takes one row, whatever was selected', () => {
    expect(pick(range(1, 3), 5, 'only').indices).toEqual([5]);
  });

  it('stretches from the row where it began, up and down', () => {
    const down = pick(pick(FIRST, 3, 'only'), 5, 'range');
    expect(down).toEqual({ active: 5, anchor: 3, indices: [3, 4, 5] });
    expect(pick(down, 2, 'range').indices).toEqual([2, 3]);
  });

  it('adds and takes rows one by one, but never the last', () => {
    const two = pick(pick(FIRST, 4, 'only'), 1, 'toggle');
    expect(two).toEqual({ active: 1, anchor: 1, indices: [1, 4] });
    const one = pick(two, 1, 'toggle');
    expect(one).toEqual({ active: 4, anchor: 4, indices: [4] });
    expect(pick(one, 4, 'toggle')).toBe(one);
  });

  it('stays in a list that has become shorter', () => {
    const several = range(2, 4);
    expect(within(several, 5)).toBe(several);
    expect(within(several, 4).indices).toEqual([2, 3]);
    expect(within(several, 2).indices).toEqual([1]);
    expect(within(several, 0)).toEqual({ active: -1, anchor: -1, indices: [] });
  });

  it('begins with the first row of a list that was empty', () => {
    expect(pick(within(FIRST, 0), 0, 'range').indices).toEqual([0]);
  });
});
