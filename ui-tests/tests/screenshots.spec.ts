/** The pictures of the documents; kept only when SAVU_SCREENSHOTS names their folder. */
import path from 'node:path';

import { expect, test } from '../helpers/lab';
import { drawn } from '../helpers/picture';
import { Editor, Jobs } from '../helpers/savu';

const folder = process.env.SAVU_SCREENSHOTS;

for (const [name, theme] of [
  ['main', 'JupyterLab Light'],
  ['main-dark', 'JupyterLab Dark']
]) {
  test(`the picture ${name}`, async ({ lab }) => {
    const { page } = lab;
    await lab.setTheme(theme);
    try {
      await lab.goto('lab/workspaces/savu');
      const editor = new Editor(page);
      await editor.plugin('AstraReconCpu').click();
      await editor.ready();
      await editor.button('Preview').click();
      await expect(
        new Jobs(page).item('demo_fbp', 'succeeded').first()
      ).toBeVisible({ timeout: 60_000 });
      const result = page
        .getByRole('tabpanel', { name: /scan_processed/ })
        .locator('.jp-SavuViewer canvas');
      await expect(result).toBeVisible();
      await drawn(result);
      const notification = page.locator('.Toastify__close-button');
      for (const close of await notification.all()) {
        await close.click();
      }
      await expect(notification).toHaveCount(0);
      const picture = await page.screenshot(
        folder ? { path: path.join(folder, `${name}.png`) } : {}
      );
      expect(picture.length).toBeGreaterThan(50_000);
    } finally {
      await lab.setTheme('JupyterLab Light');
    }
  });
}
