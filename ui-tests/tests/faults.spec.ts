/** Files that are not what they should be. */
import { readFileSync, writeFileSync } from 'node:fs';

import { expect, test } from '../helpers/lab';
import { Editor, storedList } from '../helpers/savu';

test('a damaged scan is named as such, where it was opened', async ({
  lab
}) => {
  const content = readFileSync(lab.file('scan.nxs'));
  // the superblock and the names at the top are sound
  content.fill(0xff, 2048, 8192);
  writeFileSync(lab.file('damaged.nxs'), content);
  await lab.open('damaged.nxs');
  await expect(lab.page.locator('#jp-main-dock-panel')).toContainText(
    'damaged.nxs is a damaged HDF5 file'
  );
});

test('markup in a list is text, and unknown plugins are kept', async ({
  lab
}) => {
  const { page } = lab;
  const editor = new Editor(page);
  const markup = '<img src=x onerror="document.title = `run`">';
  const list = await storedList(lab, lab.path('demo_fbp.nxs'));
  list.plugins[1].name = markup;
  list.plugins[2].parameters[markup] = JSON.stringify(markup);
  const query = new URLSearchParams({ path: lab.path('markup.nxs') });
  const answer = await lab.call(`savu/process-lists/content?${query}`, {
    method: 'POST',
    body: JSON.stringify(list)
  });
  expect(answer.status).toBe(201);

  await lab.open('markup.nxs');
  await editor.plugins.getByRole('option').nth(1).click();
  await expect(page.getByText('This plugin is not known here.')).toBeVisible();
  await expect(editor.button('Preview')).toHaveAttribute(
    'aria-disabled',
    'true'
  );
  await page.getByRole('switch', { name: 'VoCentering on' }).click();
  await page.keyboard.press('ControlOrMeta+s');
  await expect
    .poll(async () => {
      const saved = await storedList(lab, lab.path('markup.nxs'));
      return saved.plugins[3].active;
    })
    .toBe(false);
  const saved = await storedList(lab, lab.path('markup.nxs'));
  expect(saved.plugins[1]).toEqual(list.plugins[1]);
  expect(saved.plugins[2]).toEqual(list.plugins[2]);
  await expect(page.locator('img[src="x"]')).toHaveCount(0);
});
