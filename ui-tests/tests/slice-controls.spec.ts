/** Controls of the slice view: what they draw and save is compared with the data. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

import * as d3 from 'd3-scale-chromatic';

import { tool } from '../../scripts/lib/paths.mjs';
import { grow, reconstructed, SHAPE } from '../helpers/growing';
import { expect, type Lab, test } from '../helpers/lab';
import { pictureAfter } from '../helpers/python';
import {
  brightness,
  correlation,
  fitted,
  type Image,
  pixels,
  shrink
} from '../helpers/picture';
import { decoded, type IPixels } from '../helpers/png';
import { DATA, Slices } from '../helpers/slices';

const CELLS = 48;

/** What is offered beside greys. */
const COLOUR_MAPS = {
  Viridis: d3.interpolateViridis,
  Cividis: d3.interpolateCividis,
  Inferno: d3.interpolateInferno,
  Magma: d3.interpolateMagma,
  Plasma: d3.interpolatePlasma,
  Turbo: d3.interpolateTurbo,
  'Blue–red': (fraction: number) => d3.interpolateRdBu(1 - fraction)
};

async function open(lab: Lab, file: string): Promise<Slices> {
  await lab.view(file);
  const slices = new Slices(lab, lab.page);
  await expect(slices.canvas).toBeVisible();
  await expect(slices.canvas).toHaveAttribute('data-plane', /\d/);
  return slices;
}

/** What an entry of the menu saves. */
async function saved(lab: Lab, entry: string): Promise<string> {
  const download = lab.page.waitForEvent('download');
  await new Slices(lab, lab.page).save(entry);
  return (await download).path();
}

async function picture(lab: Lab): Promise<IPixels> {
  return decoded(readFileSync(await saved(lab, 'Save Picture (PNG)')));
}

async function limits(lab: Lab): Promise<[number, number]> {
  const field = (name: string) =>
    lab.page.getByRole('textbox', { name }).inputValue();
  return [
    Number(await field('Darkest value')),
    Number(await field('Brightest value'))
  ];
}

/** How far the greys of a picture are from those of the values, in the worst pixel. */
function worst(
  { data }: IPixels,
  values: Image,
  fraction: (value: number) => number
): number {
  return values.flat().reduce((most, value, index) => {
    const grey = Math.max(0, Math.min(255, Math.floor(fraction(value) * 256)));
    return Math.max(most, Math.abs(data[4 * index] - grey));
  }, 0);
}

/** How far the colours of a picture are from those of the values, in the worst pixel. */
function strangest(
  { data }: IPixels,
  values: Image,
  fraction: (value: number) => number,
  map: (fraction: number) => string
): number {
  const table = Array.from({ length: 256 }, (_, step) => rgb(map(step / 255)));
  return values.flat().reduce((most, value, index) => {
    const drawn = data.subarray(4 * index, 4 * index + 3);
    const exact = 256 * fraction(value);
    // At the border of two colours, either is right.
    const distances = [exact - 1e-3, exact + 1e-3].map(step => {
      const wanted = table[Math.max(0, Math.min(255, Math.floor(step)))];
      return Math.max(
        ...wanted.map((one, part) => Math.abs(one - drawn[part]))
      );
    });
    return Math.max(most, Math.min(...distances));
  }, 0);
}

/** Of a colour as CSS writes it: `#rrggbb` or `rgb(r, g, b)`. */
function rgb(text: string): number[] {
  return text.startsWith('#')
    ? text.match(/\w\w/g)!.map(part => parseInt(part, 16))
    : text.match(/[\d.]+/g)!.map(part => Math.round(Number(part)));
}

