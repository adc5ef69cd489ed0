/** Files from the user's own disk, which no server reads. */
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync
} from 'node:fs';
import path from 'node:path';

import type { Page } from '@playwright/test';

import { faults } from '../helpers/accessibility';
import { dropFiles } from '../helpers/drop';
import { Finder } from '../helpers/finder';
import { expect, type Lab, test } from '../helpers/lab';
import { brightness, fitted, type Image, unevenness } from '../helpers/picture';
import { pictureAfter } from '../helpers/python';
import { Editor, values } from '../helpers/savu';
import { Slices } from '../helpers/slices';
import { tool } from '../../scripts/lib/paths.mjs';

/** Notes what the page asks the server of data from now on. */
function watchServer(page: Page): string[] {
  const asked: string[] = [];
  page.on('request', request => {
    if (/\/savu\/(data|slices|files)/.test(request.url())) {
      asked.push(request.url());
    }
  });
  return asked;
}

function dropInMain(lab: Lab, ...names: string[]): Promise<void> {
  return dropFiles(
    lab.page.locator('#jp-main-dock-panel'),
    names.map(name => lab.file(name))
  );
}

test('a dropped file is looked at without the server', async ({ lab }) => {
  test.slow();
  await lab.begin();
  const { page } = lab;
  const asked = watchServer(page);
  await dropInMain(lab, 'scan.nxs');
  const slices = new Slices(lab, page);
  await expect(slices.canvas).toBeVisible();
  await expect(page.getByRole('note')).toContainText('in this browser only');

  // Compared with what the server reads
  const first = Number(await slices.index.inputValue());
  expect(first).toBeGreaterThan(0);
  const projection = await slices.data(`${first},:,:`);
  await expect.poll(() => slices.agreement(projection)).toBeGreaterThan(0.98);
  await slices.picture.press('Shift+ArrowRight');
  await slices.at(first + 10, 64, 256);
  const planes = slices.bar.getByRole('combobox', { name: 'Plane' });
  for (const [name, selection] of [
    ['SINOGRAM', ':,64,:'],
    ['TANGENTOGRAM', ':,:,256']
  ]) {
    await planes.selectOption(name);
    const expected = await slices.data(selection);
    const highest = Math.max(...expected.flat());
    const figures = page.getByRole('complementary', {
      name: 'Figures of the slice'
    });
    await expect(
      figures.getByText(String(highest), { exact: true }).first()
    ).toBeVisible();
    await page.getByRole('button', { name: 'Fit to slice' }).click();
    await expect.poll(() => slices.agreement(expected)).toBeGreaterThan(0.98);
  }
  const lines = await slices.copied('Copy as Python');
  const tangentogram = await slices.data(':,:,256');
  expect(pictureAfter(lab, lines)).toEqual(tangentogram);
  expect(asked).toEqual([]);
});

