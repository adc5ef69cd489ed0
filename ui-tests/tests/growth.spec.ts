/** Results that are being written, and what the steps of a run have made. */
import { rmSync } from 'node:fs';

import type { Request } from '@playwright/test';

import { FIRST_ROW, grow, reconstructed, SHAPE } from '../helpers/growing';
import { expect, type Lab, test } from '../helpers/lab';
import { brightness, fitted, unevenness } from '../helpers/picture';
import { Jobs, makeList } from '../helpers/savu';
import { Slices } from '../helpers/slices';

const [ROWS, COUNT, COLUMNS] = SHAPE;

async function open(lab: Lab, file: string): Promise<Slices> {
  await lab.view(file);
  const slices = new Slices(lab, lab.page);
  await expect(slices.canvas).toBeVisible();
  return slices;
}

test('finished rows appear by themselves, and the rest is hatched', async ({
  lab
}) => {
  const { page } = lab;
  const run = lab.file('run');
  grow(run, 'begin');
  const slices = await open(lab, 'run/scan_processed.nxs');
  const { bar, canvas } = slices;
  const note = page.getByRole('status').filter({ hasText: ' rows' });
  const lowest = page.getByRole('definition').nth(2);
  await expect(note).toHaveText(`Written: 0 of ${COUNT} rows`);
  await slices.at(40, 12, 40);
  const hatched = fitted(await brightness(canvas), ROWS, COLUMNS);
  expect(unevenness(hatched)).toBeGreaterThan(5);

  grow(run, [8, 16]);
  await expect(note).toHaveText(`Written: 8 of ${COUNT} rows`);
  const data = reconstructed(12);
  await expect.poll(() => slices.agreement(data)).toBeGreaterThan(0.98);
  await expect(lowest).toHaveText(String(Math.min(...data.flat())));
  const darkest = page.getByRole('textbox', { name: 'Darkest value' });
  const contrast = await darkest.inputValue();

  // Who only looks asks for how far it is, not for slices.
  const asked: string[] = [];
  const listen = (request: Request) => asked.push(request.url());
  page.on('request', listen);
  await page.waitForResponse(/slices\/growth/);
  page.off('request', listen);
  expect(asked.filter(url => /slices\/(slice|stat)/.test(url))).toEqual([]);

  // Across the rows, only what was not written is hatched.
  const plane = bar.getByRole('combobox', { name: 'Plane' });
  await plane.selectOption('Slice XY');
  await slices.at(40, 12, 40);
  const all = Array.from({ length: COUNT }, (_, row) => reconstructed(row));
  const drawn = fitted(await brightness(canvas), ROWS, COUNT);
  const columns = (from: number, to: number) => {
    const scale = drawn[0].length / COUNT;
    return drawn.map(row =>
      row.slice(Math.round(from * scale), Math.round(to * scale))
    );
  };
  const written = columns(8, 16);
  const middle = written.map(row => row[row.length >> 1]);
  const values = all[12].map(row => row[40]);
  expect(middle[middle.length - 4] > middle[4]).toBe(
    values[values.length - 1] > values[0]
  );
  expect(unevenness(columns(16, COUNT))).toBeGreaterThan(5);
  expect(unevenness(columns(0, 8))).toBeGreaterThan(5);
  const least = Math.min(
    ...all.slice(8, 16).flatMap(one => one.map(line => line[40]))
  );
  await expect(lowest).toHaveText(String(least));

  // The contrast stays while it grows, and the note goes when all is there.
  await plane.selectOption('Slice XZ');
  await expect(darkest).toHaveValue(contrast);
  grow(run, [0, 8]);
  await expect(note).toHaveText(`Written: 16 of ${COUNT} rows`);
  await expect(darkest).toHaveValue(contrast);
  grow(run, [16, COUNT]);
  await expect(note).toHaveCount(0);
});

