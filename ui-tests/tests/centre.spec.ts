/** The centre of rotation, found in the picture and set in the process list. */
import type { Page } from '@playwright/test';

import { faults } from '../helpers/accessibility';
import { expect, type Lab, test } from '../helpers/lab';
import { brightness, type Image } from '../helpers/picture';
import {
  Editor,
  listAsRun,
  newestJob,
  storedList,
  values
} from '../helpers/savu';

class Finder {
  constructor(page: Page) {
    this.view = page.getByRole('region', { name: 'Centre of rotation' });
    this.axis = this.view.getByRole('slider', { name: 'Axis of rotation' });
    this.overlay = this.view.getByRole('img', { name: /opposite projections/ });
    this.strip = this.view.getByRole('group', { name: /^Reconstructions of/ });
  }

  readonly view;
  readonly axis;
  readonly overlay;
  readonly strip;

  field(name: string) {
    return this.view.getByRole('textbox', { name });
  }

  button(name: string) {
    return this.view.getByRole('button', { name, exact: true });
  }

  /** Waits until the overlay is drawn with the axis on a column. */
  async drawn(centre: number): Promise<void> {
    await expect(this.overlay).toHaveAttribute('data-centre', String(centre));
  }

  /** How much the overlay differs from white, where the projections agree. */
  async disagreement(): Promise<number> {
    const image: Image = await brightness(this.overlay);
    const middle = image.slice(image.length / 4, (3 * image.length) / 4).flat();
    return (
      middle.reduce((sum, value) => sum + (255 - value), 0) / middle.length
    );
  }
}

/** The list and the scan in two tabs, with the scan in front. */
async function open(lab: Lab): Promise<Finder> {
  const { page } = lab;
  await lab.open('demo_fbp.nxs');
  await new Editor(page).ready();
  await page.getByRole('listitem', { name: /scan\.nxs/ }).dblclick();
  const picture = page.getByRole('group', { name: 'Picture' });
  await picture.locator('canvas').waitFor();
  await picture.press('c');
  return new Finder(page);
}

test('opposite projections show the centre, and trials around it set it in the list', async ({
  lab
}) => {
  const { page } = lab;
  const finder = await open(lab);
  const { axis, strip } = finder;
  const file = lab.path('demo_fbp.nxs');
  const truth = await values<number>(
    lab,
    lab.path('scan.nxs'),
    '/truth/centre',
    ''
  );
  await expect(axis).toBeFocused();
  await expect(finder.button('Guess')).toBeEnabled();
  const guess = Number(await axis.getAttribute('aria-valuenow'));
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
  const dragged = Number(await axis.getAttribute('aria-valuenow'));
  expect(Math.abs(dragged - (moved - 20))).toBeLessThan(0.6);
  expect(asked.filter(url => url.includes('slices'))).toEqual([]);
  await finder.button('Guess').click();
  await finder.drawn(guess);

  // Some centres are tried on one row.
  const first = Math.round(truth) - 4;
  await finder.field('Number of the row').fill('40');
  await finder.field('First centre').fill(String(first));
  await finder.field('Last centre').fill(String(first + 8));
  await finder.field('Step between centres').fill('2');
  await finder.field('Step between centres').press('Enter');
  const before = await storedList(lab, file);
  await finder.button('Try 5 centres').click();
  await expect(strip.getByRole('button')).toHaveCount(5, { timeout: 60_000 });
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
  const best = strip.getByRole('button', { name: `Centre ${first + 4}` });
  const lower = strip.getByRole('button', { name: `Centre ${first + 2}` });
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
  await lab.tab('scan.nxs').click();
  await expect(best).toHaveAttribute('aria-pressed', 'false');
});
