import { nullTranslator } from '@jupyterlab/translation';

import type { IVolumeItem } from '../../../api';
import { datasetsOf, stages, successor } from '../datasets';
import { planeLike } from '../following';
import { SliceModel } from '../model';
import { choices, choose, nearestIndex, planeText } from '../planes';
import { HeldSource, settled, volume } from './volumes';

const trans = nullTranslator.load('jupyterlab_savu');

function item(
  kind: IVolumeItem['kind'],
  path: string,
  step: [number, string] | null = null,
  file?: string
): IVolumeItem {
  const [number, plugin] = step ?? [0, ''];
  return {
    kind,
    path,
    title: path,
    shape: [4, 5, 6],
    dtype: 'f4',
    file,
    step: step && { number, plugin, dataset: 'tomo' }
  };
}

const RESULT = item('result', '/final', [3, 'AstraReconCpu']);
const RAW = item('scan', '/raw');
const FIRST = item('intermediate', '/first', [1, 'DarkFlatFieldCorrection']);
const SECOND = item('intermediate', '/second', [2, 'RingRemovalSorting']);
const GROWING = item('unfinished', '/growing', [3, 'AstraReconCpu'], 'p3.h5');

describe('the datasets of a run', () => {
  const source = new HeldSource(volume([4, 5, 6]));

  it('are offered from the scan to the result, by plugin', () => {
    const found = datasetsOf([RESULT, RAW, SECOND, FIRST], source, trans);
    expect(found.map(({ label }) => label)).toEqual([
      'Raw',
      '1 DarkFlatFieldCorrection',
      '2 RingRemovalSorting',
      '3 AstraReconCpu: result'
    ]);
    expect(stages(found)?.map(({ path }) => path)).toEqual([
      '/raw',
      '/second',
      '/final'
    ]);
  });

  it('are what they were once they are linked', () => {
    const found = datasetsOf([RESULT, RAW], source, trans);
    expect(successor(found, GROWING)?.path).toBe('/final');
  });

  it('leave other files as they are', () => {
    const found = datasetsOf([item('other', '/b'), RAW], source, trans);
    expect(found.map(({ label }) => label)).toEqual(['/b', 'Projections']);
    expect(stages(found)).toBeNull();
  });
});

describe('following from a scan to a result', () => {
  const scan = volume(
    [90, 128, 30],
    ['rotation_angle', 'detector_y', 'detector_x'],
    [
      { name: 'SINOGRAM', shown: [0, 2] },
      { name: 'PROJECTION', shown: [1, 2] }
    ]
  );
  scan.loaded = [
    { start: 5, step: 1 },
    { start: 60, step: 2 },
    { start: 0, step: 1 }
  ];
  const result = volume(
    [30, 8, 30],
    ['voxel_x', 'voxel_y', 'voxel_z'],
    [{ name: 'VOLUME_XZ', shown: [0, 2] }]
  );
  const looked = (one: typeof scan, name: string, at: number[]) => {
    const all = choices(one, trans);
    const choice = all.find(option => option.name === name)!;
    return {
      volume: one,
      choices: all,
      choice,
      plane: choose(one, choice, at)
    };
  };

  it('shows the row that was loaded, there and back', () => {
    const sinogram = looked(scan, 'SINOGRAM', [0, 66, 0]);
    const picture = looked(result, 'VOLUME_XZ', [0, 0, 0]);
    expect(planeText(planeLike(picture, sinogram))).toBe(':,3,:');
    const third = looked(result, 'VOLUME_XZ', [0, 3, 0]);
    expect(planeText(planeLike(sinogram, third))).toBe(':,66,:');
  });

  it('stays inside, and where it is when there is nothing alike', () => {
    const beyond = looked(scan, 'SINOGRAM', [0, 120, 0]);
    const picture = looked(result, 'VOLUME_XZ', [0, 2, 0]);
    expect(planeText(planeLike(picture, beyond))).toBe(':,7,:');
    const projection = looked(scan, 'PROJECTION', [40, 0, 0]);
    expect(planeLike(picture, projection)).toBe(picture.plane);
  });
});

describe('a volume that grows', () => {
  const growth = (version: string, written: number) => ({
    version,
    written,
    of: 20,
    axis: 1
  });
  const rows = volume(
    [30, 20, 30],
    [null, null, null],
    [{ name: 'VOLUME_XZ', shown: [0, 2] }]
  );

  function start() {
    const source = new HeldSource(rows);
    const model = new SliceModel(source, rows, choices(rows, trans));
    model.start();
    return { source, model };
  }

  it('reads a slice again only when it was not complete', async () => {
    const { source, model } = start();
    await source.answer();
    model.grew(growth('a', 12));
    model.grew(growth('b', 16));
    await settled();
    expect(source.asked).toHaveLength(1);
    expect(model.growth?.written).toBe(16);
  });

  it('shows what was missing as soon as it is there, in the same contrast', async () => {
    const { source, model } = start();
    source.missing = [[0, 30, 0, 30]];
    await source.answer();
    expect(model.histogram).toBeNull();
    model.grew(growth('a', 0));
    model.grew(growth('a', 0));
    expect(source.asked).toHaveLength(1);
    source.missing = [[0, 30, 0, 10]];
    model.grew(growth('b', 10));
    await source.answer();
    const { low, high } = model.colours;
    model.fitContrast(true);
    source.missing = [];
    model.grew(growth('c', 20));
    await source.answer();
    expect(model.slice?.missing).toEqual([]);
    expect(model.colours).toMatchObject({ low, high });
  });

  it('is not kept as it was when an answer comes late', async () => {
    const { source, model } = start();
    model.grew(growth('a', 0));
    source.missing = [[0, 30, 0, 30]];
    model.grew(growth('b', 20));
    await source.answer();
    source.missing = [];
    await source.answer();
    expect(source.asked).toHaveLength(2);
    expect(model.slice?.missing).toEqual([]);
  });
});

describe('values that were tried', () => {
  const tuned = volume([4, 4, 3], [null, null, 'ratio_params']);

  it('are found by the nearest number, or the beginning of a word', () => {
    Object.assign(tuned.axes[2], { values: [80, 84.5, 99] });
    expect(nearestIndex(tuned, 2, '85')).toBe(1);
    expect(nearestIndex(tuned, 2, ' 1e3 px')).toBe(2);
    expect(nearestIndex(tuned, 2, 'none')).toBeNull();
    Object.assign(tuned.axes[2], { texts: ['FBP', 'SIRT', 'CGLS'] });
    expect(nearestIndex(tuned, 2, 'cg')).toBe(2);
    expect(nearestIndex(tuned, 2, '')).toBeNull();
  });
});
