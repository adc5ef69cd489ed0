/** Jobs: cancelling, failing, looking at the result. */
import { expect, test } from '../helpers/lab';
import { Editor, engineOf, Jobs, newestJob } from '../helpers/savu';

test('a run is cancelled', async ({ lab }) => {
  const jobs = new Jobs(lab.page);
  const editor = new Editor(lab.page);
  await lab.open('demo_fbp.nxs');
  await editor.ready();
  await editor.button('Full run').click();
  await jobs
    .item('demo_fbp', 'running')
    .getByRole('button', { name: 'Cancel job' })
    .click();
  await expect(jobs.item('demo_fbp', 'cancelled')).toBeVisible();
  const job = await newestJob(lab);
  expect([job.state, job.reason]).toEqual(['cancelled', 'CANCELLED_BY_USER']);
});

test('an engine that runs is seen everywhere, and its end is told', async ({
  lab
}) => {
  const { page } = lab;
  const jobs = new Jobs(lab.page);
  const editor = new Editor(lab.page);
  await lab.open('demo_fbp.nxs');
  await editor.ready();
  await editor.button('Full run').click();
  await expect(jobs.item('demo_fbp', 'running')).toBeVisible();

  const pid = engineOf(lab, await newestJob(lab));
  // It waits while it is looked at.
  process.kill(pid, 'SIGSTOP');
  await page.getByRole('tab', { name: /^Running/ }).click();
  await page.getByText(/^demo_fbp, \d+ %$/).click();
  await expect(
    jobs.region.getByRole('button', { name: 'Cancel job' })
  ).toBeVisible();
  const inStatusBar = page.getByTitle('Show the jobs');
  await expect(inStatusBar).toContainText(/\d running/);
  await jobs.region.getByRole('button', { name: 'All jobs' }).click();
  await page.getByRole('tab', { name: 'Jobs' }).click();
  await expect(jobs.region).toBeHidden();
  await inStatusBar.click();
  await expect(jobs.item('demo_fbp', 'running')).toBeVisible();

  process.kill(pid, 'SIGKILL');
  await page.getByRole('button', { name: 'Show log' }).click();
  await expect(
    jobs.region.getByRole('button', { name: 'Run again' })
  ).toBeVisible();
  await expect(jobs.region.getByRole('log')).toContainText('VoCentering');
});

test('a finished job opens its result in one tab, which stays that after a reload', async ({
  lab
}) => {
  const { page } = lab;
  const jobs = new Jobs(page);
  const editor = new Editor(page);
  await lab.open('demo_skimage.nxs');
  await editor.ready();
  await editor.button('Full run').click();
  const open = jobs
    .item('demo_skimage', 'succeeded')
    .getByRole('button', { name: 'Open result' });
  await open.click();
  const result = page.getByRole('tabpanel', { name: /scan_processed.nxs/ });
  const canvas = result.locator('.jp-SavuViewer canvas');
  await expect(canvas).toBeVisible();

  await lab.remembersTab('scan_processed.nxs');
  await lab.reload();
  await lab.tab('scan_processed.nxs').click();
  await expect(canvas).toBeVisible();
  await lab.tab('demo_skimage.nxs').click();
  await expect(canvas).toBeHidden();
  await lab.command('Show Jobs');
  await open.click();
  await expect(canvas).toBeVisible();
  await expect(lab.tab('scan_processed.nxs')).toHaveCount(1);
});
