/** Process lists as documents: by keyboard, under other names, and without their files. */
import { copyFileSync, readFileSync, rmSync } from 'node:fs';

import { expect, type Lab, test } from '../helpers/lab';
import { Editor, storedList } from '../helpers/savu';

const LIST = 'demo_fbp.nxs';
const NAMES = [
  '1 NxtomoLoader',
  '2 DarkFlatFieldCorrection',
  '3 RingRemovalSorting',
  '4 VoCentering',
  '5 AstraReconCpu'
];

async function openList(lab: Lab): Promise<Editor> {
  await lab.open(LIST);
  const editor = new Editor(lab.page);
  await expect(editor.plugins.getByRole('option')).toHaveCount(NAMES.length);
  return editor;
}

async function names(lab: Lab): Promise<string[]> {
  const { plugins } = await storedList(lab, lab.path(LIST));
  return plugins.map(({ position, name }) => `${position} ${name}`);
}

test('all structural edits by keyboard, each undone in one step', async ({
  lab
}) => {
  const { page } = lab;
  const editor = await openList(lab);
  const before = await editor.names();
  await editor.plugins.focus();

  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Alt+ArrowDown');
  await expect
    .poll(() => editor.names())
    .toEqual(
      [before[0], before[2], before[1], before[3], before[4]].map(
        (name, index) => name?.replace(/^\d+/, String(index + 1))
      )
    );
  await page.keyboard.press('Space');
  await expect(
    page.getByRole('switch', { name: 'DarkFlatFieldCorrection on' })
  ).not.toBeChecked();
  await page.keyboard.press('d');
  await expect(editor.plugins.getByRole('option')).toHaveCount(6);
  await page.keyboard.press('Delete');
  await expect(editor.plugins.getByRole('option')).toHaveCount(5);

  await page.keyboard.press('a');
  await page.getByRole('combobox', { name: 'Find a plugin' }).fill('median');
  await expect(
    page.getByRole('listbox', { name: 'Find a plugin' }).getByRole('option')
  ).not.toHaveCount(0);
  await page.keyboard.press('Enter');
  await expect(editor.plugins.getByRole('option')).toHaveCount(6);

  await expect(lab.tab(LIST)).toHaveClass(/jp-mod-dirty/);
  for (let step = 0; step < 5; step++) {
    await editor.button('Undo').click();
  }
  expect(await editor.names()).toEqual(before);
  await expect(editor.button('Undo')).toBeDisabled();
  await editor.button('Redo').click();
  expect(await editor.names()).not.toEqual(before);
});

test('what is typed is saved at once, in the spelling of its type', async ({
  lab
}) => {
  const { page } = lab;
  const editor = await openList(lab);
  await editor.plugin('AstraReconCpu').click();
  const centre = editor.parameter('centre_of_rotation');
  await centre.fill('250');
  await page.keyboard.press('ControlOrMeta+s');
  await expect(lab.tab(LIST)).not.toHaveClass(/jp-mod-dirty/);
  const { plugins } = await storedList(lab, lab.path(LIST));
  expect(plugins[4].parameters.centre_of_rotation).toBe('250.0');

  await lab.reload();
  await editor.plugin('AstraReconCpu').click();
  await expect(centre).toHaveValue('250.0');
  await editor.button('Reset centre_of_rotation').click();
  await expect(centre).toHaveValue('0.0');
});

test('a list whose file was deleted is written anew', async ({ lab }) => {
  const { page } = lab;
  const editor = await openList(lab);
  const before = await editor.names();
  await editor.plugins.focus();
  await page.keyboard.press('Space');
  rmSync(lab.file(LIST));
  await page.keyboard.press('ControlOrMeta+s');
  await expect(lab.tab(LIST)).not.toHaveClass(/jp-mod-dirty/);
  expect(await names(lab)).toEqual(before);
});

test('a copy under another name is a process list too', async ({ lab }) => {
  const { page } = lab;
  const editor = await openList(lab);
  const before = await editor.names();
  await lab.command('Save NeXus File As…');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox').fill(lab.path('copy.nxs'));
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(lab.tab('copy.nxs')).toBeVisible();
  const { plugins } = await storedList(lab, lab.path('copy.nxs'));
  expect(plugins.map(one => `${one.position} ${one.name}`)).toEqual(before);
});

test('a list with letters in its numbers is saved with plain ones after a question', async ({
  lab
}) => {
  const { page } = lab;
  const name = 'letters.nxs';
  copyFileSync('server-ext/tests/data/lists/made_letters.nxs', lab.file(name));
  const before = readFileSync(lab.file(name));
  await lab.open(name);
  const editor = new Editor(page);
  const dialog = page.getByRole('dialog', { name: 'Save with plain numbers?' });
  const answer = async (label: string) => {
    await dialog.getByRole('button', { name: label }).click();
    await expect(dialog).toHaveCount(0);
  };
  await expect(editor.plugin('2a DarkFlatFieldCorrection')).toBeVisible();
  const plain = (await editor.names()).map((one, index) =>
    one?.replace(/^\w+/, String(index + 1))
  );

  await editor.plugins.focus();
  await page.keyboard.press('ControlOrMeta+s');
  await answer('Cancel');
  await expect(editor.plugin('2a DarkFlatFieldCorrection')).toBeVisible();
  expect(readFileSync(lab.file(name)).equals(before)).toBe(true);

  await lab.command('Save NeXus File As…');
  await answer('Save with plain numbers');
  await page
    .getByRole('dialog')
    .getByRole('textbox')
    .fill(lab.path('copy.nxs'));
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(lab.tab('copy.nxs')).toBeVisible();
  const told = async (path: string) =>
    (await storedList(lab, lab.path(path))).plugins.map(
      ({ position, name }) => `${position} ${name}`
    );
  expect(await told('copy.nxs')).toEqual(plain);
  expect(readFileSync(lab.file(name)).equals(before)).toBe(true);

  await lab.open(name);
  await editor.plugin('2a DarkFlatFieldCorrection').click();
  await page.keyboard.press('ControlOrMeta+s');
  await answer('Save with plain numbers');
  await expect.poll(() => told(name)).toEqual(plain);
  expect(await editor.names()).toEqual(plain);
  await expect(lab.tab(name)).not.toHaveClass(/jp-mod-dirty/);
});

test('the scan chosen for a list is remembered', async ({ lab }) => {
  const { page } = lab;
  const editor = await openList(lab);
  const scan = editor.button('Choose scan');
  await expect(scan).toHaveText('scan.nxs');
  copyFileSync(lab.file('scan.nxs'), lab.file('other.nxs'));
  await scan.click();
  await page
    .getByRole('listbox', { name: 'Find a scan' })
    .getByRole('option', { name: /other\.nxs/ })
    .click();
  await expect(scan).toHaveText('other.nxs');
  await lab.remembers(lab.path('other.nxs'));
  await lab.reload();
  await expect(scan).toHaveText('other.nxs');
});

test('a new list begins with a loader', async ({ lab }) => {
  const { page } = lab;
  await lab.open(LIST);
  await lab.command('New Process List');
  const editor = new Editor(page);
  await editor.button('Add a loader').click();
  await page.getByRole('combobox', { name: 'Find a plugin' }).fill('nxtomo');
  await page.keyboard.press('Enter');
  await expect(editor.plugin('1 NxtomoLoader')).toBeVisible();
});
