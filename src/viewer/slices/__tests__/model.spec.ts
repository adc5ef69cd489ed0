import { nullTranslator } from '@jupyterlab/translation';

import { SliceModel } from '../model';
import {
  axisValue,
  choices,
  choose,
  moved,
  parsePlane,
  planeText
} from '../planes';
import { HeldSource, settled, volume } from './volumes';

const trans = nullTranslator.load('jupyterlab_savu');

const SCAN = volume(
  [90, 20, 30],
  ['rotation_angle', 'detector_y', 'detector_x'],
  [
    { name: 'PROJECTION', shown: [1, 2] },
    { name: 'SINOGRAM', shown: [0, 2] },
    { name: 'TANGENTOGRAM', shown: [0, 1] }
  ]
);
const TUNED = volume(
  [30, 20, 30, 5],
  ['voxel_x', 'voxel_y', 'voxel_z', 'centre_of_rotation_params'],
  [{ name: 'VOLUME_XZ', shown: [0, 2] }]
);

describe('planes', () => {
  it('begin with the most telling pattern', () => {
    const all = choices(SCAN, trans);
    expect(all.map(({ label }) => label)).toEqual([
      'Projection',
      'Sinogram',
      'Tangentogram'
    ]);
    expect(planeText(choose(SCAN, all[0]))).toBe('45,:,:');
    expect(all[1].walk).toBe(1);
  });

  it('walk through slices before they walk through tuned values', () => {
    const [first, ...others] = choices(TUNED, trans);
    expect([first.name, first.walk]).toEqual(['VOLUME_XZ', 1]);
    expect(others.map(({ name }) => name)).toContain(
      'voxel x × centre of rotation'
    );
  });

  it('without patterns are the last two axes of a stack', () => {
    const [first] = choices(volume([7, 8, 9]), trans);
    expect([first.shown, first.walk]).toEqual([[1, 2], 0]);
    const [flat] = choices(volume([8, 9]), trans);
    expect([flat.shown, flat.walk]).toEqual([[0, 1], null]);
  });

  it('stay inside the dataset', () => {
    const plane = choose(SCAN, choices(SCAN, trans)[0]);
    expect(moved(SCAN, plane, 0, 999).at[0]).toBe(89);
    expect(moved(SCAN, plane, 0, -4).at[0]).toBe(0);
  });

  it('are found again by their text, and only if they are there', () => {
    const all = choices(SCAN, trans);
    const plane = parsePlane(SCAN, all, ':,7,:')!;
    expect(planeText(plane)).toBe(':,7,:');
    expect(plane.walk).toBe(1);
    for (const text of [':,:', '1,2,:', ':,x,:', '', ':,7,:,:']) {
      expect(parsePlane(SCAN, all, text)).toBeNull();
    }
  });

  it('tell positions in units, but not the names of types', () => {
    const angles = volume([90, 20, 30]);
    Object.assign(angles.axes[0], { start: 0, step: 2, unit: 'degrees' });
    Object.assign(angles.axes[1], { values: [80.5, 82], unit: 'float' });
    expect(axisValue(angles, 0, 45)).toBe('90 °');
    expect(axisValue(angles, 1, 1)).toBe('82');
    expect(axisValue(angles, 2, 1)).toBeNull();
  });
});

function start() {
  const source = new HeldSource(SCAN);
  const model = new SliceModel(source, SCAN, choices(SCAN, trans));
  model.start();
  return { source, model };
}

