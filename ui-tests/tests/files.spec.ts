/** What a file is decides how it opens. */
import { readdirSync, statSync, writeFileSync } from 'node:fs';

import { expect, test } from '../helpers/lab';
import { Editor } from '../helpers/savu';

test('a double click opens a list in the editor and a scan in the viewer', async ({
  lab
}) => {
  const { page } = lab;
  await lab.open('');
  const files = page.getByRole('region', { name: 'File Browser Section' });
  await files.getByText('demo_fbp.nxs', { exact: true }).dblclick();
  await expect(new Editor(page).plugin('1 NxtomoLoader')).toBeVisible();

  await files.getByText('scan.nxs', { exact: true }).dblclick();
  const viewer = page.getByRole('tabpanel', { name: /scan.nxs/ });
  await expect(viewer.locator('.jp-SavuViewer canvas')).toBeVisible();
});

test('a scan is neither changed nor copied', async ({ lab }) => {
  const { page } = lab;
  const before = statSync(lab.file('scan.nxs'));
  await lab.open('scan.nxs');
  await expect(page.locator('.jp-SavuViewer canvas')).toBeVisible();
  await page.keyboard.press('ControlOrMeta+s');
  await lab.reload();
  await expect(page.locator('.jp-SavuViewer canvas')).toBeVisible();

  const after = statSync(lab.file('scan.nxs'));
  expect([after.mtimeMs, after.size]).toEqual([before.mtimeMs, before.size]);
  const all = readdirSync(lab.file('.'), { recursive: true }).map(String);
  expect(all.filter(name => name.includes('scan'))).toEqual(['scan.nxs']);
});

test('a file that cannot be read says so, with what to do', async ({ lab }) => {
  writeFileSync(lab.file('broken.nxs'), 'this is no HDF5');
  await lab.open('broken.nxs');
  const trouble = lab.page.getByRole('tabpanel', { name: /broken.nxs/ });
  await expect(trouble).toContainText('cannot be opened');
  await expect(trouble).toContainText('broken.nxs is not an HDF5 file');
});
