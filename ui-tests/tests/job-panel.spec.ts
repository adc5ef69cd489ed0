/** The panel of jobs: what is done with a job that has ended, and how jobs are found. */
import { copyFileSync, existsSync } from 'node:fs';
import path from 'node:path';

import type { IJob } from '../../src/api';
import { expect, type Lab, test } from '../helpers/lab';
import { Editor, Jobs, newestJob } from '../helpers/savu';

/** A job of a list of that name has succeeded, and its page is open. */
async function finished(lab: Lab, name: string): Promise<Jobs> {
  const jobs = new Jobs(lab.page);
  const editor = new Editor(lab.page);
  copyFileSync(lab.file('demo_skimage.nxs'), lab.file(`${name}.nxs`));
  await lab.open(`${name}.nxs`);
  await editor.ready();
  await editor.button('Preview').click();
  const item = jobs.item(name, 'succeeded');
  await expect(item).toBeVisible({ timeout: 60_000 });
  await item.getByRole('button', { name: 'Details' }).click();
  return jobs;
}

test('a job shows what it made, and is run again and compared', async ({
  lab
}) => {
  const { page } = lab;
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const { region } = await finished(lab, 'made');
  const first = await newestJob(lab);
  const outputs = region.getByRole('region', { name: 'Outputs' });
  await expect(outputs.getByRole('listitem').first()).toContainText('result');
  const used = region.getByRole('region', { name: 'Resources' });
  await expect(
    used.getByRole('row', { name: /^Memory – \d+ MiB$/ })
  ).toBeVisible();
  await region.getByRole('button', { name: 'Copy as Python' }).click();
  await expect
    .poll(() => page.evaluate(() => navigator.clipboard.readText()))
    .toContain(`savu.submit("${lab.path('made.nxs')}"`);
  const log = region.getByRole('log');
  await expect(log).toContainText('ScikitimageFilterBackProjection');
  await region.getByLabel('What the log shows').selectOption('Everything');
  // Without a job that runs, nothing else draws the page soon.
  await expect(log).toContainText('Run folder', { timeout: 10_000 });
  await region.getByText('What runs').click();
  await expect(region.getByLabel('Command')).toContainText(first.folder.path);
  await outputs.getByRole('button', { name: 'Open tomo' }).first().click();
  await expect(
    page
      .getByRole('tabpanel', { name: /scan_processed/ })
      .locator('.jp-SavuViewer canvas')
      .first()
  ).toBeVisible();

  await region.getByRole('button', { name: 'Run again' }).click();
  await expect(async () => {
    const again = await newestJob(lab);
    expect(again.id).not.toBe(first.id);
    expect([again.list, again.state]).toEqual([first.list, 'succeeded']);
  }).toPass({ timeout: 60_000 });

  await region
    .getByRole('button', { name: 'Compare with another run…' })
    .click();
  await region.getByRole('searchbox').fill(`made ${lab.folder}`);
  const choice = { name: /^Choose made on scan/ };
  await expect(region.getByRole('checkbox', choice)).toHaveCount(2);
  await region.getByRole('checkbox', { ...choice, checked: false }).check();
  await region.getByRole('button', { name: 'Compare lists' }).click();
  await expect(page.getByRole('toolbar', { name: 'Comparison' })).toContainText(
    'Both lists do the same'
  );
  await region.getByRole('button', { name: 'Compare results' }).click();
  // The titles tell the run folders, since all else has the same names.
  const titles = page.locator('.jp-SavuSlices-title:visible');
  await expect(titles).toHaveCount(2);
  await expect(titles.first()).toContainText(path.basename(first.folder.path));
  await expect(titles.last()).not.toContainText(
    path.basename(first.folder.path)
  );
});