test('what is seen in a dropped scan goes into the open list, by a copy where it must', async ({
  lab
}) => {
  test.slow();
  const mine = lab.file('mine/scan.nxs');
  mkdirSync(path.dirname(mine));
  copyFileSync(lab.file('scan.nxs'), mine);
  await lab.open('demo_fbp.nxs');
  const { page } = lab;
  const editor = new Editor(page);
  await editor.ready();
  const asked = watchServer(page);
  await dropFiles(page.locator('#jp-main-dock-panel'), [mine]);
  const slices = new Slices(lab, page);
  await slices.picture.press('c');
  const finder = new Finder(page);
  const truth = await values<number>(
    lab,
    lab.path('scan.nxs'),
    '/truth/centre',
    ''
  );
  const guess = await finder.guess();
  expect(Math.abs(guess - truth)).toBeLessThan(0.3);
  await expect(finder.view).toContainText(
    'Trial reconstructions run on the server, which does not see this file.'
  );
  await expect(finder.field('First centre')).toHaveCount(0);
  await expect(finder.view).toContainText(
    new RegExp(`centre_of_rotation ${guess}\\S* in demo_fbp.nxs`)
  );
  expect(await faults(lab, '.jp-SavuCentre')).toEqual([]);
  await finder.button('Set in the list').click();
  await expect(finder.button('In the list')).toBeVisible();
  await lab.tab('demo_fbp.nxs').click();
  await expect(editor.parameter('centre_of_rotation')).toHaveValue(
    new RegExp(`^${guess}`)
  );
  await lab.tab('scan.nxs').click();
  await finder.button('Back to the slices').click();
  await page.getByRole('button', { name: 'File', exact: true }).click();
  await expect(page.getByRole('tab', { name: 'NX Heatmap' })).toBeVisible();
  expect(asked).toEqual([]);

  // Running needs a file that the server sees; one question says all.
  const { ino } = statSync(lab.file('scan.nxs'));
  await page.getByRole('button', { name: 'Upload…' }).click();
  const dialog = page.getByRole('dialog');
  const upload = dialog.getByRole('button', { name: 'Upload' });
  await expect(dialog).toContainText('Process lists run where the server');
  await expect(dialog).toContainText('There already: scan.nxs');
  expect(await faults(lab, '.jp-Dialog')).toEqual([]);
  const keep = dialog.getByRole('radio', { name: /^Keep both: .*scan-1.nxs$/ });
  await expect(keep).toBeChecked();
  await dialog.getByRole('radio', { name: 'Replace what is there' }).check();
  await upload.click();
  await expect(page.getByRole('note')).toHaveCount(0);
  await expect(slices.canvas).toBeVisible();
  expect(asked.length).toBeGreaterThan(0);
  expect(statSync(lab.file('scan.nxs')).ino).not.toBe(ino);
  const sent = readFileSync(mine);
  expect(sent.equals(readFileSync(lab.file('scan.nxs')))).toBe(true);

  // A region is loaded from the copy, on which the list runs from then on.
  await dropFiles(page.locator('#jp-main-dock-panel'), [mine]);
  await expect(page.getByRole('note')).toBeVisible();
  await slices.index.waitFor();
  await slices.drawRegion();
  const hint = page.locator('.jp-SavuSlices-act code');
  await expect(hint).toHaveText(/preview \[:, \d+:\d+, \d+:\d+\]/);
  const [, rows] = (await hint.textContent())!.split(', ');
  await page
    .getByRole('button', { name: 'Upload to load only this region…' })
    .click();
  await expect(dialog).toContainText('will run on the copy');
  await upload.click();
  await expect(lab.tab('scan-1.nxs')).toBeVisible();
  expect(sent.equals(readFileSync(lab.file('scan-1.nxs')))).toBe(true);
  await lab.tab('demo_fbp.nxs').click();
  await expect(
    page.getByRole('option', { name: /NxtomoLoader/ })
  ).toContainText(rows);
  await expect(editor.button('Choose scan')).toContainText('scan-1.nxs');
});

test('after a reload, a local file is chosen again', async ({ lab }) => {
  await lab.begin();
  const { page } = lab;
  const chooser = page.waitForEvent('filechooser');
  await lab.command('Open Scan from This Computer');
  await (await chooser).setFiles(lab.file('scan.nxs'));
  const slices = new Slices(lab, page);
  await expect(slices.canvas).toBeVisible();
  await lab.remembersTab('browser:');
  await lab.reload();
  await lab.tab('scan.nxs').click();
  await expect(page.getByRole('alert')).toContainText(
    'scan.nxs was only open in the browser'
  );
  const again = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose scan.nxs…' }).click();
  await (await again).setFiles(lab.file('scan.nxs'));
  await expect(slices.canvas).toBeVisible();
});

test('what cannot be opened in the browser is told', async ({ lab }) => {
  writeFileSync(lab.file('huge.nxs'), '');
  truncateSync(lab.file('huge.nxs'), 5 * 2 ** 30);
  writeFileSync(lab.file('report.h5'), 'A report, not data.');
  writeFileSync(
    lab.file('cut.h5'),
    Buffer.concat([
      Buffer.from([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]),
      Buffer.alloc(100)
    ])
  );
  await lab.begin();
  const { page } = lab;
  const told = page.getByRole('alert');
  await dropInMain(lab, 'huge.nxs');
  await expect(
    told.filter({ hasText: 'huge.nxs has 5 GiB; files of up to 4 GiB' })
  ).toBeVisible();
  await dropInMain(lab, 'report.h5');
  await expect(
    told.filter({ hasText: 'report.h5 is not an HDF5 file' })
  ).toBeVisible();
  await expect(lab.tabs).toHaveCount(1);
  await dropInMain(lab, 'cut.h5');
  await expect(
    told.filter({ hasText: 'cut.h5 cannot be opened' })
  ).toBeVisible();
  await expect(
    page.getByRole('button', { name: 'Choose a File…' })
  ).toBeVisible();

  // A process list belongs on the server.
  await dropInMain(lab, 'demo_fbp.nxs');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('This is a process list');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(lab.tab('demo_fbp.nxs')).toHaveCount(0);
});

