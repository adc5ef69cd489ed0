/** What finds the centre of rotation, over the slices of a scan. */
import type { Locator, Page } from '@playwright/test';

import { expect, type Lab } from './lab';
import { brightness } from './picture';
import { Editor } from './savu';

export class Finder {
  constructor(page: Page) {
    this.view = page.getByRole('region', { name: 'Centre of rotation' });
    this.axis = this.view.getByRole('slider', { name: 'Axis of rotation' });
    this.overlay = this.view.getByRole('img', { name: /opposite projections/ });
    this.trials = this.view
      .getByRole('group', { name: /^Reconstructions of/ })
      .getByRole('button');
  }

  readonly view;
  readonly axis;
  readonly overlay;
  /** The small pictures. */
  readonly trials;

  field(name: string): Locator {
    return this.view.getByRole('textbox', { name });
  }

  button(name: string): Locator {
    return this.view.getByRole('button', { name, exact: true });
  }

  trial(centre: number): Locator {
    return this.view.getByRole('button', {
      name: `Centre ${centre}`,
      exact: true
    });
  }

  /** The column that the projections tell. */
  async guess(): Promise<number> {
    await expect(this.button('Guess')).toBeEnabled();
    return this.centre();
  }

  /** The column of the axis. */
  async centre(): Promise<number> {
    return Number(await this.axis.getAttribute('aria-valuenow'));
  }

  /** Reconstructs the row around centres, and waits for the pictures. */
  async try(start: number, stop: number, step: number): Promise<void> {
    const count = await this.begin(start, stop, step);
    await expect(this.trials).toHaveCount(count, { timeout: 60_000 });
  }

  /** Begins to reconstruct the row around centres; answers how many there are. */
  async begin(start: number, stop: number, step: number): Promise<number> {
    await this.field('First centre').fill(String(start));
    await this.field('Last centre').fill(String(stop));
    await this.field('Step between centres').fill(String(step));
    await this.field('Step between centres').press('Enter');
    const count = (stop - start) / step + 1;
    await this.button(`Try ${count} centres`).click();
    return count;
  }

  /** Waits until the overlay is drawn with the axis on a column. */
  async drawn(centre: number): Promise<void> {
    await expect(this.overlay).toHaveAttribute('data-centre', String(centre));
  }

  /** How much the overlay differs from white, where the projections agree. */
  async disagreement(): Promise<number> {
    const image = await brightness(this.overlay);
    const middle = image.slice(image.length / 4, (3 * image.length) / 4).flat();
    return (
      middle.reduce((sum, value) => sum + (255 - value), 0) / middle.length
    );
  }
}

/** Opens a list and the scan beside it in two tabs, and the finder over the scan. */
export async function openFinder(lab: Lab): Promise<Finder> {
  const { page } = lab;
  await lab.open('demo_fbp.nxs');
  await new Editor(page).ready();
  await page.getByRole('listitem', { name: /scan\.nxs/ }).dblclick();
  const picture = page.getByRole('group', { name: 'Picture' });
  await picture.locator('canvas').waitFor();
  await picture.press('c');
  return new Finder(page);
}