test('the data and the record of a job go one after the other', async ({
  lab
}) => {
  const { page } = lab;
  const { region } = await finished(lab, 'thrown-away');
  const job = await newestJob(lab);
  const folder = path.join(lab.file('..'), job.folder.path);

  const dialog = page.getByRole('dialog');
  await region.getByRole('button', { name: 'Delete data…' }).click();
  await expect(dialog).toContainText(job.folder.path);
  await expect(dialog).toContainText(/\d+ files, [\d.]+ [kM]B/);
  // Enter keeps what would be lost.
  await page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);
  expect(existsSync(folder)).toBe(true);

  await region.getByRole('button', { name: 'Delete data…' }).click();
  await dialog.getByRole('button', { name: 'Delete the data' }).click();
  await expect(region).toContainText('deleted on');
  expect(existsSync(folder)).toBe(false);
  await expect(region.getByRole('button', { name: 'Open result' })).toHaveCount(
    0
  );

  // By keyboard, since for some seconds a notification may lie over the button.
  await region
    .getByRole('button', { name: 'Remove from list…' })
    .press('Enter');
  await expect(dialog).toContainText('stay in the folder');
  await dialog.getByRole('button', { name: 'Remove from the list' }).click();
  await expect(
    region.getByRole('heading', { name: 'No jobs yet' })
  ).toBeVisible();
  expect((await lab.call(`savu/jobs/${job.id}`)).status).toBe(404);
});

test('jobs are searched, sorted and grouped', async ({ lab }) => {
  const { region } = await finished(lab, 'found');
  await region.getByRole('button', { name: 'All jobs' }).click();
  const items = region.getByRole('listitem');
  const search = region.getByRole('searchbox', { name: 'Search the jobs' });
  await search.fill('no such job');
  await expect(region).toContainText('No job matches.');
  await search.fill(`found ${lab.folder}`);
  await expect(items).toHaveCount(1);
  await search.fill('');
  await region.getByLabel('Groups of jobs').selectOption('Group by list');
  await expect(
    items.filter({ hasText: /^jobs-are-searched.*found1$/ })
  ).toBeVisible();
  await region.getByLabel('Order of the jobs').selectOption('Oldest first');
  await expect(region.getByLabel('Order of the jobs')).toHaveValue('oldest');
});

test('the form submits one list for rows of many scans', async ({ lab }) => {
  const { page } = lab;
  const editor = new Editor(page);
  await lab.open('demo_skimage.nxs');
  await editor.ready();
  // The only scan beside a list is chosen for it; this one comes later.
  copyFileSync(lab.file('scan.nxs'), lab.file('second.nxs'));
  await editor.button('Preview').click({ modifiers: ['Shift'] });
  const dialog = page.getByRole('dialog', { name: 'Run demo_skimage.nxs' });
  await expect(dialog.getByLabel('Queue', { exact: true })).toHaveValue(
    'preview'
  );
  await dialog.getByLabel('Queue', { exact: true }).selectOption('Full');
  const rows = dialog.getByLabel('Rows', { exact: true });
  await rows.fill('many');
  await dialog.getByRole('button', { name: 'Run' }).click();
  await expect(dialog.getByRole('alert')).toContainText('many is not a place');
  await expect(rows).toBeFocused();
  await rows.fill('60:62');
  const plan = dialog.getByRole('region', { name: 'Plan' });
  await plan.getByText('Passes and results').click();
  await expect(plan).toContainText('ScikitimageFilterBackProjection');
  await expect(plan).toContainText(/512 × 2 × 512 float32/);
  await dialog.getByRole('searchbox').fill(`${lab.folder} second`);
  await dialog.getByLabel(lab.path('second.nxs')).check();
  await expect(dialog).toContainText('On 2 scans, as one group');
  await dialog.getByRole('button', { name: 'Run' }).click();
  await expect(async () => {
    const { group, rows, data } = await newestJob(lab);
    expect([rows, data.path]).toEqual(['60:62', lab.path('second.nxs')]);
    const { items } = await lab.get<{ items: IJob[] }>('savu/jobs', {
      group: group!
    });
    expect(items.map(({ state }) => state)).toEqual(['succeeded', 'succeeded']);
  }).toPass({ timeout: 60_000 });
});
