/** The extension as a part of JupyterLab. */
import { expect, test } from '../helpers/lab';
import { Editor, Jobs } from '../helpers/savu';

interface IWorkspace {
  data: Record<string, Record<'left' | 'right', { current?: string }>>;
}

test('a reload restores what was open', async ({ lab }) => {
  const { page } = lab;
  await lab.open('demo_fbp.nxs');
  await lab.command('Show Jobs');
  await expect(new Jobs(page).region).toBeVisible();
  await expect(new Editor(page).plugin('1 NxtomoLoader')).toBeVisible();
  await lab.command('Show Data');
  // JupyterLab keeps the layout a moment after each change.
  await expect
    .poll(async () => {
      const { data } = await lab.get<IWorkspace>(
        `lab/api/workspaces/${lab.workspace}`
      );
      const layout = data['layout-restorer:data'];
      return [layout?.left?.current, layout?.right?.current];
    })
    .toEqual(['jupyterlab-savu-data', 'jp-savu-jobs']);

  await lab.goto(`lab/workspaces/${lab.workspace}`);
  await expect(lab.tabs).toHaveText(['demo_fbp.nxs']);
  await expect(new Editor(page).plugin('1 NxtomoLoader')).toBeVisible();
  await expect(new Jobs(page).region).toBeVisible();
  await expect(page.getByLabel('Find data')).toBeVisible();
});

test('data is found by parts of its path', async ({ lab }) => {
  const { page } = lab;
  await lab.open('demo_fbp.nxs');
  await lab.command('Show Data');
  await page.getByLabel('Find data').fill(`${lab.folder} scan`);
  const scans = page.getByRole('group', { name: 'Scans' });
  await expect(scans.getByRole('option')).toHaveCount(1);
  await expect(scans.getByRole('option')).toContainText('201 × 128 × 512');

  await scans.getByRole('option').dblclick();
  await expect(lab.tab('scan.nxs')).toBeVisible();
  await expect(page.locator('.jp-SavuViewer canvas')).toBeVisible();
});

test('dark theme: everything follows', async ({ lab }) => {
  const { page } = lab;
  await lab.open('demo_fbp.nxs');
  await lab.command('Show Jobs');
  const luminance = (selector: string) =>
    page
      .locator(selector)
      .first()
      .evaluate(node => {
        // The colour of the nearest ancestor that has one.
        for (let at: Element | null = node; at; at = at.parentElement) {
          const parts = getComputedStyle(at).backgroundColor.match(/[\d.]+/g)!;
          if (parts.length === 3 || Number(parts[3]) > 0) {
            return Math.max(...parts.slice(0, 3).map(Number));
          }
        }
        return 255;
      });
  const places = ['.jp-SavuList', '.jp-SavuParameters', '.jp-SavuJobs'];
  for (const place of places) {
    expect(await luminance(place)).toBeGreaterThan(200);
  }

  await lab.setTheme('JupyterLab Dark');
  try {
    await lab.reload();
    await expect(page.locator('body')).toHaveAttribute(
      'data-jp-theme-light',
      'false'
    );
    for (const place of places) {
      await expect.poll(() => luminance(place)).toBeLessThan(60);
    }
  } finally {
    await lab.setTheme('JupyterLab Light');
  }
});
