/** Dragging plugins out of the browser and lists onto scans, and comparing lists. */
import type { Locator, Page } from '@playwright/test';

import { expect, test } from '../helpers/lab';
import { Editor, newestJob } from '../helpers/savu';

const LIST = 'demo_fbp.nxs';

/** Drags from one place to another, slowly enough to be noticed. */
async function drag(page: Page, from: Locator, to: Locator, dy = 0.5) {
  const [start, end] = [(await from.boundingBox())!, (await to.boundingBox())!];
  await page.mouse.move(start.x + 30, start.y + start.height / 2);
  await page.mouse.down();
  await page.mouse.move(start.x + 40, start.y + start.height / 2 + 8);
  await page.mouse.move(end.x + 60, end.y + end.height * dy, { steps: 5 });
  await page.mouse.move(end.x + 62, end.y + end.height * dy);
}

test('a plugin is dragged out of the browser to its place', async ({ lab }) => {
  const { page } = lab;
  const editor = new Editor(page);
  await lab.open(LIST);
  await editor.button('Add plugin').click();
  await page.getByLabel('Runs here').check();
  await page.getByLabel('Category').selectOption('ring_removal');
  const search = page.getByRole('combobox', { name: 'Find a plugin' });
  await search.fill('fitt');
  const found = page.getByRole('option', { name: /^RingRemovalFitting/ });
  await expect(
    page.getByRole('region', { name: 'About RingRemovalFitting' })
  ).toContainText('Parameters');
  await drag(page, found, editor.plugin('2 DarkFlat'), 0.1);
  await expect(page.locator('.jp-SavuList-dropLine')).toBeVisible();
  await page.mouse.up();
  await expect(search).toHaveCount(0);
  await expect
    .poll(() => editor.names())
    .toEqual([
      '1 NxtomoLoader',
      '2 RingRemovalFitting',
      '3 DarkFlatFieldCorrection',
      '4 RingRemovalSorting',
      '5 VoCentering',
      '6 AstraReconCpu'
    ]);
});

test('a list dropped on a scan runs there, after a question', async ({
  lab
}) => {
  const { page } = lab;
  await lab.open('demo_skimage.nxs');
  await lab.command('Show Data');
  await page.getByLabel('Find data').fill(lab.folder);
  const row = (group: string, name: string) =>
    page
      .getByRole('group', { name: group })
      .getByRole('option')
      .filter({ hasText: name });
  const drop = async () => {
    const scan = row('Scans', 'scan.nxs');
    await expect(scan).toHaveCount(1);
    await expect(row('Process lists', '.nxs')).toHaveCount(2);
    await drag(page, row('Process lists', LIST), scan);
    await expect(scan).toHaveClass(/jp-mod-dropTarget/);
    await page.mouse.up();
  };
  const dialog = page.getByRole('dialog');
  await drop();
  await expect(dialog).toContainText(lab.path(LIST));
  await expect(dialog).toContainText(lab.path('scan.nxs'));
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);

  await drop();
  await dialog.getByLabel('Queue').selectOption('preview');
  const sent = page.waitForResponse(
    answer =>
      answer.request().method() === 'POST' &&
      /\/savu\/jobs(\?|$)/.test(answer.url())
  );
  await dialog.getByRole('button', { name: 'Run' }).click();
  expect((await sent).status()).toBe(201);
  expect(await newestJob(lab)).toMatchObject({
    list: { path: lab.path(LIST) },
    data: { path: lab.path('scan.nxs') },
    queue: 'preview'
  });
});

test('two lists stand side by side, and follow the editor', async ({ lab }) => {
  const { page } = lab;
  const editor = new Editor(page);
  await lab.open(LIST);
  await editor.plugin('AstraReconCpu').click();
  await editor.button('More').click();
  await page.getByRole('menuitem', { name: 'Compare With…' }).click();
  await page
    .getByRole('listbox', { name: /compare/ })
    .getByRole('option', { name: /as it was saved/ })
    .click();
  const status = page.getByRole('toolbar', { name: 'Comparison' });
  await expect(status).toContainText('Both lists do the same');

  await lab.tab(LIST).first().click();
  await editor.parameter('centre_of_rotation').fill('260.5');
  await page.getByRole('switch', { name: 'VoCentering on' }).click();
  await lab.tab('↔').click();
  await expect(status).toContainText('2 differences');
  const table = page.getByRole('region', { name: 'Differences' });
  const row = table.getByRole('row', { name: /centre_of_rotation/ });
  await expect(row.getByRole('cell')).toHaveText(['0.0', '260.5']);
  await expect(row.getByRole('img', { name: 'differs' })).toBeVisible();
  await expect(table.getByRole('row', { name: /VoCentering/ })).toContainText(
    'off'
  );
  await expect(table).not.toContainText('NxtomoLoader');

  await page.getByRole('switch', { name: 'Only differences' }).click();
  await expect(table).toContainText('NxtomoLoader');
  await editor.button('Swap the sides').click();
  await expect(row.getByRole('cell')).toHaveText(['260.5', '0.0']);
});
