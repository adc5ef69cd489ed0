/** The fields of parameters: each kind as its users work it. */
import type { Page } from '@playwright/test';

import type { IPlugin, IProcessList } from '../../src/api';
import { expect, type Lab, test } from '../helpers/lab';
import { Editor, makeList, storedList } from '../helpers/savu';

const LIST = 'fields.nxs';
const WIDTH = { width: 1280, height: 900 };

type Plugins = Parameters<typeof makeList>[2];

/** Opens a list of plugins and selects the last of them. */
async function open(
  lab: Lab,
  plugins: Plugins,
  level = 'Advanced'
): Promise<Editor> {
  await lab.page.setViewportSize(WIDTH);
  await makeList(lab, LIST, plugins);
  await lab.open(LIST);
  const editor = new Editor(lab.page);
  await editor.parameter('Level').selectOption(level);
  await editor.plugin(plugins[plugins.length - 1][0]).click();
  return editor;
}

/** Saves the list, and answers a plugin as the file holds it. */
async function saved(lab: Lab, index = 0): Promise<IPlugin['parameters']> {
  await lab.page.keyboard.press('ControlOrMeta+s');
  await expect(lab.tab(LIST)).not.toHaveClass(/jp-mod-dirty/);
  const list: IProcessList = await storedList(lab, lab.path(LIST));
  return list.plugins[index].parameters;
}

async function chooseTool(
  page: Page,
  parameter: string,
  item: RegExp
): Promise<void> {
  await page.getByRole('button', { name: `More for ${parameter}` }).click();
  await page.getByRole('menuitem', { name: item }).click();
}

test('a list is a table whose lines come, go and move by keyboard', async ({
  lab
}) => {
  const editor = await open(lab, [['OtsuThresh']]);
  const { page } = lab;
  const line = (number: number) => editor.parameter(`directions ${number}`);
  await line(4).press('Alt+ArrowUp');
  await expect(line(3)).toHaveValue('below');
  await expect(line(3)).toBeFocused();

  await line(4).press('Enter');
  await expect(line(5)).toBeFocused();
  await line(5).fill('beyond');
  await page.getByRole('button', { name: 'Remove directions 1' }).click();
  expect((await saved(lab)).directions).toBe(
    '["above", "below", "right", "beyond"]'
  );

  await editor.button('Reset directions').press('Enter');
  await expect(line(1)).toHaveValue('left');
  await expect(editor.button('Reset directions')).toHaveCount(0);
});

test('a dictionary has keys and values, and a choice of kinds keeps the number', async ({
  lab
}) => {
  const editor = await open(lab, [
    ['AstraReconCpu', { centre_of_rotation: '84.5' }]
  ]);
  const { page } = lab;
  await editor
    .parameter('Kind of centre_of_rotation')
    .selectOption({ label: 'By key' });
  await editor.button('Add to centre_of_rotation').click();
  await page.getByLabel('centre_of_rotation: key 2').fill('100');
  const second = page.getByLabel('centre_of_rotation: value of 100');
  await second.fill('85');
  await second.press('ArrowUp');
  await expect(second).toHaveValue('86.0');
  expect((await saved(lab)).centre_of_rotation).toBe(
    '{"0": 84.5, "100": 86.0}'
  );

  await editor
    .parameter('Kind of centre_of_rotation')
    .selectOption({ label: 'One value' });
  await expect(editor.parameter('centre_of_rotation')).toHaveValue('84.5');

  // A pair of numbers or of nothing: two fields, of which an empty one is None.
  await page.getByLabel('force_zero 2').fill('3');
  expect((await saved(lab)).force_zero).toBe('[null, 3.0]');
});

test('a preview names the dimensions of the scan and measures what is taken', async ({
  lab
}) => {
  const editor = await open(lab, [['NxtomoLoader']]);
  const { page } = lab;
  const preview = page.getByRole('group', { name: 'preview', exact: true });
  const part = (name: string) => page.getByLabel(`preview ${name}`);
  await expect(preview.getByRole('status')).toHaveText(
    'Shape: 181 × 128 × 512'
  );
  await part('detector_y start').fill('mid-4');
  await part('detector_y stop').fill('mid+4');
  await part('rotation_angle step').fill('2');
  await expect(preview.getByRole('status')).toHaveText('Shape: 91 × 8 × 512');
  expect((await saved(lab)).preview).toBe(
    '["start:end:2", "mid-4:mid+4", ":"]'
  );

  await part('detector_x stop').fill('513');
  await expect(preview).toContainText('0:513 reaches beyond the data');
  await expect(part('detector_x stop')).toHaveAttribute('aria-invalid', 'true');
  await editor.button('Undo').click();
  await expect(preview.getByRole('status')).toHaveText('Shape: 91 × 8 × 512');
});

