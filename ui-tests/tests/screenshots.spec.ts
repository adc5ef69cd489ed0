/** The pictures of the documents; kept only when SAVU_SCREENSHOTS names their folder. */
import { rmSync } from 'node:fs';
import path from 'node:path';

import { openFinder } from '../helpers/finder';
import { expect, test } from '../helpers/lab';
import { Editor, Jobs } from '../helpers/savu';

const folder = process.env.SAVU_SCREENSHOTS;

for (const [name, theme] of [
  ['main', 'JupyterLab Light'],
  ['main-dark', 'JupyterLab Dark']
]) {
  test(`the picture ${name}`, async ({ lab }) => {
    const { page } = lab;
    // Only the demo is to be seen.
    rmSync(lab.file('.'), { recursive: true });
    await lab.setTheme(theme);
    try {
      await lab.goto('lab/workspaces/savu');
      const editor = new Editor(page);
      await editor.plugin('AstraReconCpu').click();
      await editor.ready();
      await editor.button('Preview').click();
      const jobs = new Jobs(page);
      const item = jobs.region.getByRole('listitem').first();
      await expect(item).toHaveAccessibleName(
        /demo_fbp (queued|starting|running)/
      );
      await expect(item).toHaveAccessibleName('demo_fbp succeeded', {
        timeout: 60_000
      });
      const result = page
        .getByRole('tabpanel', { name: /scan_processed/ })
        .locator('.jp-SavuViewer canvas');
      await expect(result).toBeVisible();
      await expect(result).toHaveAttribute('data-plane', /\d/);
      const message = page.getByText('demo_fbp is done');
      await message.waitFor();
      await page.locator('[class*="Toast-Close"]').first().click();
      await expect(message).toHaveCount(0);
      const picture = await page.screenshot(
        folder ? { path: path.join(folder, `${name}.png`) } : {}
      );
      expect(picture.length).toBeGreaterThan(50_000);
    } finally {
      await lab.setTheme('JupyterLab Light');
    }
  });
}

if (folder) {
  test('the picture centre', async ({ lab }) => {
    const { page } = lab;
    await page.setViewportSize({ width: 1280, height: 860 });
    const finder = await openFinder(lab);
    const guess = Math.round(Number(await finder.guess()));
    await finder.try(guess - 8, guess + 8, 2);
    await finder.trial(guess).click();
    await expect(finder.trial(guess)).toHaveAttribute('aria-pressed', 'true');
    const message = page.getByText('VoCentering is off now');
    await message.waitFor();
    await page.locator('[class*="Toast-Close"]').first().click();
    await expect(message).toHaveCount(0);
    await page.mouse.move(0, 0);
    await finder.view.screenshot({ path: path.join(folder, 'centre.png') });
  });
}