describe('moving through slices', () => {
  it('reads only the newest wish while a picture is under way', async () => {
    const { source, model } = start();
    model.move(0, 50);
    model.move(0, 60);
    model.move(0, 70);
    expect(source.asked.map(({ plane }) => plane)).toEqual(['45,:,:']);
    await source.answer();
    expect(source.asked.map(({ plane }) => plane)).toEqual([
      '45,:,:',
      '70,:,:'
    ]);
    await source.answer();
    expect(model.slice?.values[0]).toBe(70);
    expect(model.drawnPlane?.at[0]).toBe(70);
  });

  it('shows late pictures of a fast movement, but none that is older than what is shown', async () => {
    const { source, model } = start();
    await source.answer();
    model.move(0, 50);
    model.move(0, 60);
    await source.answer();
    expect(model.drawnPlane?.at[0]).toBe(50);
    // The first picture is there already.
    model.move(0, 45);
    expect(model.drawnPlane?.at[0]).toBe(45);
    await source.answer();
    expect(model.drawnPlane?.at[0]).toBe(45);
    model.move(0, 60);
    expect(model.drawnPlane?.at[0]).toBe(60);
  });

  it('lets what is fetched ahead make room for a wish, without a word', async () => {
    const { source, model } = start();
    await source.answer();
    model.walk(1);
    await source.answer();
    expect(source.waiting).toEqual(['47,:,:']);
    model.move(0, 20);
    await settled();
    expect(source.waiting).toEqual(['20,:,:']);
    await source.answer();
    expect(model.trouble).toBeNull();
    expect(model.drawnPlane?.at[0]).toBe(20);
    // What is fetched ahead and comes to be wished is not asked for again.
    expect(source.waiting).toEqual(['19,:,:']);
    model.walk(-1);
    expect(source.waiting).toEqual(['19,:,:']);
    await source.answer();
    expect(model.drawnPlane?.at[0]).toBe(19);
  });

  it('does not tell that a picture failed which nobody looks at', async () => {
    const { source, model } = start();
    await source.answer();
    model.walk(1);
    await source.answer();
    await source.fail();
    expect(source.waiting).toEqual([]);
    expect(model.trouble).toBeNull();
  });

  it('fetches ahead in the direction of the walk, and shows it without asking', async () => {
    const { source, model } = start();
    await source.answer();
    model.walk(1);
    await source.answer();
    expect(source.asked.map(({ plane }) => plane).slice(1)).toEqual([
      '46,:,:',
      '47,:,:'
    ]);
    await source.answer();
    expect(model.slice?.values[0]).toBe(46);
    model.walk(1);
    expect(model.slice?.values[0]).toBe(47);
  });

  it('goes on after a failure, and says that there was one', async () => {
    const { source, model } = start();
    await source.fail();
    expect(model.trouble).toEqual(new Error('no answer'));
    model.walk(1);
    await settled();
    await source.answer();
    expect(model.trouble).toBeNull();
    expect(model.slice?.values[0]).toBe(46);
  });

  it('keeps the contrast from slice to slice unless each has its own', async () => {
    const { source, model } = start();
    await source.answer();
    const { low, high } = model.colours;
    expect(low).toBe(45);
    model.walk(1);
    await source.answer();
    expect(model.colours).toMatchObject({ low, high });
    model.fitContrast(true);
    expect(model.colours.low).toBe(46);
    model.setColours({ low: 3 });
    expect(model.isAutomatic).toBe(false);
  });

  it('changes the axes and forgets what was drawn on the others', async () => {
    const { source, model } = start();
    await source.answer();
    model.region = [1, 2, 3, 4];
    model.choosePlane(model.choices[1]);
    expect(model.region).toBeNull();
    expect(planeText(model.plane)).toBe(':,10,:');
    await source.answer();
    expect(model.slice?.rows).toBe(90);
  });

  it('follows another view to its slice, its colours and its part', async () => {
    const one = start();
    const other = start();
    await one.source.answer();
    await other.source.answer();
    one.model.move(0, 12);
    one.model.setColours({ map: 'Viridis', low: 45, high: 46 });
    one.model.setCamera({ zoom: 3, x: 0.2, y: 0.2 });
    other.model.follow(one.model);
    expect(other.model.plane.at[0]).toBe(12);
    expect(other.model.colours).toMatchObject({ map: 'Viridis' });
    expect(other.model.camera.zoom).toBe(3);
  });

  it('has the contrast of another view only where it shows something', async () => {
    const one = start();
    const other = start();
    await one.source.answer();
    await other.source.answer();
    one.model.setColours({ low: 45.0002, high: 45.001 });
    other.model.follow(one.model);
    expect(other.model.colours.low).toBe(45.0002);
    one.model.setColours({ low: 1000, high: 2000 });
    other.model.follow(one.model);
    expect(other.model.colours.low).toBe(45.0002);
  });
});

describe('coming to rest', () => {
  const large = volume([9, 800, 800]);

  function start() {
    const source = new HeldSource(large);
    const model = new SliceModel(source, large, choices(large, trans));
    model.start();
    return { source, model };
  }

  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('reads the values themselves, and then on in the direction of the walk', async () => {
    const { source, model } = start();
    await source.answer();
    model.walk(1);
    await source.answer();
    expect(model.slice?.scale).not.toBeNull();
    jest.advanceTimersByTime(1000);
    await source.answer();
    await source.answer();
    const asked = source.asked.map(
      ({ plane, options }) => plane + (options.bytes ? ' bytes' : '')
    );
    expect(asked).toEqual([
      '4,:,:',
      '5,:,: bytes',
      '6,:,: bytes',
      '5,:,:',
      '7,:,: bytes'
    ]);
  });

  it('stops reading values of a slice that one has left', async () => {
    const { source, model } = start();
    await source.answer();
    model.move(0, 2);
    await source.answer();
    jest.advanceTimersByTime(1000);
    await source.answer();
    expect(source.waiting).toEqual(['2,:,:']);
    expect(source.asked.at(-1)?.options.bytes).toBeUndefined();
    model.move(0, 7);
    await settled();
    expect(source.waiting).toEqual(['7,:,:']);
    expect(model.trouble).toBeNull();
  });
});

describe('large planes', () => {
  it('are read coarsely first, then sharply where one looks', async () => {
    const large = volume([4, 8000, 8000]);
    const source = new HeldSource(large);
    const model = new SliceModel(source, large, choices(large, trans));
    model.start();
    expect(source.asked[0].options.step).toBe(4);
    await source.answer();
    const seen = model.sharpen([1000, 1800, 2000, 2800]);
    expect(source.asked[1].options).toEqual({
      region: [1000, 1800, 2000, 2800],
      step: 1
    });
    await source.answer();
    await seen;
    expect(model.detail?.top).toBe(1000);
    await model.sharpen([1100, 1200, 2100, 2200]);
    expect(source.asked).toHaveLength(2);
  });
});
