/** The slice view in the cells of a notebook, with a real kernel. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';

import type { Locator } from '@playwright/test';

import { expect, type Lab, test } from '../helpers/lab';
import { Slices } from '../helpers/slices';

const VIEW = 'application/vnd.jupyterlab-savu.view+json';

interface ICell {
  outputs: {
    data?: Record<string, unknown>;
    text?: string | string[];
  }[];
}

/** A notebook that is open, and its file. */
class Notebook {
  constructor(
    private readonly _lab: Lab,
    private readonly _name: string
  ) {}

  /** Writes a notebook with these cells, and opens it. */
  async create(...sources: string[]): Promise<void> {
    const cells = sources.map((source, number) => ({
      cell_type: 'code',
      id: `cell-${number}`,
      metadata: {},
      execution_count: null,
      outputs: [],
      source
    }));
    const kernelspec = { name: 'python3', display_name: 'Python 3' };
    const notebook = {
      cells,
      metadata: { kernelspec },
      nbformat: 4,
      nbformat_minor: 5
    };
    writeFileSync(this._lab.file(this._name), JSON.stringify(notebook));
    await this._lab.open(this._name);
  }

  cell(number: number): Locator {
    return this._lab.page.locator('.jp-CodeCell').nth(number);
  }

  async run(): Promise<void> {
    await expect(
      this._lab.page.getByText('Python 3 (ipykernel) | Idle')
    ).toBeVisible({ timeout: 60_000 });
    await this._lab.command('Run All Cells');
  }

  /** The cells in the file. */
  stored(): ICell[] {
    return JSON.parse(readFileSync(this._lab.file(this._name), 'utf8')).cells;
  }
}

/** Ends all kernels, as when the machine is started again. */
async function endKernels(lab: Lab): Promise<void> {
  for (const { id } of await lab.get<{ id: string }[]>('api/sessions')) {
    await lab.call(`api/sessions/${id}`, { method: 'DELETE' });
  }
}

test('views in cells show the data, and are still there when the notebook is opened again', async ({
  lab
}) => {
  // A kernel, and three starts of JupyterLab
  test.slow();
  const { page } = lab;
  const notebook = new Notebook(lab, 'views.ipynb');
  await notebook.create(
    [
      'from jupyterlab_savu.client import Savu',
      'savu = Savu()',
      'view = savu.view("./scan.nxs", slice=100)',
      'view'
    ].join('\n'),
    'savu.view("./scan.nxs", axis="detector_y", slice=64, height=600)',
    'print(1)'
  );
  await notebook.run();

  const first = new Slices(lab, notebook.cell(0));
  const second = new Slices(lab, notebook.cell(1));
  await first.at(100, 64, 256);
  const projection = await first.data('100,:,:');
  await expect.poll(() => first.agreement(projection)).toBeGreaterThan(0.98);
  await second.canvas.scrollIntoViewIfNeeded();
  const sinogram = await second.data(':,64,:');
  await expect.poll(() => second.agreement(sinogram)).toBeGreaterThan(0.98);

  const still = await second.canvas.getAttribute('data-plane');
  await first.index.fill('120');
  await first.at(120, 64, 256);
  const other = await first.data('120,:,:');
  await expect.poll(() => first.agreement(other)).toBeGreaterThan(0.98);
  await expect(second.canvas).toHaveAttribute('data-plane', still!);

  // Keys are those of the view, not the notebook's, in which r makes the cell raw.
  // So is the wheel, but only once the picture was clicked.
  await first.picture.hover();
  await page.mouse.wheel(0, 10);
  await first.picture.click();
  await first.picture.press('ArrowRight');
  await first.at(121, 64, 256);
  await page.mouse.wheel(0, 10);
  await first.at(122, 64, 256);
  await first.picture.press('ArrowLeft');
  await first.at(121, 64, 256);
  await first.picture.press('r');
  await expect(first.picture).toHaveClass(/jp-mod-region/);
  await expect(page.locator('.jp-CodeCell')).toHaveCount(3);

  // What is copied here runs in a cell.
  const copied = await first.copied('Copy as Python');
  await notebook
    .cell(2)
    .getByRole('textbox')
    .first()
    .fill(`${copied}print(picture[64, 256], picture.shape)`);
  await page.keyboard.press('Shift+Enter');
  const [row] = (await first.data('121,64:65,256:257'))[0];
  await expect(notebook.cell(2).getByText(/\(128, 512\)/)).toHaveText(
    `${row} (128, 512)`
  );

  // The kernel knows where the user is, and the view goes where the next cell says.
  await first.index.fill('77');
  await first.at(77, 64, 256);
  const brightest = notebook
    .cell(0)
    .getByRole('textbox', { name: 'Brightest value' });
  await brightest.fill('20000');
  await brightest.press('Enter');
  await first.picture.scrollIntoViewIfNeeded();
  await expect(first.picture).toHaveClass(/jp-mod-region/);
  const box = (await first.picture.boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 40, y + 20);
  await page.mouse.up();
  const [firstRow, firstColumn] = ['First row', 'First column'].map(name =>
    notebook.cell(0).getByRole('textbox', { name })
  );
  await expect(firstRow).not.toHaveValue('0');
  const [top, left] = [
    await firstRow.inputValue(),
    await firstColumn.inputValue()
  ];
  const told = notebook.cell(2);
  await told
    .getByRole('textbox')
    .first()
    .fill(
      [
        'print(view.slice, view.contrast[1], view.region[0].start, view.region[1].start)',
        'view.slice = 40',
        'view.region = None'
      ].join('\n')
    );
  await page.keyboard.press('Shift+Enter');
  await expect(told.getByText(/^77 /)).toHaveText(`77 20000.0 ${top} ${left}`);
  await first.at(40, 64, 256);
  await expect(firstRow).toHaveValue('0');

  // The height is kept with the notebook; Ctrl+S saves from inside of the view.
  const height = notebook.cell(0).getByRole('separator', {
    name: 'Height of the view'
  });
  await height.focus();
  await height.press('Shift+ArrowUp');
  await height.press('Control+s');
  // The file may be half written when it is read.
  await expect(() => {
    const { data } = notebook.stored()[0].outputs[0];
    expect(data![VIEW]).toMatchObject({
      path: lab.path('scan.nxs'),
      plane: '100,:,:',
      height: 380
    });
    expect(Object.keys(data!)).toContain('image/png');
    expect(String(data!['text/plain'])).toContain('scan.nxs');
  }).toPass({ timeout: 30_000 });

  await endKernels(lab);
  await lab.reload();
  await first.at(100, 64, 256);
  await expect.poll(() => first.agreement(projection)).toBeGreaterThan(0.98);
  expect(
    (await notebook.cell(0).locator('.jp-SavuOutput').boundingBox())!.height
  ).toBe(380);

  rmSync(lab.file('scan.nxs'));
  await endKernels(lab);
  await lab.reload();
  await expect(notebook.cell(0).getByText(/moved or deleted/)).toBeVisible();
});
