/** Slices of a volume: each control is compared with the numbers in the file. */
import { renameSync } from 'node:fs';

import { expect, type Lab, test } from '../helpers/lab';
import { mirrored, transposed, upsideDown } from '../helpers/picture';
import { DATA, Slices } from '../helpers/slices';

async function open(lab: Lab): Promise<Slices> {
  await lab.open('scan.nxs');
  const slices = new Slices(lab, lab.page);
  await expect(slices.canvas).toBeVisible();
  return slices;
}

test('slices, planes, orientation and colours show the data', async ({
  lab
}) => {
  const slices = await open(lab);
  const { bar, picture } = slices;
  // The first frame that is a projection, not a flat field
  const first = Number(await slices.index.inputValue());
  expect(first).toBeGreaterThan(0);
  const projection = await slices.data(`${first},:,:`);
  await expect.poll(() => slices.agreement(projection)).toBeGreaterThan(0.98);

  await bar.getByRole('button', { name: 'Flip' }).click();
  await expect
    .poll(() => slices.agreement(mirrored(projection)))
    .toBeGreaterThan(0.98);
  await bar.getByRole('button', { name: 'Flip' }).click();
  await bar.getByRole('button', { name: 'Rotate' }).click();
  await expect
    .poll(() => slices.agreement(mirrored(transposed(projection))))
    .toBeGreaterThan(0.98);
  for (let turn = 0; turn < 3; turn++) {
    await bar.getByRole('button', { name: 'Rotate' }).click();
  }
  await bar.getByRole('button', { name: 'Invert' }).click();
  await expect.poll(() => slices.agreement(projection)).toBeLessThan(-0.9);
  await bar.getByRole('button', { name: 'Invert' }).click();

  await picture.press('ArrowRight');
  await slices.at(first + 1, 64, 256);
  await picture.press('Shift+ArrowRight');
  await slices.at(first + 11, 64, 256);
  await picture.press('Home');
  await slices.at(0, 64, 256);
  await slices.index.fill('100');
  await slices.at(100, 64, 256);
  await picture.hover();
  await lab.page.mouse.wheel(0, -100);
  await slices.at(99, 64, 256);

  await bar.getByRole('combobox', { name: 'Plane' }).selectOption('Sinogram');
  await expect
    .poll(async () => slices.agreement(await slices.data(':,64,:')))
    .toBeGreaterThan(0.98);
  const sinogram = await slices.data(':,64,:');
  expect(await slices.agreement(upsideDown(sinogram))).toBeLessThan(0.97);
});

test('a link opens a file on its dataset and slice, whatever its name', async ({
  lab
}) => {
  const { page } = lab;
  const name = 'a & b #1 100% ü.nxs';
  renameSync(lab.file('scan.nxs'), lab.file(name));
  const query = [
    `savu-data=${encodeURIComponent(lab.path(name))}`,
    `savu-dataset=${encodeURIComponent(DATA)}`,
    'savu-plane=:,17,:'
  ];
  await lab.begin(`?${query.join('&')}`);
  const slices = new Slices(lab, lab.page);
  await expect(slices.bar.getByRole('combobox', { name: 'Plane' })).toHaveValue(
    'SINOGRAM'
  );
  await expect(slices.index).toHaveValue('17');
  // Reloading the page would open it again otherwise.
  await expect(page).not.toHaveURL(/savu-data/);

  await slices.index.fill('23');
  await expect(slices.canvas).toHaveAttribute('data-plane', /,23,/);
  const link = await slices.copied('Copy Link');
  expect(link).not.toContain('token');

  await page.goto('about:blank');
  await page.goto(link);
  await lab.ready();
  await expect(lab.tab(name)).toHaveClass(/lm-mod-current/);
  await expect(
    page.getByRole('tabpanel', { name }).getByRole('spinbutton', {
      name: /^Index along/
    })
  ).toHaveValue('23');
});

test('two datasets are compared slice by slice', async ({ lab }) => {
  const slices = await open(lab);
  const { page } = lab;
  await slices.bar.getByRole('button', { name: /^Compare/ }).click();
  await page.getByRole('menuitem', { name: 'detector (scan.nxs)' }).click();
  const pictures = page.locator('.jp-SavuSlices-picture');
  await expect(pictures).toHaveCount(2);
  await pictures.first().press('2');
  await expect(pictures.nth(1)).toBeFocused();
  await slices.bar
    .getByRole('combobox', { name: 'Way to compare' })
    .selectOption('Curtain');
  await expect(pictures).toHaveCount(1);
  await expect(page.getByRole('slider', { name: 'Curtain' })).toBeVisible();
  await slices.bar.getByRole('button', { name: 'End comparing' }).click();
  await expect(slices.picture).toBeVisible();
});

