import { choose } from '../../slices/planes';
import { faultOf } from '../hdf5/faults';
import { Filters } from '../hdf5/filters';
import { FileReader } from '../hdf5/reader';
import { countingDisk, group, h5wasm, made, program } from './hdf5';

const SHAPE = [6, 4, 5];
const COUNT = 6 * 4 * 5;
const VALUES = Float32Array.from({ length: COUNT }, (_, index) => index);

/** The plane of a volume at an index of one axis. */
function across(axis: number, index: number) {
  const shown = [0, 1, 2].filter(other => other !== axis);
  return {
    shown: [shown[0], shown[1]] as const,
    walk: axis,
    at: [0, 0, 0].map((_, other) => (other === axis ? index : 0))
  };
}

/** What the plane should hold: each value is its own index. */
function expected(axis: number, index: number): number[] {
  const [, rows, columns] = SHAPE;
  return [...VALUES].filter(value => {
    const at = [
      Math.floor(value / (rows * columns)),
      Math.floor(value / columns) % rows,
      value % columns
    ];
    return at[axis] === index;
  });
}

describe.each([
  ['in one run', {}],
  ['in chunks', { chunks: [2, 3, 5], compression: 'gzip' as const }]
])('slices of values that lie %s', (_, layout) => {
  const make = () =>
    made(file => {
      file.create_dataset({
        name: 'data',
        data: VALUES,
        shape: SHAPE,
        ...layout
      });
    });

  it('are those of the file on every axis, in any order', async () => {
    const { reader } = await make();
    for (const axis of [2, 0, 1]) {
      for (const index of [3, 0, 2]) {
        const plane = across(axis, index);
        const slice = await reader.slice('/data', plane, {});
        expect([...slice.values]).toEqual(expected(axis, index));
        expect(slice.rows * slice.columns).toBe(slice.values.length);
      }
    }
  });

  it('are cut and thinned out', async () => {
    const { reader } = await make();
    for (const axis of [0, 1]) {
      const slice = await reader.slice('/data', across(axis, 1), {
        region: [1, 9, 0, 4],
        step: 2
      });
      const whole = expected(axis, 1);
      const rows = axis === 0 ? [1, 3] : [1, 3, 5];
      expect([...slice.values]).toEqual(
        rows.flatMap(row => [whole[row * 5], whole[row * 5 + 2]])
      );
      expect(slice).toMatchObject({ top: 1, left: 0, step: 2, columns: 2 });
    }
  });

  it('become bytes between two limits', async () => {
    const { reader } = await make();
    const bytes: [number, number] = [20, 39];
    const slice = await reader.slice('/data', across(0, 1), { bytes });
    expect(slice.scale).toEqual(bytes);
    expect([slice.values[0], slice.values[19]]).toEqual([1, 255]);
  });
});

it('gives figures of a region and values along a line', async () => {
  const { reader } = await made(file => {
    const data = VALUES.slice();
    data[0] = NaN;
    file.create_dataset({ name: 'data', data, shape: SHAPE });
  });
  const plane = across(0, 0);
  const figures = await reader.statistics('/data', plane, [0, 2, 0, 2]);
  expect(figures).toMatchObject({
    count: 3,
    not_finite: 1,
    min: 1,
    max: 6,
    mean: 4
  });
  expect(figures.std).toBeCloseTo(Math.sqrt(14 / 3));
  expect(figures.histogram.reduce((sum, bin) => sum + bin)).toBe(3);
  expect(figures.edges[0]).toBe(1);

  const line = await reader.profile('/data', plane, [0, 0, 3, 4]);
  expect(line.values).toHaveLength(6);
  // Between four pixels, their mean by distance; where there is no number, none.
  expect(line.values[0]).toBeNull();
  expect(line.values[5]).toBe(19);
  expect(line.values[2]).toBeCloseTo(1.2 * 5 + 1.6);
  expect(line.distances[5]).toBeCloseTo(5);
});

it('writes NumPy and TIFF files', async () => {
  const { reader } = await made(file => {
    file.create_dataset({ name: 'data', data: VALUES, shape: SHAPE });
  });
  const npy = await reader.export('/data', ':,1,:', 'npy');
  const header = new TextDecoder().decode(npy.slice(10, 128));
  expect(header).toContain("'descr': '<f4'");
  expect(header).toContain("'shape': (6, 5,)");
  const start = 10 + new DataView(npy).getUint16(8, true);
  expect(start % 64).toBe(0);
  expect([...new Float32Array(npy.slice(start))]).toEqual(expected(1, 1));

  const tiff = new DataView(await reader.export('/data', '2,:,:', 'tiff'));
  const tags = new Map<number, number>();
  for (let entry = 0; entry < tiff.getUint16(8, true); entry++) {
    const at = 10 + 12 * entry;
    tags.set(tiff.getUint16(at, true), tiff.getUint32(at + 8, true));
  }
  expect([tags.get(256), tags.get(257), tags.get(339)]).toEqual([5, 4, 3]);
  const values = new Float32Array(tiff.buffer.slice(tags.get(273)!));
  expect([...values]).toEqual(expected(0, 2));
});