test('the steps of a run are offered by plugin, at the same place', async ({
  lab
}) => {
  const { page } = lab;
  const run = lab.file('run');
  grow(run, 'begin');
  grow(run, [0, COUNT]);
  const slices = await open(lab, 'run/scan_processed.nxs');
  const { bar, picture } = slices;
  const plane = bar.getByRole('combobox', { name: 'Plane' });
  const dataset = bar.getByRole('combobox', { name: 'Dataset' });
  const offered = () => dataset.getByRole('option').allTextContents();
  const corrected = '1 DarkFlatFieldCorrection';
  expect(await offered()).toEqual(['Raw', corrected, '2 AstraReconCpu']);
  await slices.index.fill('14');
  await slices.at(40, 14, 40);
  grow(run, 'link');
  await page.getByRole('button', { name: 'Read the file again' }).click();
  const result = '2 AstraReconCpu: result';
  await expect(dataset.getByRole('option', { name: result })).toBeAttached();
  expect(await offered()).toEqual(['Raw', corrected, result]);
  await expect(dataset).toHaveValue('/entry/final_result_tomo/data');
  await slices.at(40, 14, 40);
  await expect
    .poll(() => slices.agreement(reconstructed(14)))
    .toBeGreaterThan(0.98);

  // The same row of the detector, from the scan to the result
  await dataset.selectOption('Raw');
  const row = FIRST_ROW + 14;
  const sinogram = await slices.data(`:,${row},:`);
  await expect(plane).toHaveValue('SINOGRAM');
  await expect.poll(() => slices.agreement(sinogram)).toBeGreaterThan(0.98);
  await dataset.selectOption(result);
  await slices.at(40, 14, 40);
  await bar.getByRole('button', { name: /^Compare/ }).click();
  await page
    .getByRole('menuitem', { name: `Raw | ${corrected} | ${result}` })
    .click();
  const titled = (title: string) =>
    page.getByRole('group', { name: title, exact: true }).locator('canvas');
  await expect(titled('Raw')).toHaveAttribute(
    'data-plane',
    new RegExp(`,${row},`)
  );
  await expect(titled(corrected)).toHaveAttribute('data-plane', /,14,/);
  await expect(titled(result)).toHaveAttribute('data-plane', '40,14,40');
  const titles = page.locator('.jp-SavuSlices-title');
  await expect(titles).toHaveText(['Raw', corrected, result]);
  await page.getByRole('group', { name: 'Raw' }).press('ArrowRight');
  await expect(titled(result)).toHaveAttribute('data-plane', '40,15,40');
  await bar.getByRole('button', { name: 'End comparing' }).click();

  rmSync(run, { recursive: true });
  await page.getByRole('button', { name: 'Read the file again' }).click();
  await expect(page.getByRole('alert')).toContainText('is not there');
  await expect(picture).toBeVisible();
});

test('values that were tried are an axis with their names', async ({ lab }) => {
  const { page } = lab;
  grow(lab.file('tuned'), 'tune');
  const slices = await open(lab, 'tuned/numbers.h5');
  const shifted = (by: number) => {
    const data = reconstructed(12);
    return data.map((_, x) => data[(x + ROWS - by) % ROWS]);
  };
  const value = page.getByRole('textbox', { name: 'centre of rotation' });
  await expect(value).toHaveValue('80');
  await expect(
    page.getByRole('group', { name: 'centre of rotation' })
  ).toContainText('8084.58699');
  await expect.poll(() => slices.agreement(shifted(0))).toBeGreaterThan(0.98);
  await value.fill('84');
  await value.press('Enter');
  await expect(value).toHaveValue('84.5');
  await slices.at(40, 12, 40, 1);
  await expect.poll(() => slices.agreement(shifted(7))).toBeGreaterThan(0.98);
  await page
    .getByRole('slider', { name: 'Slice along centre of rotation' })
    .press('End');
  await expect(value).toHaveValue('99');
  await expect.poll(() => slices.agreement(shifted(21))).toBeGreaterThan(0.98);

  const words = await open(lab, 'tuned/words.h5');
  const algorithm = page.getByRole('textbox', { name: 'algorithm' });
  await expect(algorithm).toHaveValue('FBP');
  await algorithm.fill('cg');
  await algorithm.press('Enter');
  await expect(algorithm).toHaveValue('CGLS');
  await words.at(40, 12, 40, 1);
});

test('the result of a running job is watched until it is cancelled', async ({
  lab
}) => {
  const { page } = lab;
  await makeList(lab, 'slow_growth.nxs', [
    ['NxtomoLoader'],
    ['DarkFlatFieldCorrection'],
    ['AstraReconCpu', { algorithm: '"SIRT"', n_iterations: '500' }]
  ]);
  const answer = await lab.call('savu/jobs', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      queue: 'full',
      list: { root: 'jupyter', path: lab.path('slow_growth.nxs') },
      data: { root: 'jupyter', path: lab.path('scan.nxs') },
      key: lab.folder
    })
  });
  expect(answer.status, await answer.clone().text()).toBeLessThan(300);
  const { id } = await answer.json();

  await lab.begin();
  await lab.command('Show Jobs');
  const job = new Jobs(page).item('slow_growth', 'running');
  await job.getByRole('button', { name: 'Watch' }).click();
  const note = page.getByRole('status').filter({ hasText: ' of 128 rows' });
  await expect(note).toHaveText(/^Live: \d+ of 128 rows$/);
  await job.getByRole('button', { name: 'Watch' }).click();
  await expect(lab.tab('scan_processed.nxs')).toHaveCount(1);

  await lab.call(`savu/jobs/${id}/cancel`, { method: 'POST' });
  await expect(note).toHaveText(/^Cancelled after \d+ of 128 rows$/);
});
