/** Process lists: rearranging plugins with the mouse and by keyboard. */
import type { IPlugin } from '../../src/api';
import { expect, type Lab, test } from '../helpers/lab';
import { Editor, storedList } from '../helpers/savu';

const LIST = 'demo_fbp.nxs';
const OTHER = 'demo_skimage.nxs';
const DEMO = [
  '1 NxtomoLoader',
  '2 DarkFlatFieldCorrection',
  '3 RingRemovalSorting',
  '4 VoCentering',
  '5 AstraReconCpu'
];

/** The editor with the focus on a plugin. */
async function openAt(lab: Lab, plugin: string): Promise<Editor> {
  await lab.open(LIST);
  const editor = new Editor(lab.page);
  await editor.plugin(plugin).click();
  return editor;
}

/** Waits until the plugins are these, by name and in this order. */
async function expectOrder(editor: Editor, names: string[]): Promise<void> {
  await expect
    .poll(() => editor.names())
    .toEqual(names.map((name, index) => `${index + 1} ${name}`));
}

function apartFromPosition(plugin: IPlugin): IPlugin {
  return { ...plugin, position: '' };
}

test('a plugin is dragged to another place, and back by undo', async ({
  lab
}) => {
  const editor = await openAt(lab, 'VoCentering');
  const { mouse } = lab.page;
  const from = (await editor.plugin('VoCentering').boundingBox())!;
  const to = (await editor.plugin('DarkFlatFieldCorrection').boundingBox())!;
  await mouse.move(from.x + 80, from.y + from.height / 2);
  await mouse.down();
  await mouse.move(to.x + 80, to.y + 4, { steps: 5 });
  await expect(lab.page.locator('.jp-SavuList-dropLine')).toBeVisible();
  await mouse.up();
  await expectOrder(editor, [
    'NxtomoLoader',
    'VoCentering',
    'DarkFlatFieldCorrection',
    'RingRemovalSorting',
    'AstraReconCpu'
  ]);
  await expect(editor.plugin('VoCentering')).toHaveAttribute(
    'aria-selected',
    'true'
  );
  await expect(lab.page.locator('.jp-SavuList-dropLine')).toBeHidden();

  await expect(lab.tab(LIST)).toHaveClass(/jp-mod-dirty/);

  await editor.button('Undo').click();
  await expect.poll(() => editor.names()).toEqual(DEMO);
  await expect(lab.tab(LIST)).not.toHaveClass(/jp-mod-dirty/);
});

test('several plugins are moved, switched and removed by keyboard, a step each', async ({
  lab
}) => {
  const editor = await openAt(lab, 'DarkFlatFieldCorrection');
  const { page } = lab;
  await page.keyboard.press('Shift+ArrowDown');
  await expect(
    editor.plugins.getByRole('option', { selected: true })
  ).toHaveCount(2);

  await page.keyboard.press('Alt+ArrowDown');
  await expectOrder(editor, [
    'NxtomoLoader',
    'VoCentering',
    'DarkFlatFieldCorrection',
    'RingRemovalSorting',
    'AstraReconCpu'
  ]);
  await page.keyboard.press('Space');
  for (const name of ['DarkFlatFieldCorrection', 'RingRemovalSorting']) {
    await expect(
      page.getByRole('switch', { name: `${name} on` })
    ).not.toBeChecked();
  }
  await page.keyboard.press('Delete');
  await expectOrder(editor, ['NxtomoLoader', 'VoCentering', 'AstraReconCpu']);

  for (let step = 0; step < 3; step++) {
    await editor.button('Undo').click();
  }
  await expect.poll(() => editor.names()).toEqual(DEMO);
  await expect(editor.button('Undo')).toBeDisabled();
});

test('plugins picked one by one are duplicated together', async ({ lab }) => {
  const editor = await openAt(lab, 'DarkFlatFieldCorrection');
  await editor.plugin('VoCentering').click({ modifiers: ['ControlOrMeta'] });
  await editor.button('Duplicate 2 plugins').click();
  await expectOrder(editor, [
    'NxtomoLoader',
    'DarkFlatFieldCorrection',
    'RingRemovalSorting',
    'VoCentering',
    'DarkFlatFieldCorrection',
    'VoCentering',
    'AstraReconCpu'
  ]);
  await editor.button('Undo').click();
  await expect.poll(() => editor.names()).toEqual(DEMO);
});

test('plugins are cut and pasted within a list by keyboard', async ({
  lab
}) => {
  const editor = await openAt(lab, 'RingRemovalSorting');
  await lab.page.keyboard.press('ControlOrMeta+x');
  await expect(editor.plugin('RingRemovalSorting')).toHaveCount(0);
  await lab.page.keyboard.press('End');
  await lab.page.keyboard.press('ControlOrMeta+v');
  await expectOrder(editor, [
    'NxtomoLoader',
    'DarkFlatFieldCorrection',
    'VoCentering',
    'AstraReconCpu',
    'RingRemovalSorting'
  ]);
});