/** Compressed values in a file beside the one that is opened, and others that cannot be read. */
const LINKED = `
import sys, h5py, hdf5plugin, numpy as np
folder, = sys.argv[1:]
values = np.add.outer(np.arange(64) ** 2, np.arange(96)).astype("f4") * np.ones((6, 1, 1), "f4")
with h5py.File(f"{folder}/part.h5", "w") as part:
    part.create_dataset("data", data=values, chunks=(2, 64, 96), **hdf5plugin.Bitshuffle())
    part.create_dataset("zfp", data=values, chunks=(2, 64, 96), **hdf5plugin.Zfp(rate=16))
    grown = part.create_dataset("grown", (6, 64, 96), "f4", chunks=(1, 32, 96), compression="gzip")
    grown[:, :32] = values[:, :32]
    part["run/data"] = values
    part["run/written"] = np.array([1, 1, 0, 0, 1, 1], "u1")
    part["run/written"].attrs["axis"] = 0
with h5py.File(f"{folder}/linked.nxs", "w") as file:
    file["entry/data"] = h5py.ExternalLink("part.h5", "/data")
    file["entry/other"] = h5py.ExternalLink("part.h5", "/zfp")
    file["entry/grown"] = h5py.ExternalLink("part.h5", "/grown")
    file["entry/marked"] = h5py.ExternalLink("part.h5", "/run/data")
`;

test('linked and compressed values are read from files that were dropped together', async ({
  lab
}) => {
  const folder = path.dirname(lab.file('linked.nxs'));
  execFileSync(tool('python'), ['-c', LINKED, folder]);
  await lab.begin(`/tree/${lab.folder}`);
  const { page } = lab;
  await page.getByRole('tab', { name: 'Data' }).click();
  await dropFiles(page.locator('.jp-SavuData'), [
    lab.file('part.h5'),
    lab.file('linked.nxs')
  ]);
  await expect(lab.tab('linked.nxs')).toBeVisible();
  const slices = new Slices(lab, page);
  const expected: Image = Array.from({ length: 64 }, (_, row) =>
    Array.from({ length: 96 }, (_, column) => row ** 2 + column)
  );
  await expect.poll(() => slices.agreement(expected)).toBeGreaterThan(0.98);
  const dataset = slices.bar.getByRole('combobox', { name: 'Dataset' });
  await dataset.selectOption('/entry/other');
  await expect(
    page.getByText(/compressed with .*\(32013\), which the browser cannot read/)
  ).toBeVisible();

  // What was never written is told from zeros, by chunks and by marks.
  const note = page.getByRole('status').filter({ hasText: /[Ww]ritten/ });
  await dataset.selectOption('/entry/grown');
  await expect(note).toHaveText('Parts of this slice were never written');
  await slices.at(3, 32, 48);
  const drawn = fitted(await brightness(slices.canvas), 64, 96);
  expect(unevenness(drawn.slice(drawn.length / 2))).toBeGreaterThan(5);
  const figures = page.getByRole('complementary', {
    name: 'Figures of the slice'
  });
  await expect(figures.getByText(String(31 ** 2 + 95))).toBeVisible();
  await dataset.selectOption('/entry/marked');
  await expect(note).toHaveText('Written: 4 of 6 frames');

  // What belongs together is uploaded together, beside what is there.
  await page.getByRole('button', { name: 'Upload…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('checkbox', { name: /part.h5/ })).toBeChecked();
  await expect(
    dialog.getByRole('radio', { name: /into the new folder linked-1$/ })
  ).toBeChecked();
  await dialog.getByRole('button', { name: 'Upload' }).click();
  await expect(page.getByRole('note')).toHaveCount(0);
  await dataset.selectOption('/entry/marked');
  await expect(note).toHaveText('Written: 4 of 6 frames');
  expect(existsSync(lab.file('linked-1/part.h5'))).toBe(true);
  expect(existsSync(lab.file('linked-1/linked.nxs'))).toBe(true);
});