it('describes a scan as the server does', async () => {
  const { reader } = await made(file => {
    const entry = group(group(file, 'entry1'), 'tomo_entry', 'NXentry');
    const data = group(entry, 'data', 'NXdata');
    data.create_dataset({ name: 'data', data: VALUES, shape: SHAPE });
    data.create_dataset({
      name: 'rotation_angle',
      data: Float64Array.of(0, 0, 0, 60, 120, 180)
    });
    data.create_dataset({
      name: 'image_key',
      data: Int32Array.of(2, 1, 0, 0, 0, 0)
    });
  });
  const path = '/entry1/tomo_entry/data/data';
  expect(reader.kind()).toBe('scan');
  expect(reader.volumes()).toEqual([
    { path, title: 'data', shape: SHAPE, dtype: 'f4', kind: 'scan' }
  ]);
  const volume = reader.volume(path);
  expect(volume.first).toEqual([2, 2, 2]);
  expect(volume.patterns.map(({ name }) => name)).toContain('SINOGRAM');
  expect(volume.axes.map(({ name }) => name)).toEqual([
    'rotation_angle',
    'detector_y',
    'detector_x'
  ]);
  expect(volume.axes[0].values).toEqual([0, 0, 0, 60, 120, 180]);
  expect(reader.frames(path)).toEqual({
    angles: [0, 0, 0, 60, 120, 180],
    image_keys: [2, 1, 0, 0, 0, 0]
  });
});

it('tells the frames of a scan as far as the file does', async () => {
  const { reader } = await made(file => {
    const entry = group(file, 'entry', 'NXentry');
    const detector = group(entry, 'detector', 'NXdetector');
    detector.create_dataset({ name: 'data', data: VALUES, shape: SHAPE });
    const sample = group(entry, 'sample');
    sample.create_dataset({
      name: 'rotation_angle',
      data: Float64Array.of(0, 0, 0, 60, NaN, 180)
    });
    const picture = { data: VALUES.slice(0, 20), shape: [4, 5] };
    entry.create_dataset({ name: 'picture', ...picture });
  });
  expect(reader.frames('/entry/detector/data')).toEqual({
    angles: null,
    image_keys: null
  });
  expect(() => reader.frames('/entry/picture')).toThrow('no frames of a scan');
});

it('describes a result with the patterns and axes that Savu wrote', async () => {
  const { reader } = await made(file => {
    const entry = group(file, 'entry', 'NXentry');
    const result = group(entry, 'final_result_tomo', 'NXdata');
    const data = result.create_dataset({
      name: 'data',
      data: VALUES,
      shape: SHAPE
    });
    data.create_attribute('units', 'cm^-1');
    result.create_attribute('signal', 'data');
    result.create_attribute('axes', ['voxel_x', 'voxel_y', 'centre_params']);
    result.create_attribute('voxel_x_indices', 0);
    const x = result.create_dataset({
      name: 'voxel_x',
      data: Float64Array.of(1, 1.5, 2, 2.5, 3, 3.5)
    });
    x.create_attribute('units', 'mm');
    const patterns = group(result, 'patterns');
    const xz = group(patterns, 'VOLUME_XZ');
    xz.create_dataset({ name: 'core_dims', data: Int32Array.of(1, 0) });
    const sinogram = group(patterns, 'SINOGRAM');
    sinogram.create_dataset({ name: 'core_dims', data: Int32Array.of(1, 2) });
    group(entry, 'plugin');
  });
  expect(reader.kind()).toBe('result');
  const [{ path, kind, title }] = reader.volumes();
  expect([path, kind, title]).toEqual([
    '/entry/final_result_tomo/data',
    'result',
    'final_result_tomo'
  ]);
  const volume = reader.volume(path);
  expect(volume.unit).toBe('cm^-1');
  expect(volume.axes[0]).toMatchObject({
    name: 'voxel_x',
    unit: 'mm',
    start: 1,
    step: 0.5
  });
  expect(volume.patterns).toEqual([
    { name: 'VOLUME_XZ', shown: [0, 1] },
    { name: 'SINOGRAM', shown: [1, 2] }
  ]);
  expect(volume.first).toEqual([3, 2, 0]);
});

it('tells a process list from data', async () => {
  const list = await made(file => group(group(file, 'entry'), 'plugin'));
  expect(list.reader.kind()).toBe('list');
  const other = await made(file => group(file, 'things'));
  expect(other.reader.kind()).toBe('other');
  expect(other.reader.volumes()).toEqual([]);
});