test('a plugin copied to another list keeps all that its file holds', async ({
  lab
}) => {
  const editor = await openAt(lab, 'VoCentering');
  const { page } = lab;
  await editor.plugin('VoCentering').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Copy Plugin' }).click();

  await lab.command('Open from Path');
  await page.getByRole('dialog').getByRole('textbox').fill(lab.path(OTHER));
  await page.keyboard.press('Enter');
  await expect(lab.tab(OTHER)).toHaveClass(/lm-mod-current/);
  await editor.plugin('DarkFlatFieldCorrection').click();
  await editor.plugin('DarkFlatFieldCorrection').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Paste Plugin Below' }).click();
  await expect(editor.plugin('3 VoCentering')).toBeVisible();
  await expect(editor.plugins).toBeFocused();
  await page.keyboard.press('ControlOrMeta+s');
  await expect(lab.tab(OTHER)).not.toHaveClass(/jp-mod-dirty/);

  const source = await storedList(lab, lab.path(LIST));
  const target = await storedList(lab, lab.path(OTHER));
  expect(apartFromPosition(target.plugins[2])).toEqual(
    apartFromPosition(source.plugins[3])
  );
});

test('plugins are repeated, more often, and no more', async ({ lab }) => {
  const editor = await openAt(lab, 'DarkFlatFieldCorrection');
  const { page } = lab;
  const answer = async (times: string) => {
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('spinbutton').fill(times);
    await dialog.getByRole('button', { name: 'Repeat' }).click();
  };
  await editor.plugin('RingRemovalSorting').click({ modifiers: ['Shift'] });
  await editor.plugin('RingRemovalSorting').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Repeat 2 Plugins…' }).click();
  await answer('3');
  await editor.button('Plugins 2 to 3 are repeated 3 times').click();
  await page.getByRole('menuitem', { name: 'Change the Number…' }).click();
  await answer('5');
  await editor.button('Plugins 2 to 3 are repeated 5 times').click();
  await page.getByRole('menuitem', { name: 'Repeat No More' }).click();
  const bracket = page.getByRole('button', { name: /^Plugins 2 to 3/ });
  await expect(bracket).toHaveCount(0);

  await editor.button('Undo').click();
  await expect(bracket).toHaveAccessibleName(/5 times/);
  await editor.button('Undo').click();
  await expect(bracket).toHaveAccessibleName(/3 times/);
  await editor.button('Undo').click();
  await expect(bracket).toHaveCount(0);
  await expect(editor.button('Undo')).toBeDisabled();
});

test('a tuned parameter says how many results it makes', async ({ lab }) => {
  const editor = await openAt(lab, 'AstraReconCpu');
  await editor.parameter('centre_of_rotation').fill('80:87:1;');
  const parameters = lab.page.getByRole('region', {
    name: 'Parameters of 5 AstraReconCpu'
  });
  await expect(parameters).toContainText('7 values → 7 reconstructions');
  await expect(editor.plugin('AstraReconCpu')).toContainText('7 values');

  await editor.parameter('Level').selectOption('Intermediate');
  await editor.parameter('ratio').fill('0.9;0.95');
  await expect(parameters).toContainText('7 values → 14 reconstructions');
  await expect(parameters).toContainText('2 values → 14 reconstructions');
  await expect(editor.plugin('AstraReconCpu')).toContainText('14 values');
});

test('controls name the command of savu_config that they stand for', async ({
  lab
}) => {
  const editor = await openAt(lab, 'VoCentering');
  const commands: Record<string, string> = {
    'Add plugin': 'add',
    'Move VoCentering up': 'move',
    'Duplicate VoCentering': 'dupl',
    'Remove VoCentering': 'rem'
  };
  for (const [name, command] of Object.entries(commands)) {
    await expect(editor.button(name)).toHaveAttribute(
      'title',
      new RegExp(`; savu_config: ${command}\\)$`)
    );
  }
  await expect(
    lab.page.getByRole('switch', { name: 'VoCentering on' })
  ).toHaveAttribute('title', /savu_config: set/);
});

test('the arrow beside Full sends the job to another queue', async ({
  lab
}) => {
  const { page } = lab;
  // The server of the tests has the queues that come without configuration.
  await page.route(/\/savu\/queues(\?|$)/, async route => {
    const answer = await route.fetch();
    const { items } = await answer.json();
    const night = { ...items[1], name: 'night', title: 'Overnight' };
    await route.fulfill({ json: { items: [...items, night] } });
  });
  const editor = await openAt(lab, 'AstraReconCpu');
  await editor.ready();
  const arrow = editor.button('Choose a queue');
  await expect(arrow).toHaveAttribute('aria-disabled', 'false');
  await arrow.click();
  const sent = page.waitForRequest(
    request =>
      request.method() === 'POST' && request.url().includes('/savu/jobs')
  );
  await page.getByRole('menuitem', { name: 'Overnight' }).click();
  expect((await sent).postDataJSON()).toMatchObject({ queue: 'night' });
});