test('play goes through the slices, and stops', async ({ lab }) => {
  const slices = await open(lab);
  const first = Number(await slices.index.inputValue());
  await slices.picture.press('Space');
  await expect
    .poll(async () => Number(await slices.index.inputValue()))
    .toBeGreaterThan(first + 3);
  await lab.page.getByRole('button', { name: 'Pause', exact: true }).click();
  await expect(
    lab.page.getByRole('button', { name: 'Play', exact: true })
  ).toBeVisible();
  const stopped = Number(await slices.index.inputValue());
  await slices.at(stopped, 64, 256);
});

test('the part looked at stays while slices change', async ({ lab }) => {
  const slices = await open(lab);
  const box = (await slices.picture.boundingBox())!;
  const middle = [box.x + box.width / 2, box.y + box.height / 2] as const;
  await lab.page.mouse.move(...middle);
  await lab.page.keyboard.down('Control');
  for (let turn = 0; turn < 8; turn++) {
    await lab.page.mouse.wheel(0, -100);
  }
  await lab.page.keyboard.up('Control');
  const readout = lab.page.locator('.jp-SavuSlices-readout span');
  // Moved by one pixel, for the position to be told
  await lab.page.mouse.move(middle[0] + 1, middle[1]);
  const before = await readout.textContent();
  await slices.picture.press('ArrowRight');
  await lab.page.mouse.move(...middle);
  await lab.page.mouse.move(middle[0] + 1, middle[1]);
  await expect(readout).toHaveText(before!);
});

test('figures, profile and values are those of the data', async ({ lab }) => {
  const slices = await open(lab);
  const { page } = lab;
  const first = Number(await slices.index.inputValue());
  const data = await slices.data(`${first},:,:`);
  const figures = page.getByRole('complementary', {
    name: 'Figures of the slice'
  });
  const all = data.flat();
  await expect(figures.getByText(String(Math.max(...all)))).toBeVisible();

  // The picture is as wide as its place and in the middle of its height.
  const box = (await slices.picture.boundingBox())!;
  const scale = box.width / data[0].length;
  const top = box.y + (box.height - data.length * scale) / 2;
  const point = (row: number, column: number) =>
    [box.x + column * scale, top + row * scale] as const;

  await page.mouse.move(...point(30.5, 200.5));
  await expect(page.locator('.jp-SavuSlices-readout b')).toHaveText(
    String(data[30][200])
  );

  await slices.picture.press('r');
  await page.mouse.move(...point(20.2, 100.2));
  await page.mouse.down();
  await page.mouse.move(...point(59.8, 299.8), { steps: 4 });
  await page.mouse.up();
  for (const [name, value] of [
    ['First row', 20],
    ['Last row', 59],
    ['First column', 100],
    ['Last column', 299]
  ] as const) {
    await expect(figures.getByLabel(name)).toHaveValue(String(value));
  }
  const region = data.slice(20, 60).flatMap(row => row.slice(100, 300));
  await expect(figures.getByText(String(Math.min(...region)))).toBeVisible();

  await slices.picture.press('p');
  await page.mouse.move(...point(40.5, 50.5));
  await page.mouse.down();
  await page.mouse.move(...point(40.5, 450.5), { steps: 4 });
  await page.mouse.up();
  await expect(
    figures.getByRole('img', { name: /Profile of 40\d values/ })
  ).toBeVisible();

  // Without a mouse, both are typed.
  await figures.getByRole('button', { name: 'Clear the line' }).click();
  await figures.getByLabel('Column of the end').fill('255');
  await figures.getByLabel('Column of the end').press('Enter');
  await expect(
    figures.getByRole('img', { name: /Profile of 256 values/ })
  ).toBeVisible();
  await figures.getByRole('button', { name: 'Clear the region' }).click();
  await slices.picture.press('r');
  await figures.getByLabel('Last row').fill('9');
  await figures.getByLabel('Last row').press('Enter');
  const typed = data.slice(0, 10).flat();
  await expect(page.getByRole('definition').nth(2)).toHaveText(
    String(Math.min(...typed))
  );
});

test('a region becomes the preview of the open process list', async ({
  lab
}) => {
  await lab.goto('lab/workspaces/savu');
  const { page } = lab;
  const slices = new Slices(lab, lab.page);
  // A result of another test may lie before it.
  await lab.tab('scan.nxs').click();
  await slices.index.waitFor();
  await slices.drawRegion();
  const hint = page.locator('.jp-SavuSlices-act code');
  await expect(hint).toHaveText(/preview \[:, \d+:\d+, \d+:\d+\]/);
  const preview = (await hint.textContent())!.replace('preview ', '');
  await page.getByRole('button', { name: 'Load only this region' }).click();
  const summary = page.getByRole('option', { name: /NxtomoLoader/ });
  await expect(summary).toContainText(preview.slice(1, -1).split(', ')[1]);
});
