import catalogue from '../../../../server-ext/savu_core/catalogue.json';
import {
  kindsOf,
  mayBeNone,
  parseType,
  shapeOfValue,
  shapesOf
} from '../dtypes';

describe('a type', () => {
  it.each([
    ['int', ['single']],
    ['[None,float]', ['none', 'single']],
    ['[list[],list[str]]', ['list']],
    ['[float, str, dict{int:float}]', ['single', 'dict']],
    ['[preview, dict{str: preview},dict{}]', ['preview', 'dict']],
    ['[list[float,float],list[None,None]]', ['list']]
  ])('%s has the shapes %j', (dtype, shapes) => {
    expect([...shapesOf(parseType(dtype)).keys()]).toEqual(shapes);
  });

  it('merges lists of one length, cell by cell', () => {
    const type = shapesOf(
      parseType('[list[[dir,filepath],h5path,float],list[None,None,float]]')
    ).get('list');
    expect(type?.items?.map(({ text }) => text)).toEqual([
      '[dir,filepath,None]',
      '[h5path,None]',
      'float'
    ]);
    expect(kindsOf(type!.items![0])).toEqual(['dir', 'filepath']);
    expect(mayBeNone(type!.items![0])).toBe(true);
    expect(mayBeNone(type!.items![2])).toBe(false);
  });

  it('that is not known is any text', () => {
    expect(parseType('list[').kind).toBe('');
    expect(parseType('').kind).toBe('');
  });

  it('of every parameter of Savu is known', () => {
    const unread = catalogue.plugins
      .flatMap(({ parameters }) => parameters)
      .filter(({ dtype }) => parseType(dtype).kind === '')
      .map(({ dtype }) => dtype);
    expect(unread).toEqual([]);
  });
});

describe('a value', () => {
  it.each([
    ['null', 'none'],
    ['[1]', 'list'],
    ['{"0": 1}', 'dict'],
    ['"[a"', 'single'],
    ['84.0', 'single']
  ])('%s has the shape %s', (value, shape) => {
    expect(shapeOfValue(value, ['none', 'single', 'list', 'dict'])).toBe(shape);
  });

  it('in brackets is a preview where one is expected', () => {
    expect(shapeOfValue('[":"]', ['preview', 'dict'])).toBe('preview');
  });
});
