/** The centre of rotation, found in the picture and set in the process list. */
import { faults } from '../helpers/accessibility';
import { openFinder } from '../helpers/finder';
import { expect, test } from '../helpers/lab';
import {
  Editor,
  engineOf,
  listAsRun,
  newestJob,
  storedList,
  values
} from '../helpers/savu';

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('opposite projections show the centre, and trials around it set it in the list', async ({
  lab
}) => {
  test.slow();
  const { page } = lab;
  const finder = await openFinder(lab);
  const { axis } = finder;
  const file = lab.path('demo_fbp.nxs');
  const truth = await values<number>(
    lab,
    lab.path('scan.nxs'),
    '/truth/centre',
    ''
  );
  await expect(axis).toBeFocused();
  const guess = await finder.guess();
  expect(Math.abs(guess - truth)).toBeLessThan(0.3);

  // The axis moves without a word to the server, and the mirrored picture with it.
  await finder.drawn(guess);
  const agreed = await finder.disagreement();
  const asked: string[] = [];
  page.on('request', request => asked.push(request.url()));
  for (let step = 0; step < 10; step++) {
    await axis.press('ArrowRight');
  }
  await axis.press('Shift+ArrowLeft');
  const moved = Math.round((guess + 4.9) * 100) / 100;
  await finder.drawn(moved);
  expect(await finder.disagreement()).toBeGreaterThan(1.2 * agreed);
  const box = (await finder.overlay.boundingBox())!;
  const grip = (await axis.boundingBox())!;
  const height = grip.y + grip.height / 2;
  const pixel = box.width / 512;
  await page.mouse.move(grip.x + grip.width / 2, height);
  await page.mouse.down();
  await page.mouse.move(grip.x + grip.width / 2 - 20 * pixel, height, {
    steps: 5
  });
  await page.mouse.up();
  expect(Math.abs((await finder.centre()) - (moved - 20))).toBeLessThan(0.6);
  expect(asked.filter(url => url.includes('slices'))).toEqual([]);
  await finder.button('Guess').click();
  await finder.drawn(guess);

  // Some centres are tried on one row.
  const first = Math.round(truth) - 4;
  await finder.field('Number of the row').fill('40');
  const before = await storedList(lab, file);
  await finder.try(first, first + 8, 2);
  const trial = await listAsRun(lab, await newestJob(lab));
  expect(trial.plugins.map(({ name, active }) => [name, active])).toEqual(
    before.plugins.map(({ name }) => [name, name !== 'VoCentering'])
  );
  expect(JSON.parse(trial.plugins[0].parameters.preview)[1]).toBe('40');
  const tried = [0, 2, 4, 6, 8].map(more => `${first + more}.0`);
  expect(JSON.parse(trial.plugins[4].parameters.centre_of_rotation)).toBe(
    tried.join(';')
  );
  expect(await storedList(lab, file)).toEqual(before);

  // Keys go through them, and Enter takes one.
  const best = finder.trial(first + 4);
  const lower = finder.trial(first + 2);
  const large = (centre: number) =>
    finder.view.getByRole('group', { name: `Centre ${centre}, row 40` });
  await expect(large(first + 4)).toBeVisible();
  await best.press('ArrowLeft');
  await expect(lower).toBeFocused();
  await expect(large(first + 2)).toBeVisible();
  await expect(finder.field('Column of the axis')).toHaveValue(`${first + 2}`);
  await page.keyboard.press('ArrowRight');
  await expect(best).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(best).toHaveAttribute('aria-pressed', 'true');

  expect(await faults(lab, '.jp-SavuCentre')).toEqual([]);
  await lab.tab('demo_fbp.nxs').click();
  const editor = new Editor(page);
  await expect(editor.parameter('centre_of_rotation')).toHaveValue(
    `${first + 4}.0`
  );
  const measuring = page.getByRole('switch', { name: 'VoCentering on' });
  await expect(measuring).toHaveAttribute('aria-checked', 'false');
  await editor.plugins.focus();
  await page.keyboard.press('ControlOrMeta+z');
  await expect(measuring).toHaveAttribute('aria-checked', 'true');
  await expect(editor.parameter('centre_of_rotation')).not.toHaveValue(
    `${first + 4}.0`
  );
  // Trials that take too long are cancelled, and nothing of them goes on.
  await editor.parameter('algorithm').selectOption({ label: 'SIRT' });
  await editor.parameter('n_iterations').fill('500');
  await lab.tab('scan.nxs').click();
  await expect(best).toHaveAttribute('aria-pressed', 'false');
  await finder.begin(first, first + 8, 1);
  const progress = finder.view.getByRole('status');
  await expect(progress).toContainText('AstraReconCpu');
  const job = await newestJob(lab);
  expect(job.state).toBe('running');
  const engine = engineOf(lab, job);
  expect(isAlive(engine)).toBe(true);
  await finder.button('Cancel').click();
  await expect(progress).toHaveCount(0);
  await expect.poll(async () => (await newestJob(lab)).state).toBe('cancelled');
  await expect.poll(() => isAlive(engine)).toBe(false);
  expect((await newestJob(lab)).id).toBe(job.id);
  await expect(finder.trials).toHaveCount(tried.length);
});