test('contrast, logarithm, inversion and colours are those of the values', async ({
  lab
}) => {
  const { page } = lab;
  const slices = await open(lab, 'scan.nxs');
  const { bar } = slices;
  const first = Number(await slices.index.inputValue());
  const data = await slices.data(`${first},:,:`);
  const sorted = data.flat().sort((one, other) => one - other);
  const at = (part: number) => sorted[Math.round(part * (sorted.length - 1))];
  const [least, most] = [sorted[0], sorted[sorted.length - 1]];

  // All but half a percent at both ends, to a bin of the histogram
  let [low, high] = await limits(lab);
  const bin = (most - least) / 1024;
  expect(Math.abs(low - at(0.005))).toBeLessThan(3 * bin);
  expect(Math.abs(high - at(0.995))).toBeLessThan(3 * bin);
  const linear = (value: number) => (value - low) / (high - low);
  expect(worst(await picture(lab), data, linear)).toBeLessThan(2);

  await bar.getByRole('button', { name: 'Invert' }).click();
  expect(
    worst(await picture(lab), data, value => 1 - 1 / 256 - linear(value))
  ).toBeLessThan(3);
  await bar.getByRole('button', { name: 'Invert' }).click();

  await bar.getByRole('button', { name: 'Logarithm' }).click();
  const logarithmic = (value: number) =>
    value <= 0 ? 0 : Math.log(value / low) / Math.log(high / low);
  expect(worst(await picture(lab), data, logarithmic)).toBeLessThan(2);
  await bar.getByRole('button', { name: 'Logarithm' }).click();

  // The nearer limit follows the mouse.
  const histogram = page.getByRole('img', { name: /^Histogram/ });
  const box = (await histogram.boundingBox())!;
  const across = (part: number) => box.x + part * box.width;
  const from = (high - least) / (most - least);
  await page.mouse.move(across(from), box.y + 20);
  await page.mouse.down();
  await page.mouse.move(across(0.5), box.y + 20, { steps: 4 });
  await page.mouse.up();
  const dragged = await limits(lab);
  expect(dragged[0]).toBe(low);
  expect(dragged[1]).toBeCloseTo(least + 0.5 * (most - least), -2);
  [low, high] = dragged;
  expect(worst(await picture(lab), data, linear)).toBeLessThan(2);

  const colours = bar.getByRole('combobox', { name: 'Colours' });
  expect(await colours.getByRole('option').allTextContents()).toEqual([
    'Grey',
    ...Object.keys(COLOUR_MAPS)
  ]);
  for (const [name, map] of Object.entries(COLOUR_MAPS)) {
    await colours.selectOption(name);
    expect(strangest(await picture(lab), data, linear, map), name).toBe(0);
  }

  await page.getByRole('button', { name: 'Fit to slice' }).click();
  expect(Math.abs((await limits(lab))[1] - at(0.995))).toBeLessThan(3 * bin);

  // A limit beyond the other one takes it along.
  [low, high] = await limits(lab);
  const darkest = page.getByRole('textbox', { name: 'Darkest value' });
  await darkest.fill('90000');
  await darkest.press('Enter');
  const moved = await limits(lab);
  expect(moved[0]).toBe(90000);
  expect(Math.abs(moved[1] - (90000 + high - low))).toBeLessThan(2);
});

test('sliders, playing, zoom, pushing and stretching show the data', async ({
  lab
}) => {
  const { page } = lab;
  const slices = await open(lab, 'scan.nxs');
  const { bar, canvas } = slices;
  const index = async () => Number(await slices.index.inputValue());
  const first = await index();

  // No more steps than the rate allows, all of the same length
  await page
    .getByRole('combobox', { name: 'Step between slices' })
    .selectOption('5');
  await page
    .getByRole('combobox', { name: 'Slices per second' })
    .selectOption('2');
  const begun = Date.now();
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect.poll(index).toBeGreaterThan(first);
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  const steps = ((await index()) - first) / 5;
  expect(steps % 1).toBe(0);
  expect(steps).toBeLessThanOrEqual(1 + ((Date.now() - begun) / 1000) * 2);

  const slider = page.getByRole('slider', { name: /^Slice along/ });
  await slider.fill('40');
  await slices.at(40, 64, 256);
  let data = await slices.data('40,:,:');
  await expect.poll(() => slices.agreement(data)).toBeGreaterThan(0.98);

  await bar.getByRole('button', { name: 'Stretch' }).click();
  const alike = async (expected: Image) =>
    correlation(
      shrink(await brightness(canvas), CELLS),
      shrink(expected, CELLS)
    );
  await expect.poll(() => alike(data)).toBeGreaterThan(0.98);

  // Nearer by four steps of the wheel, around the middle
  const box = (await slices.picture.boundingBox())!;
  const zoom = 1.25 ** 4;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.keyboard.down('Control');
  for (let turn = 0; turn < 4; turn++) {
    await page.mouse.wheel(0, -100);
  }
  await page.keyboard.up('Control');
  const [rows, columns] = [data.length, data[0].length];
  const window = (values: Image, shift = 0) => {
    const [height, width] = [rows / zoom, columns / zoom];
    const top = Math.round((rows - height) / 2);
    const left = Math.round((columns - width) / 2 - shift);
    return values
      .slice(top, Math.round(top + height))
      .map(row => row.slice(left, Math.round(left + width)));
  };
  // What the mouse points at is told over the picture.
  const away = () => page.mouse.move(box.x + 20, box.y - 60);
  await away();
  await expect.poll(() => alike(window(data))).toBeGreaterThan(0.9);

  // Pushed to the right by a tenth of the window
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, box.y + box.height / 2, {
    steps: 4
  });
  await page.mouse.up();
  await away();
  const shift = (0.1 * columns) / zoom;
  await expect.poll(() => alike(window(data, shift))).toBeGreaterThan(0.9);
  expect(await alike(window(data, shift))).toBeGreaterThan(
    await alike(window(data))
  );

  // The next slices show the same part, another plane all of it.
  await slices.picture.press('Shift+ArrowRight');
  await slices.at(50, 64, 256);
  data = await slices.data('50,:,:');
  await expect.poll(() => alike(window(data, shift))).toBeGreaterThan(0.9);
  await slices.picture.press('0');
  await expect.poll(() => alike(data)).toBeGreaterThan(0.98);
});