test('each of several data sets has a preview of its own', async ({ lab }) => {
  const editor = await open(lab, [['MmLoader']]);
  const { page } = lab;
  await editor
    .parameter('Kind of preview')
    .selectOption({ label: 'One for each data set' });
  await editor.button('Add to preview').click();
  await page.getByLabel('preview: key 1').fill('fluo');
  await editor.button('Add a dimension to preview: value of fluo').click();
  await editor.button('Add a dimension to preview: value of fluo').click();
  await page.getByLabel('preview: value of fluo dim2 start').fill('5');
  await page.getByLabel('preview: value of fluo dim2 stop').fill('10');
  expect((await saved(lab)).preview).toBe('{"fluo": [":", "5:10"]}');
});

test('a path in a file is found in the scan, and in the file named beside it', async ({
  lab
}) => {
  const editor = await open(lab, [['NxtomoLoader']]);
  const { page } = lab;
  const look = (label: string) =>
    editor.button(`Look for ${label} in the file`);
  const tree = (label: string) =>
    page.getByRole('tree', { name: `What the file holds for ${label}` });

  await look('data_path').click();
  const frames = tree('data_path').getByRole('treeitem', {
    name: '201 × 128 × 512'
  });
  await expect(frames).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(tree('data_path')).toHaveCount(0);
  await expect(editor.parameter('data_path')).toHaveValue(
    'entry1/tomo_entry/data/detector_x'
  );
  await editor.button('Reset data_path').click();

  // The file is chosen in JupyterLab's own dialog, and written as programs find it.
  await editor.button('Choose a file for dark: file').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('scan.nxs').click();
  await dialog.getByRole('button', { name: 'Select' }).click();
  await expect(editor.parameter('dark: file')).toHaveValue(
    new RegExp(`^/.*/${lab.path('scan.nxs')}$`)
  );
  await look('dark: path in it').click();
  const items = tree('dark: path in it').getByRole('treeitem');
  await items.filter({ hasText: 'entry1' }).click();
  await items.filter({ hasText: 'tomo_entry' }).click();
  await items.filter({ hasText: 'definition' }).click();
  expect(JSON.parse((await saved(lab)).dark)).toEqual([
    lab.file('scan.nxs'),
    'entry1/tomo_entry/definition',
    1
  ]);
});

test('several values are tried as a range that runs alike in Savu', async ({
  lab
}) => {
  const editor = await open(lab, [
    ['MedianFilter', { kernel_size: '"3;5;7"' }],
    ['AstraReconCpu']
  ]);
  const { page } = lab;
  await chooseTool(page, 'centre_of_rotation', /Try Several Values/);
  const form = page.getByRole('form', {
    name: 'Several values of centre_of_rotation'
  });
  await form.getByRole('radio', { name: 'Range' }).check();
  await form.getByRole('textbox', { name: 'from' }).fill('0');
  await form.getByRole('textbox', { name: 'to before' }).fill('10');
  await form.getByRole('textbox', { name: 'in steps of' }).fill('2');
  await expect(form).toContainText('5 values → 15 reconstructions');
  await expect(form).toContainText('Savu 4.2 would run only 2, 4, 6, 8');
  await page.keyboard.press('Enter');
  await expect(editor.parameter('centre_of_rotation')).toHaveValue('0;2;4;6;8');
  expect((await saved(lab, 1)).centre_of_rotation).toBe('"0;2;4;6;8"');
  await expect(
    page.getByRole('region', { name: 'Parameters of 2 AstraReconCpu' })
  ).toContainText('5 values → 15 reconstructions');

  await chooseTool(page, 'centre_of_rotation', /Change the Values/);
  const row = form.getByRole('textbox', { name: /divided by semicolons/ });
  await row.fill('80; x; 84');
  await form.getByRole('button', { name: 'Try 3 values' }).click();
  await expect(editor.parameter('centre_of_rotation')).toHaveValue('80;x;84');
  await chooseTool(page, 'centre_of_rotation', /First Value Only/);
  await expect(editor.parameter('centre_of_rotation')).toHaveValue('80.0');
});

