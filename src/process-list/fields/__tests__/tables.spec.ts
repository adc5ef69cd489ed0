import {
  entriesOf,
  itemsOf,
  toDict,
  toList,
  withItem,
  withItemMoved
} from '../json-items';

describe('a list', () => {
  it.each([
    ['[]', []],
    ['[1.0, 84.50]', ['1.0', '84.50']],
    [
      '["a, b", null, [1, [2, 3]], {"k": ","}]',
      ['"a, b"', 'null', '[1, [2, 3]]', '{"k": ","}']
    ],
    ['["\\"]\\\\", 1e-3]', ['"\\"]\\\\"', '1e-3']]
  ])('%s is taken apart as it is spelled, and put together', (json, items) => {
    expect(itemsOf(json)).toEqual(items);
    expect(JSON.parse(toList(items))).toEqual(JSON.parse(json));
  });

  it.each(['', '1', '"[1]"', '[1,', '{"a": 1}'])('is not %j', json => {
    expect(itemsOf(json)).toBeNull();
  });

  it('is changed at one place', () => {
    expect(withItem(['a', 'b'], 1, 'c')).toEqual(['a', 'c']);
    expect(withItemMoved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a']);
    expect(withItemMoved(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b']);
  });
});

describe('a dictionary', () => {
  it('keeps its order and the spelling of its values', () => {
    const entries = entriesOf('{"10": 84.50, "a:\\"b": [1, {"c": 2}]}');
    expect(entries).toEqual([
      ['10', '84.50'],
      ['a:"b', '[1, {"c": 2}]']
    ]);
    expect(toDict(entries!)).toBe('{"10": 84.50, "a:\\"b": [1, {"c": 2}]}');
    expect(entriesOf('{}')).toEqual([]);
    expect(entriesOf('[1]')).toBeNull();
  });
});