test('what is saved and measured are the values', async ({ lab }) => {
  const { page } = lab;
  const slices = await open(lab, 'scan.nxs');
  const first = Number(await slices.index.inputValue());
  const files = [
    await saved(lab, 'Save Values (NumPy)'),
    await saved(lab, 'Save Values (TIFF)')
  ];
  const script = `
import sys, h5py, numpy as np, tifffile
scan, npy, tiff, index = sys.argv[1:]
with h5py.File(scan) as file:
    values = file["${DATA}"][int(index)]
for found in (np.load(npy), tifffile.imread(tiff)):
    assert found.shape == values.shape and (found == values).all()
print("same")
`;
  const told = execFileSync(
    tool('python'),
    ['-c', script, lab.file('scan.nxs'), ...files, String(first)],
    { encoding: 'utf8' }
  );
  expect(told.trim()).toBe('same');

  // What is copied reads them in any Python.
  const data = await slices.data(`${first},:,:`);
  const lines = await slices.copied('Copy as Python');
  expect(pictureAfter(lab, lines)).toEqual(data);

  // A line at an angle, between the centres of pixels
  const box = (await slices.picture.boundingBox())!;
  const scale = box.width / data[0].length;
  const top = box.y + (box.height - data.length * scale) / 2;
  const asked: Record<string, string>[] = [];
  page.on('request', request => {
    const url = new URL(request.url());
    if (url.pathname.endsWith('/slices/profile')) {
      asked.push(Object.fromEntries(url.searchParams));
    }
  });
  await slices.picture.press('p');
  await page.mouse.move(box.x + 100.5 * scale, top + 20.5 * scale);
  await page.mouse.down();
  await page.mouse.move(box.x + 220.5 * scale, top + 110.5 * scale, {
    steps: 4
  });
  await page.mouse.up();
  await expect(page.getByRole('figure')).toContainText('150.0 px long');
  const query = asked[asked.length - 1];
  const line = query.line.split(',').map(Number);
  expect(line.map(Math.round)).toEqual([20, 100, 110, 220]);
  const { values } = await lab.get<{ values: number[] }>(
    'savu/slices/profile',
    query
  );
  const last = values.length - 1;
  values.forEach((value, k) => {
    const [row, column] = [0, 1].map(
      axis => line[axis] + (k / last) * (line[axis + 2] - line[axis])
    );
    const near = [0, 1].flatMap(y =>
      [0, 1].map(x => data[Math.floor(row) + y][Math.floor(column) + x])
    );
    expect(value).toBeGreaterThanOrEqual(Math.min(...near) - 1e-6);
    expect(value).toBeLessThanOrEqual(Math.max(...near) + 1e-6);
  });
  // Figures of a region
  await slices.picture.press('Escape');
  await slices.picture.press('r');
  await page.mouse.move(box.x + 100.2 * scale, top + 20.2 * scale);
  await page.mouse.down();
  await page.mouse.move(box.x + 199.8 * scale, top + 59.8 * scale, {
    steps: 4
  });
  await page.mouse.up();
  const region = data.slice(20, 60).flatMap(row => row.slice(100, 200));
  const mean = region.reduce((sum, one) => sum + one, 0) / region.length;
  const deviation = Math.sqrt(
    region.reduce((sum, one) => sum + (one - mean) ** 2, 0) / region.length
  );
  const figures = [
    mean,
    deviation,
    Math.min(...region),
    Math.max(...region)
  ].map(value => String(Number(value.toPrecision(6))));
  await expect(page.getByRole('definition')).toHaveText(figures);
});

