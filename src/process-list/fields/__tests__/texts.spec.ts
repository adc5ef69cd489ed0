import type { IPlugin } from '../../../api';
import { namesBefore } from '../dataset-names';
import { lead, visibleRows } from '../hdf5-rows';
import { filledMarks, marked, markOf, marksOf, toMark } from '../marks';
import {
  entryOf,
  partsOf,
  previewEntries,
  previewOf,
  withPart
} from '../preview-entries';
import { product, rangeOf, rangeText, valuesText } from '../tunings';

const plugin = (
  name: string,
  parameters: Record<string, string> = {},
  active = true
): IPlugin => ({ position: '1', name, id: '', active, parameters });

describe('an entry of a preview', () => {
  it.each([':', 'mid', '5:15', 'mid-2:mid+3', 'start:end:2', '0:10:1:3'])(
    '%s is taken apart and put together',
    entry => expect(entryOf(partsOf(entry))).toBe(entry)
  );

  it('is written so that it loads when a part is set', () => {
    expect(withPart(':', 'step', '2')).toBe('start:end:2');
    expect(withPart(':', 'start', 'mid-1')).toBe('mid-1');
    expect(withPart('4', 'stop', '8')).toBe('4:8');
    expect(withPart(':', 'chunk', '3')).toBe('start:end:1:3');
    expect(withPart('4:8', 'stop', '')).toBe('4');
    expect(withPart('5:', 'step', '2')).toBe('5:end:2');
  });

  it('belongs to a preview, which is empty when all is taken', () => {
    expect(previewOf([':', ':'])).toBe('[]');
    expect(previewOf([':', '1:2'])).toBe('[":", "1:2"]');
    expect(previewEntries('[":", 5]')).toEqual([':', '5']);
    expect(previewEntries('{"a": []}')).toBeNull();
    expect(previewEntries('"x;"')).toBeNull();
  });
});

describe('a tuning', () => {
  it('is a range or a row of values', () => {
    expect(rangeText({ start: ' 80', stop: '90', step: '' })).toBe('80:90:1;');
    expect(rangeOf('80:90:2;')).toEqual({ start: '80', stop: '90', step: '2' });
    expect(rangeOf('80:90')).toEqual({ start: '80', stop: '90', step: '1' });
    expect(rangeOf('80;84')).toBeNull();
    expect(rangeOf('1:2:3;5')).toBeNull();
  });

  it('is typed with any divider', () => {
    expect(valuesText('80, 84;88;')).toBe('80;84;88');
    expect(valuesText('84')).toBe('84;');
    expect(valuesText('[1, 2]; [3, 4]')).toBe('[1, 2];[3, 4]');
    expect(valuesText(' ')).toBe('');
  });

  it('multiplies with others', () => {
    expect(product([7, 3])).toBe(21);
    expect(product([])).toBe(1);
  });
});

describe('a mark', () => {
  it('is a text around a default', () => {
    expect(markOf('"<84.5>"')).toEqual({ text: '84.5', everywhere: false });
    expect(markOf('"global<>"')).toEqual({ text: '', everywhere: true });
    expect(markOf('"a<5>"')).toBeNull();
    expect(markOf('84.5')).toBeNull();
    expect(marked('[1, null]', 'list', false)).toBe('"<[1, None]>"');
    expect(toMark({ text: 'tomo', everywhere: true })).toBe('"global<tomo>"');
  });

  it('alone is filled in', () => {
    const plugins = [
      plugin('A', { size: '3', kind: '"<x>"' }),
      plugin('B', { size: '4' })
    ];
    const filled = [
      plugin('A', { size: '3.0', kind: '"y"' }),
      plugin('B', { size: '9' })
    ];
    expect(marksOf(plugins)).toEqual([{ plugin: 0, parameter: 'kind' }]);
    expect(filledMarks(plugins, filled)).toEqual(
      new Map([[0, { size: '3', kind: '"y"' }]])
    );
  });
});

describe('the names of data sets', () => {
  it('are those that the plugins before make', () => {
    const plugins = [
      plugin('NxtomoLoader', { name: '"raw"' }),
      plugin('MmLoader', { dataset_names: '["fluo", "xrd"]' }),
      plugin('TomoPhantomLoader'),
      plugin('Filter', { out_datasets: '["clean"]' }),
      plugin('Filter', { out_datasets: '["off"]' }, false)
    ];
    expect(namesBefore(plugins, 5)).toEqual([
      'raw',
      'fluo',
      'xrd',
      'tomo',
      'clean'
    ]);
    expect(namesBefore(plugins, 1)).toEqual(['raw']);
    expect(namesBefore(plugins, 0)).toEqual([]);
  });
});

describe('the tree of a file', () => {
  const dataset = {
    name: 'data',
    kind: 'dataset',
    shape: [2, 3],
    type: { dtype: '<u2' }
  };
  const objects = new Map([
    [
      '/',
      {
        name: '',
        kind: 'group',
        children: [
          { name: 'entry', kind: 'group' },
          { name: 'lost', kind: 'external_link' }
        ]
      }
    ],
    ['/entry', { name: 'entry', kind: 'group', children: [dataset] }]
  ]);

  it('shows what is open, with shapes and types', () => {
    const rows = visibleRows(objects, new Set(['/', '/entry']));
    expect(rows.map(({ path, level, about }) => [path, level, about])).toEqual([
      ['/entry', 1, ''],
      ['/entry/data', 2, '2 × 3  uint16'],
      ['/lost', 1, 'external link']
    ]);
    expect(visibleRows(objects, new Set(['/']))).toHaveLength(2);
  });

  it('leads to a path', () => {
    expect(lead('entry/data/data')).toEqual(['/', '/entry', '/entry/data']);
    expect(lead('')).toEqual(['/']);
  });
});