it('tells of objects, attributes and values in the form of H5Grove', async () => {
  const { reader } = await made(file => {
    const entry = group(file, 'entry', 'NXentry');
    entry.create_dataset({ name: 'data', data: VALUES, shape: SHAPE });
    entry.create_dataset({ name: 'names', data: ['flat', 'dark'] });
    entry.create_dataset({ name: 'count', data: new BigInt64Array([7n]) });
    entry.create_soft_link('/nowhere', 'lost');
    entry.create_external_link('gone.h5', '/data', 'outside');
  });
  const entry = reader.entity('/entry') as {
    attributes: { name: string }[];
    children: { name: string; kind: string }[];
  };
  expect(entry.attributes.map(({ name }) => name)).toEqual(['NX_class']);
  expect(entry.children.map(({ name, kind }) => [name, kind]).sort()).toEqual([
    ['count', 'dataset'],
    ['data', 'dataset'],
    ['lost', 'soft_link'],
    ['names', 'dataset'],
    ['outside', 'external_link']
  ]);
  expect(reader.entity('/entry/data')).toMatchObject({
    shape: SHAPE,
    type: { class: 1, size: 4, order: 0 }
  });
  expect(reader.attributes('/entry')).toEqual({ NX_class: 'NXentry' });
  expect(reader.paths('/entry')).toContain('/entry/data');
  expect(await reader.values('/entry/names', null, false)).toEqual([
    'flat',
    'dark'
  ]);
  expect(await reader.values('/entry/count', '0', false)).toBe(7);
  expect(await reader.values('/entry/data', '1,2:4,::2', false)).toEqual([
    [30, 32, 34],
    [35, 37, 39]
  ]);
  const bytes = await reader.bytes('/entry/data', '5,3,:');
  expect([...new Float32Array(bytes)]).toEqual([115, 116, 117, 118, 119]);
});

it('fetches what decodes compressed values, and names what is not known', async () => {
  const hdf5 = await h5wasm.ready;
  hdf5.activate_throwing_error_handler();
  const fetched: string[] = [];
  const filters = new Filters(hdf5, name => {
    fetched.push(name);
    return program(name);
  });
  // Writing needs the same program.
  hdf5.FS.mkdirTree(hdf5.get_plugin_search_paths()[0]);
  hdf5.FS.writeFile(
    `${hdf5.get_plugin_search_paths()[0]}/libH5Zbshuf.so`,
    new Uint8Array(await program('bshuf'))
  );
  const file = new h5wasm.File('compressed.h5', 'w');
  file.create_dataset({
    name: 'data',
    data: VALUES,
    shape: SHAPE,
    chunks: [2, 4, 5],
    compression: 32008,
    compression_opts: [0, 2]
  });
  file.flush();
  const reader = new FileReader(hdf5, file, filters, countingDisk(hdf5));
  for (const index of [0, 5]) {
    const { values } = await reader.slice('/data', across(0, index), {});
    expect([...values]).toEqual(expected(0, index));
  }
  expect(fetched).toEqual(['bshuf']);

  const unknown = {
    filters: [{ id: 32013, name: 'H5Z-ZFP', cd_values: [] }]
  } as unknown as Parameters<Filters['prepare']>[1];
  await expect(filters.prepare(file, unknown)).rejects.toMatchObject({
    reason: 'filter',
    message: 'H5Z-ZFP (32013)'
  });
});

it('refuses what is not there, in words', async () => {
  const { reader } = await made(file => {
    file.create_dataset({ name: 'data', data: VALUES, shape: SHAPE });
    file.create_dataset({ name: 'text', data: ['a'] });
  });
  expect(() => reader.volume('/none')).toThrow('holds no pictures');
  expect(() => reader.volume('/text')).toThrow('holds no pictures');
  const plane = choose(reader.volume('/data'), {
    name: '',
    label: '',
    shown: [1, 2],
    walk: 0
  });
  await expect(
    reader.slice('/data', { ...plane, at: [99, 0, 0] }, {})
  ).rejects.toThrow('no such slice');
  await expect(reader.values('/data', '9,:', false)).rejects.toThrow(
    'outside 0 to 5'
  );
  expect(() => reader.entity('/none')).toThrow('There is no /none.');
});

it('names the first cause of what HDF5 says', async () => {
  const hdf5 = await h5wasm.ready;
  hdf5.activate_throwing_error_handler();
  hdf5.FS.writeFile('text.nxs', 'not HDF5');
  let error: unknown;
  try {
    new h5wasm.File('text.nxs', 'r');
  } catch (caught) {
    error = caught;
  }
  expect(faultOf(error)).toEqual({
    reason: 'damaged',
    message: expect.stringContaining('signature')
  });
  expect(faultOf(new DOMException('gone', 'NotReadableError')).reason).toBe(
    'changed'
  );
  expect(faultOf(new RangeError('Array buffer allocation failed'))).toEqual({
    reason: 'memory',
    message: 'Array buffer allocation failed'
  });
});