test('any value can be typed as text, and means what it means to mod', async ({
  lab
}) => {
  const editor = await open(lab, [['AstraReconCpu']]);
  const { page } = lab;
  await chooseTool(page, 'ratio', /Type It as Text/);
  const ratio = editor.parameter('ratio');
  await expect(ratio).toHaveValue('0.95');
  await ratio.fill('0.5:1:0.25');
  await ratio.press('Enter');
  await expect(ratio).toHaveValue('0.5:1:0.25;');
  await ratio.fill('[0.9, 1.0]');
  await ratio.press('Tab');
  await chooseTool(page, 'ratio', /Show the Field/);
  await expect(editor.parameter('ratio 2')).toHaveValue('1.0');

  await chooseTool(page, 'force_zero', /Type It as Text/);
  await editor.parameter('force_zero').fill('[1, two]');
  await expect(editor.parameter('force_zero')).toHaveAttribute(
    'aria-invalid',
    'true'
  );
  expect(JSON.parse((await saved(lab)).force_zero)).toEqual([1, 'two']);
});

test('data sets are completed by the names that plugins before make', async ({
  lab
}) => {
  const editor = await open(lab, [
    ['NxtomoLoader', { name: '"raw"' }],
    ['MedianFilter', { out_datasets: '["smooth"]' }],
    ['AstraReconCpu']
  ]);
  const { page } = lab;
  await expect(page.getByRole('group', { name: 'in_datasets' })).toContainText(
    'all data there is: raw, smooth'
  );
  await editor.button('Add to in_datasets').click();
  const name = editor.parameter('in_datasets 1');
  await expect(name).toBeFocused();
  const list = await name.getAttribute('list');
  const options = page.locator(`[id="${list}"] option`);
  await expect(options.first()).toHaveAttribute('value', 'raw');
  await expect(options.last()).toHaveAttribute('value', 'smooth');
  await name.fill('smooth');
  expect((await saved(lab, 2)).in_datasets).toBe('["smooth"]');
});

test('a parameter comes and goes with the value that it depends on, and so does its default', async ({
  lab
}) => {
  const editor = await open(lab, [['AstraReconCpu'], ['CcpiDenoisingCpu']]);
  await expect(editor.parameter('max_iterations')).toHaveValue('500');
  await editor.parameter('method').selectOption({ label: 'NLTV' });
  await editor.button('Reset max_iterations').click();
  await expect(editor.parameter('max_iterations')).toHaveValue('5');

  await editor.plugin('AstraReconCpu').click();
  await expect(editor.parameter('n_iterations')).toHaveCount(0);
  await editor.parameter('algorithm').selectOption({ label: 'SIRT' });
  await expect(editor.parameter('n_iterations')).toHaveValue('1');
  expect((await saved(lab, 1)).max_iterations).toBe('5');
});

test('a keystroke in a field draws that field alone', async ({ lab }) => {
  const editor = await open(lab, [['NxtomoLoader'], ['AstraReconCpu']]);
  const { page } = lab;
  await editor
    .parameter('Kind of centre_of_rotation')
    .selectOption({ label: 'One value' });
  const field = editor.parameter('centre_of_rotation');
  await field.fill('8');
  await expect(lab.tab(LIST)).toHaveClass(/jp-mod-dirty/);
  await page.evaluate(() => {
    const counted = window as unknown as { changes: number };
    counted.changes = 0;
    new MutationObserver(records => {
      counted.changes += records.filter(
        ({ target }) => !(target as Element).closest?.('.jp-SavuField-number')
      ).length;
    }).observe(document.querySelector('.jp-SavuList')!, {
      attributes: true,
      childList: true,
      characterData: true,
      subtree: true
    });
  });
  const changes = await field.evaluate((input: HTMLInputElement) => {
    const set = Object.getOwnPropertyDescriptor(
      HTMLInputElement.prototype,
      'value'
    )!.set!;
    for (const text of ['84', '84.', '84.2', '84.25']) {
      set.call(input, text);
      input.dispatchEvent(new Event('input', { bubbles: true }));
    }
    // The observer is told before the next task.
    return new Promise<number>(resolve =>
      setTimeout(() =>
        resolve((window as unknown as { changes: number }).changes)
      )
    );
  });
  expect(changes).toBe(0);
  // A save while it is typed misses nothing.
  expect((await saved(lab, 1)).centre_of_rotation).toBe('84.25');
});
