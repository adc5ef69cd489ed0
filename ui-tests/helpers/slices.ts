/** The slice view, found as its users find it, and compared with the numbers that it shows. */
import { expect, type Locator, type Page } from '@playwright/test';

import type { Lab } from './lab';
import { brightness, correlation, fitted, type Image, shrink } from './picture';
import { values } from './savu';

/** The projections of the demo's scan. */
export const DATA = '/entry1/tomo_entry/data/data';
const CELLS = 64;

/** The view, wherever its data come from. */
export class Picture {
  constructor(within: Page | Locator) {
    this.picture = within.getByRole('group', { name: 'Picture' });
    this.canvas = this.picture.locator('canvas');
    this.bar = within.getByRole('toolbar', { name: 'Slice' });
    this.index = within.getByRole('spinbutton', { name: /^Index along/ });
  }

  readonly picture;
  readonly canvas;
  readonly bar;
  readonly index;

  /** Waits until the plane at these indices is drawn. */
  async at(...indices: number[]): Promise<void> {
    await expect(this.canvas).toHaveAttribute('data-plane', indices.join(','));
  }

  /** Draws a region around the middle of the picture. */
  async drawRegion(): Promise<void> {
    const { mouse } = this.picture.page();
    const { x, y, width, height } = (await this.picture.boundingBox())!;
    await this.picture.press('r');
    await mouse.move(x + width * 0.25, y + height * 0.48);
    await mouse.down();
    await mouse.move(x + width * 0.75, y + height * 0.52, { steps: 4 });
    await mouse.up();
  }

  /** Chooses from the menu of the button that saves. */
  async save(entry: string): Promise<void> {
    await this.bar.getByRole('button', { name: /^Save/ }).click();
    await this.bar.page().getByRole('menuitem', { name: entry }).click();
  }

  /** What an entry of that menu copies as text. */
  async copied(entry: string): Promise<string> {
    const page = this.bar.page();
    await page
      .context()
      .grantPermissions(['clipboard-read', 'clipboard-write']);
    await this.save(entry);
    await expect(page.getByText('Copied.')).toBeVisible();
    return page.evaluate(() => navigator.clipboard.readText());
  }

  /** Agreement of what is drawn, fitted into its place, with a part of the data: -1 to 1. */
  async agreement(expected: Image): Promise<number> {
    const image = await brightness(this.canvas);
    const drawn = fitted(image, expected.length, expected[0].length);
    return correlation(shrink(drawn, CELLS), shrink(expected, CELLS));
  }
}

/** The view of the demo's scan, in JupyterLab. */
export class Slices extends Picture {
  constructor(
    private readonly _lab: Lab,
    within: Page | Locator
  ) {
    super(within);
  }

  async data(selection: string): Promise<Image> {
    return values<Image>(this._lab, 'scan.nxs', DATA, selection);
  }
}
