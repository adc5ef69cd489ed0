import { type ISubmitForm, optionsOf, wrongResources } from '../form';
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