test('compared volumes are drawn side by side, in turn, and as a difference', async ({
  lab
}) => {
  const { page } = lab;
  grow(lab.file('files'), 'pair');
  const slices = await open(lab, 'files/pair.h5');
  const { bar } = slices;
  const [rows, , columns] = SHAPE;
  await bar
    .getByRole('combobox', { name: 'Plane' })
    .selectOption('axis 0 × axis 2');
  await slices.at(SHAPE[0] / 2, 12, SHAPE[2] / 2);
  await page.getByRole('button', { name: 'Fit to slice' }).click();
  await bar.getByRole('button', { name: /^Compare/ }).click();
  await page.getByRole('menuitem', { name: /^other/ }).click();
  const one = reconstructed(12);
  const other = one.map(row =>
    row.map((value, z) => value + (z < columns / 2 ? 50 : -50))
  );
  const drawn = async (name: string | RegExp, part = 0) => {
    const canvas = page
      .getByRole('group', { name })
      .locator('canvas')
      .nth(part);
    await expect(canvas).toHaveAttribute('data-plane', /^\d+,12,\d+$/);
    return pixels(canvas);
  };
  const agree = async (name: string | RegExp, expected: Image, part = 0) => {
    const canvas = page
      .getByRole('group', { name })
      .locator('canvas')
      .nth(part);
    const image = fitted(await brightness(canvas), rows, columns);
    return correlation(shrink(image, CELLS), shrink(expected, CELLS));
  };
  await expect.poll(() => agree(/^one/, one)).toBeGreaterThan(0.97);
  await expect.poll(() => agree(/^other/, other)).toBeGreaterThan(0.97);

  const way = bar.getByRole('combobox', { name: 'Way to compare' });
  await way.selectOption('Curtain');
  const half = one.map((row, x) =>
    row.map((value, z) => (z < columns / 2 ? value : other[x][z]))
  );
  await expect.poll(() => agree(/ \| /, half)).toBeGreaterThan(0.97);

  // Red where the second has more, blue where it has less
  await way.selectOption('Difference');
  await expect
    .poll(async () => {
      const { width, height, data } = await drawn(/minus/);
      const colour = (part: number) => {
        const at = 4 * ((height >> 1) * width + Math.round(width * part));
        return data[at] - data[at + 2];
      };
      return [colour(0.42) > 40, colour(0.58) < -40];
    })
    .toEqual([true, true]);
  const difference = page.getByRole('group', { name: /minus/ });
  await expect(difference).toContainText('-50+50');
  const place = (await difference.boundingBox())!;
  await page.mouse.move(
    place.x + place.width * 0.42,
    place.y + place.height * 0.5
  );
  await expect(difference.locator('b')).toHaveText('50');

  await way.selectOption('Blink');
  const blinking = page.getByRole('group', { name: /^(one|other)/ });
  await expect(blinking).toHaveAccessibleName(/^other/);
  await expect(blinking).toHaveAccessibleName(/^one/);
  await bar.getByRole('button', { name: 'End comparing' }).click();
  await expect.poll(() => slices.agreement(one)).toBeGreaterThan(0.97);

  // Where there is little to see, the view says why.
  await bar.getByRole('combobox', { name: 'Dataset' }).selectOption('thin');
  const fill = page.getByRole('button', { name: 'Fill the window' });
  await fill.press('Enter');
  await expect(fill).toHaveCount(0);
  await expect(bar.getByRole('button', { name: 'Stretch' })).toHaveAttribute(
    'aria-pressed',
    'true'
  );
  await bar
    .getByRole('combobox', { name: 'Plane' })
    .selectOption('axis 1 × axis 2');
  await slices.picture.press('Home');
  await expect(page.getByRole('status')).toHaveText(/no number in this slice/);
});
