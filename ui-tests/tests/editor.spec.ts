/** Process lists: opening, editing, saving. */
import type { IProcessList } from '../../src/api';
import { expect, type Lab, test } from '../helpers/lab';
import { Editor, storedList } from '../helpers/savu';

const LIST = 'demo_fbp.nxs';

async function openList(lab: Lab): Promise<Editor> {
  await lab.open(LIST);
  const editor = new Editor(lab.page);
  await editor.plugin('AstraReconCpu').click();
  return editor;
}

async function save(lab: Lab): Promise<void> {
  await lab.page.keyboard.press('ControlOrMeta+s');
}

/** The list with another value of a parameter of the last plugin. */
function changed(
  list: IProcessList,
  name: string,
  value: string
): IProcessList {
  const copy = structuredClone(list);
  copy.plugins[copy.plugins.length - 1].parameters[name] = value;
  return copy;
}

test('an edit is undone, redone and saved, and all else stays', async ({
  lab
}) => {
  const before = await storedList(lab, lab.path(LIST));
  const editor = await openList(lab);
  const centre = editor.parameter('centre_of_rotation');
  const tab = lab.tab(LIST);

  await centre.fill('260.5');
  await expect(tab).toHaveClass(/jp-mod-dirty/);
  await editor.button('Undo').click();
  await expect(centre).toHaveValue('0.0');
  await editor.button('Redo').click();
  await expect(centre).toHaveValue('260.5');
  expect(await storedList(lab, lab.path(LIST))).toEqual(before);

  await save(lab);
  await expect(tab).not.toHaveClass(/jp-mod-dirty/);
  expect(await storedList(lab, lab.path(LIST))).toEqual(
    changed(before, 'centre_of_rotation', '260.5')
  );
});

test('a change on disk is not overwritten without a question', async ({
  lab
}) => {
  const editor = await openList(lab);
  await editor.parameter('centre_of_rotation').fill('260.5');

  const { list, hash } = await lab.get<{ list: IProcessList; hash: string }>(
    'savu/process-lists/content',
    { path: lab.path(LIST) }
  );
  const theirs = changed(list, 'centre_of_rotation', '111.0');
  const answer = await lab.call(
    `savu/process-lists/content?${new URLSearchParams({ path: lab.path(LIST) })}`,
    {
      method: 'PUT',
      body: JSON.stringify(theirs),
      headers: { 'Content-Type': 'application/json', 'If-Match': hash }
    }
  );
  expect(answer.ok).toBe(true);

  await save(lab);
  const dialog = lab.page.getByRole('dialog');
  await expect(dialog).toContainText('has changed on disk');
  expect(await storedList(lab, lab.path(LIST))).toEqual(theirs);

  await dialog.getByRole('button', { name: 'Overwrite' }).click();
  await expect(lab.tab(LIST)).not.toHaveClass(/jp-mod-dirty/);
  expect(await storedList(lab, lab.path(LIST))).toEqual(
    changed(list, 'centre_of_rotation', '260.5')
  );
});

test('a plugin is found by letters of its name and added, by Enter before the server has answered, too', async ({
  lab
}) => {
  const { page } = lab;
  let answer!: () => void;
  const typed = new Promise<void>(resolve => (answer = resolve));
  await page.route(/savu\/plugins\?/, async route => {
    await typed;
    await route.continue();
  });
  await lab.open(LIST);
  const editor = new Editor(page);
  await editor.plugin('DarkFlatFieldCorrection').click();
  await editor.button('Add plugin').click();
  const search = page.getByRole('combobox', { name: 'Find a plugin' });
  await search.fill('normaliz ring');
  await expect(page.getByText('Loading the plugins…')).toBeVisible();
  await search.press('Enter');
  answer();
  await expect(editor.plugin('3 RingRemovalNormalization')).toBeVisible();
  expect(await editor.names()).toEqual([
    '1 NxtomoLoader',
    '2 DarkFlatFieldCorrection',
    '3 RingRemovalNormalization',
    '4 RingRemovalSorting',
    '5 VoCentering',
    '6 AstraReconCpu'
  ]);
});

test('plugins are switched off, moved and removed', async ({ lab }) => {
  const editor = await openList(lab);
  const { page } = lab;
  await page.getByRole('switch', { name: 'VoCentering on' }).click();
  await expect(
    page.getByRole('switch', { name: 'VoCentering on' })
  ).not.toBeChecked();

  await editor.plugin('RingRemovalSorting').click();
  await editor.button('Move RingRemovalSorting up').click();
  await editor.plugin('AstraReconCpu').click();
  await editor.button('Remove AstraReconCpu').click();
  await expect(editor.plugins.getByRole('option')).toHaveCount(4);
  expect(await editor.names()).toEqual([
    '1 NxtomoLoader',
    '2 RingRemovalSorting',
    '3 DarkFlatFieldCorrection',
    '4 VoCentering'
  ]);
});

test('an invalid value is explained where it stands, and blocks the run', async ({
  lab
}) => {
  const editor = await openList(lab);
  await editor.ready();
  await editor.parameter('Level').selectOption('Intermediate');
  const ratio = editor.parameter('ratio');
  await ratio.fill('much');
  await expect(ratio).toHaveAttribute('aria-invalid', 'true');
  await expect(editor.button('Preview')).toHaveAttribute(
    'aria-disabled',
    'true'
  );
  const told = await ratio.getAttribute('aria-describedby');
  await expect(lab.page.locator(`[id="${told}"]`)).toContainText(
    "ratio is 'much'; expected: a number"
  );

  await editor.button('Undo').click();
  await editor.ready();
});

test('a plugin that the engine cannot run is named before a run', async ({
  lab
}) => {
  const editor = await openList(lab);
  await editor.ready();
  await editor.parameter('algorithm').selectOption({ label: 'SART' });
  await expect(editor.button('Preview')).toHaveAttribute(
    'aria-disabled',
    'true'
  );
  await expect(editor.button('Preview')).toHaveAttribute('title', /SART/);
});
