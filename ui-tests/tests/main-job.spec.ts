/** From the scan to the picture: what the extension is for. */
import { expect, test } from '../helpers/lab';
import {
  brightness,
  correlation,
  fitted,
  type Image,
  mirrored,
  shrink,
  transposed,
  upsideDown
} from '../helpers/picture';
import { Editor, Jobs, newestJob, listAsRun, values } from '../helpers/savu';

/** The picture is compared in so many cells. */
const CELLS = 200;

test('change the filter, preview, watch, and see the slice', async ({
  lab
}) => {
  const { page } = lab;
  const editor = new Editor(page);
  const jobs = new Jobs(page);

  await lab.goto('lab/workspaces/savu');
  await expect(lab.tabs).toHaveText(['demo_fbp.nxs', 'scan.nxs']);
  await expect(jobs.region).toBeVisible();
  await expect(page.locator('.jp-SavuViewer canvas')).toBeVisible();

  // Rows enough for progress to be seen, however fast the machine is.
  await editor.plugin('NxtomoLoader').click();
  await page.getByLabel('preview detector_y start').fill('34');
  await page.getByLabel('preview detector_y stop').fill('94');

  await editor.plugin('AstraReconCpu').click();
  await editor.parameter('Level').selectOption('Intermediate');
  await editor.parameter('FBP_filter').selectOption({ label: 'hann' });
  await editor.ready();

  const progress = await jobs.watchProgress();
  await editor.button('Preview').click();
  await expect(jobs.item('demo_fbp', 'succeeded')).toBeVisible({
    timeout: 60_000
  });

  const seen = await progress();
  const moving = seen.filter(percent => percent > 0 && percent < 100);
  expect(moving.length).toBeGreaterThan(1);
  expect(moving).toEqual([...moving].sort((a, b) => a - b));

  const job = await newestJob(lab);
  const ran = await listAsRun(lab, job);
  expect(ran.plugins[4].parameters.FBP_filter).toBe('"hann"');

  await expect(lab.tab('scan_processed.nxs')).toBeVisible();
  const result = page
    .getByRole('tabpanel', { name: /scan_processed/ })
    .locator('.jp-SavuViewer canvas');
  await expect(result).toBeVisible();

  const { path, dataset } = job.result!;
  const slice = async (row: number) =>
    shrink(await values<Image>(lab, path, dataset!, `:,${row},:`), CELLS);
  const expected = await slice(30);
  let picture: Image = [];
  const agreement = async () => {
    picture = shrink(fitted(await brightness(result), 512, 512), CELLS);
    return correlation(picture, expected);
  };
  await expect.poll(agreement, { timeout: 30_000 }).toBeGreaterThan(0.95);

  // Another slice differs little but in its noise; the part has no symmetry.
  const agreed = correlation(picture, expected);
  for (const row of [26, 29, 31]) {
    expect(correlation(picture, await slice(row))).toBeLessThan(agreed);
  }
  const turned = [
    mirrored(expected),
    upsideDown(expected),
    transposed(expected),
    mirrored(upsideDown(expected))
  ];
  for (const other of turned) {
    expect(correlation(picture, other)).toBeLessThan(agreed - 0.01);
  }
});
