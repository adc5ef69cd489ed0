import type { Dataset, Group } from 'h5wasm';

import type { ISlice } from '../../slices/values';
import { group, made } from './hdf5';

const SHAPE = [6, 8, 10];
const COUNT = 6 * 8 * 10;
/** Nowhere 0, which is what HDF5 makes up. */
const VALUES = Float32Array.from({ length: COUNT }, (_, index) => index + 1);

/** The plane of a volume at an index of one axis. */
function across(axis: number, index: number) {
  const shown = [0, 1, 2].filter(other => other !== axis);
  return {
    shown: [shown[0], shown[1]] as const,
    walk: axis,
    at: [0, 0, 0].map((_, other) => (other === axis ? index : 0))
  };
}

function marked(parent: Group, written: number[], axis: number): void {
  const data = Uint8Array.from(written);
  const marks = parent.create_dataset({ name: 'written', data });
  marks.create_attribute('axis', axis, null, '<i8');
}

describe('of a dataset that an engine marks', () => {
  const make = () =>
    made(file => {
      const run = group(file, 'run');
      run.create_dataset({ name: 'data', data: VALUES, shape: SHAPE });
      marked(run, [0, 0, 1, 1, 0, 1, 1, 0], 1);
    });

  it('what was not reached is told, in every plane', async () => {
    const { reader } = await make();
    const missing = async (axis: number, index: number) =>
      (await reader.slice('/run/data', across(axis, index), {})).missing;
    expect(await missing(1, 0)).toEqual([[0, 6, 0, 10]]);
    expect(await missing(1, 2)).toEqual([]);
    expect(await missing(0, 3)).toEqual([
      [0, 2, 0, 10],
      [4, 5, 0, 10],
      [7, 8, 0, 10]
    ]);
    expect(await missing(2, 3)).toEqual([
      [0, 6, 0, 2],
      [0, 6, 4, 5],
      [0, 6, 7, 8]
    ]);
    expect(await reader.growth('/run/data')).toMatchObject({
      written: 4,
      of: 8,
      axis: 1
    });
  });

  it('it is in no figure and no profile', async () => {
    const { reader } = await make();
    const plane = across(0, 0);
    const figures = await reader.statistics('/run/data', plane, null);
    expect(figures).toMatchObject({ count: 40, min: 21, not_finite: 0 });
    const part = await reader.statistics('/run/data', plane, [0, 3, 0, 10]);
    expect(part).toMatchObject({ count: 10, min: 21, max: 30 });
    const { values } = await reader.profile('/run/data', plane, [0, 0, 7, 0]);
    expect(values.map(value => value !== null)).toEqual([
      ...[false, false, true, true],
      ...[false, true, true, false]
    ]);
  });

  it('other datasets of that name are no marks', async () => {
    const { reader } = await made(file => {
      for (const [name, axis] of [
        ['short', 1],
        ['none', 3]
      ] as const) {
        const run = group(file, name);
        run.create_dataset({ name: 'data', data: VALUES, shape: SHAPE });
        marked(run, [0, 0, 0], axis);
      }
    });
    for (const name of ['short', 'none']) {
      const path = `/${name}/data`;
      const { missing } = await reader.slice(path, across(0, 0), {});
      expect(missing).toEqual([]);
      expect((await reader.growth(path)).written).toBeNull();
    }
  });
});

describe.each([
  ['compressed', 'gzip' as const],
  ['plain', undefined]
])('of a dataset in %s chunks', (_, compression) => {
  /** Its first rows and columns; the file has 5 × 8 × 20 values when all is written. */
  const make = (data = VALUES) =>
    made(file => {
      const growing = file.create_dataset({
        name: 'data',
        data,
        shape: SHAPE,
        maxshape: [null, null, null],
        chunks: [1, 3, 5],
        compression
      });
      growing.resize([9, 8, 20]);
    });
  const read = async (
    { reader }: Awaited<ReturnType<typeof make>>,
    axis: number,
    index: number,
    options = {}
  ): Promise<ISlice> => reader.slice('/data', across(axis, index), options);

  it('what is not there is told, in every plane', async () => {
    const file = await make();
    for (let time = 0; time < 2; time++) {
      expect((await read(file, 0, 2)).missing).toEqual([[0, 8, 10, 20]]);
      expect((await read(file, 0, 7)).missing).toEqual([[0, 8, 0, 20]]);
      expect((await read(file, 1, 4)).missing).toEqual([
        [0, 6, 10, 20],
        [6, 9, 0, 20]
      ]);
      expect((await read(file, 2, 4)).missing).toEqual([[6, 9, 0, 8]]);
    }
    const { count } = await file.reader.statistics('/data', across(0, 2), null);
    expect(count).toBe(80);
    expect((await file.reader.growth('/data')).written).toBeNull();
  });

  it('written zeros are not taken for it', async () => {
    const file = await make(new Float32Array(COUNT));
    expect((await read(file, 0, 2)).missing).toEqual([[0, 8, 10, 20]]);
    expect((await read(file, 1, 4)).missing).toEqual([
      [0, 6, 10, 20],
      [6, 9, 0, 20]
    ]);
  });

  it('is found where many zeros come before it', async () => {
    const { reader } = await made(file => {
      const growing = file.create_dataset({
        name: 'data',
        data: new Float32Array(40 * 2),
        shape: [40, 1, 2],
        maxshape: [null, 1, 2],
        chunks: [1, 1, 2],
        compression
      });
      growing.resize([60, 1, 2]);
    });
    for (let time = 0; time < 4; time++) {
      const { missing } = await reader.slice('/data', across(1, 0), {});
      expect(missing).toEqual([[40, 60, 0, 2]]);
    }
  });

  it('it is told of a part, and of every few values', async () => {
    const file = await make();
    const part = await read(file, 0, 2, { region: [0, 2, 7, 12] });
    expect(part.missing).toEqual([[0, 3, 10, 15]]);
    // Some chunks have none of the values.
    const thin = await read(file, 1, 4, { step: 7 });
    expect(thin.missing).toEqual([
      [0, 6, 10, 20],
      [6, 9, 0, 20]
    ]);
  });
});

it('follows links to where the data and its marks are', async () => {
  const data = { data: VALUES, shape: SHAPE };
  await made(part => {
    group(part, 'run').create_dataset({ name: 'data', ...data });
    marked(part.get('run') as Group, [1, 1, 1, 1, 1, 0], 0);
    const growing = part.create_dataset({
      name: 'growing',
      ...data,
      maxshape: [null, null, null],
      chunks: [1, 8, 10]
    }) as Dataset;
    growing.resize([7, 8, 10]);
  }, 'part.h5');
  const { reader } = await made(file => {
    const entry = group(file, 'entry');
    entry.create_external_link('part.h5', '/run/data', 'data');
    entry.create_external_link('part.h5', '/run', 'run');
    entry.create_external_link('part.h5', '/growing', 'growing');
    entry.create_external_link('gone.h5', '/data', 'gone');
  });
  const missing = async (path: string, index: number) =>
    (await reader.slice(path, across(0, index), {})).missing;
  const all = [[0, 8, 0, 10]];
  expect(await missing('/entry/data', 5)).toEqual(all);
  expect(await missing('/entry/data', 4)).toEqual([]);
  expect(await missing('/entry/run/data', 5)).toEqual(all);
  expect(await missing('/entry/growing', 6)).toEqual(all);
  expect(await missing('/entry/growing', 5)).toEqual([]);
  await expect(missing('/entry/gone', 0)).rejects.toThrow('no dataset');
});
