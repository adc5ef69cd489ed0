import { ApiError, type IPlan } from '../../api';
import {
  isComplete,
  type ISubmitForm,
  memoryOf,
  optionsOf,
  refusalOf,
  scarce,
  wrongResources
} from '../form';
import { queue } from './jobs';

const QUEUE = queue({
  resources: [
    {
      name: 'memory',
      title: 'memory',
      unit: 'MiB',
      default: 4096,
      least: 1024,
      most: 65536
    },
    {
      name: 'minutes',
      title: 'time',
      unit: 'minutes',
      default: null,
      least: 1,
      most: null
    }
  ],
  values: [{ name: 'project', default: null }]
});
const FORM: ISubmitForm = {
  queue: 'preview',
  rows: '',
  scans: [],
  resources: {},
  values: {}
};

it('asks for nothing that was not typed', () => {
  expect(optionsOf(FORM, QUEUE)).toEqual({
    rows: null,
    resources: {},
    values: {}
  });
});

it('asks for what the queue offers, and leaves out the rest', () => {
  const form = {
    ...FORM,
    rows: ' 60:68 ',
    resources: { memory: '8192', gpus: '2' },
    values: { project: 'abc', other: 'x' }
  };
  expect(optionsOf(form, QUEUE)).toEqual({
    rows: '60:68',
    resources: { memory: 8192 },
    values: { project: 'abc' }
  });
});

it.each([
  ['', []],
  ['1024', []],
  ['1023', ['memory']],
  ['65537', ['memory']],
  ['2048.5', ['memory']],
  ['much', ['memory']]
])('judges %p by the limits', (memory, wrong) => {
  expect(wrongResources({ ...FORM, resources: { memory } }, QUEUE)).toEqual(
    wrong
  );
});

it('is complete with a scan, and without a resource beyond its limits', () => {
  const form = { ...FORM, scans: [{ root: 'jupyter', path: 'scan.nxs' }] };
  expect(isComplete(form, [QUEUE])).toBe(true);
  expect(isComplete(FORM, [QUEUE])).toBe(false);
  expect(isComplete({ ...form, resources: { memory: '1' } }, [QUEUE])).toBe(
    false
  );
});

it('says why it was refused, and where', () => {
  const error = new ApiError('No rows.', 422, 'invalid', null, '/rows');
  expect(refusalOf(error)).toEqual({ message: 'No rows.', place: '/rows' });
  expect(refusalOf(new Error('Odd.'))).toEqual({
    message: 'Odd.',
    place: null
  });
});

describe('a plan', () => {
  const pass = { cut: 'rows' as const, plugins: [], seconds: 60 };
  const plan: IPlan = {
    passes: [
      { ...pass, workers: 4, memory: 2 ** 30 },
      { ...pass, workers: 1, memory: 3 * 2 ** 30 }
    ],
    results: [],
    disk: 0,
    seconds: 120
  };

  it('needs the memory of all processes, or of one where a scheduler counts them', () => {
    expect(memoryOf(plan, QUEUE)).toBe(4 * 2 ** 30);
    expect(memoryOf(plan, { ...QUEUE, schedules: true })).toBe(3 * 2 ** 30);
  });

  it('is held against what is asked for', () => {
    const asked = (resources: ISubmitForm['resources']) =>
      scarce(plan, { ...FORM, resources }, QUEUE);
    expect(asked({})).toEqual([]);
    expect(asked({ memory: '4000', minutes: '1' })).toEqual([
      'memory',
      'minutes'
    ]);
    expect(asked({ memory: '4096', minutes: '2' })).toEqual([]);
  });
});
