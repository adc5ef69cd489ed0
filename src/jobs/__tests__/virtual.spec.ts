import { offsetsOf, visibleRows } from '../virtual';

describe('the rows that are drawn', () => {
  const offsets = offsetsOf(new Array<number>(10_000).fill(50));

  it('are those in sight and some beyond', () => {
    expect(visibleRows(offsets, 0, 500, 100)).toEqual([0, 13]);
    expect(visibleRows(offsets, 100_000, 500, 100)).toEqual([1998, 2013]);
    expect(visibleRows(offsets, 499_500, 500, 100)).toEqual([9988, 10_000]);
  });

  it('are found with any heights', () => {
    const mixed = offsetsOf([10, 100, 1, 1, 1, 100]);
    expect(visibleRows(mixed, 105, 10, 0)).toEqual([1, 6]);
    expect(visibleRows(mixed, 0, 5, 0)).toEqual([0, 1]);
  });

  it('are none of an empty list', () => {
    expect(visibleRows(offsetsOf([]), 0, 500, 100)).toEqual([0, 0]);
  });
});
