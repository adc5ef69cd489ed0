/** Values that are to be filled in before a run. */
import { readFileSync, writeFileSync } from 'node:fs';

import { expect, test } from '../helpers/lab';
import {
  Editor,
  Jobs,
  listAsRun,
  makeList,
  newestJob,
  storedList
} from '../helpers/savu';

const LIST = 'night.nxs';
const STEPS = [
  ['NxtomoLoader'],
  ['DarkFlatFieldCorrection'],
  ['AstraReconCpu', { centre_of_rotation: '256.0' }]
] as const;

test('a marked value is asked for before a run, which leaves the list alone', async ({
  lab
}) => {
  const { page } = lab;
  await makeList(lab, LIST, STEPS);
  await lab.open(LIST);
  const editor = new Editor(page);
  await editor.plugin('AstraReconCpu').click();
  await editor.button('More for centre_of_rotation').click();
  await page.getByRole('menuitem', { name: 'Fill In Before Each Run' }).click();
  await expect(
    editor.parameter('Where centre_of_rotation is filled in')
  ).toHaveValue('local');
  await expect(
    page.getByRole('region', { name: 'Parameters of 3 AstraReconCpu' })
  ).toContainText('centre_of_rotation is to be filled in before the run');
  await page.keyboard.press('ControlOrMeta+s');
  await expect(lab.tab(LIST)).not.toHaveClass(/jp-mod-dirty/);

  await editor.ready();
  await editor.button('Preview').click();
  const form = page.getByRole('form', { name: 'What is to be filled in' });
  const centre = form.getByLabel('centre_of_rotation of 3 AstraReconCpu', {
    exact: true
  });
  await expect(centre).toHaveValue('256.0');
  await centre.fill('');
  await expect(form).toContainText('Expected: a number');
  await expect(form.getByRole('button', { name: 'Run' })).toBeDisabled();
  await centre.fill('255.5');
  await expect(form.getByRole('button', { name: 'Run' })).toBeEnabled();
  await centre.press('Enter');
  await expect(new Jobs(page).item('night', 'succeeded')).toBeVisible({
    timeout: 60_000
  });

  const run = await listAsRun(lab, await newestJob(lab));
  expect(run.plugins[2].parameters.centre_of_rotation).toBe('255.5');
  const stored = await storedList(lab, lab.path(LIST));
  expect(stored.plugins[2].parameters.centre_of_rotation).toBe('"<256.0>"');

  // The form of options asks for it, too.
  await editor.button('Preview').click({ modifiers: ['Shift'] });
  await centre.fill('254.5');
  await form.getByRole('button', { name: 'Next…' }).click();
  const dialog = page.getByRole('dialog', { name: `Run ${LIST}` });
  await dialog.getByRole('button', { name: 'Run' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(async () => {
    const { plugins } = await listAsRun(lab, await newestJob(lab));
    expect(plugins[2].parameters.centre_of_rotation).toBe('254.5');
  }).toPass({ timeout: 30_000 });
});

test('a .savu file is written, opened as a form, changed and saved', async ({
  lab
}) => {
  const { page } = lab;
  await makeList(lab, LIST, [
    ['NxtomoLoader'],
    [
      'AstraReconCpu',
      { centre_of_rotation: '"<256.0>"', FBP_filter: '"global<ram-lak>"' }
    ]
  ]);
  await lab.open(LIST);
  const editor = new Editor(page);
  await editor.button('Fill in 2').click();
  await editor.button('Save as .savu…').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();

  await expect(lab.tab('night.savu')).toBeVisible();
  const panel = page.getByRole('tabpanel', { name: 'night.savu' });
  const filter = panel.getByLabel('FBP_filter of all AstraReconCpu');
  await filter.selectOption({ label: 'hann' });
  await expect(lab.tab('night.savu')).toHaveClass(/jp-mod-dirty/);
  await page.keyboard.press('ControlOrMeta+s');
  await expect(lab.tab('night.savu')).not.toHaveClass(/jp-mod-dirty/);
  const text = readFileSync(lab.file('night.savu'), 'utf-8');
  expect(text).toContain(`process_list: ${lab.file(LIST)}`);
  expect(text).toMatch(/all:\n +AstraReconCpu:\n +FBP_filter: hann/);
  expect(text).toMatch(/2:\n +AstraReconCpu:\n +centre_of_rotation: 256\.0/);

  // What is typed last is saved without a pause.
  await panel
    .getByLabel('centre_of_rotation of 2 AstraReconCpu', { exact: true })
    .fill('257.5');
  await page.keyboard.press('ControlOrMeta+s');
  await expect
    .poll(() => readFileSync(lab.file('night.savu'), 'utf-8'))
    .toContain('centre_of_rotation: 257.5');
  await expect(lab.tab('night.savu')).not.toHaveClass(/jp-mod-dirty/);

  await panel.getByRole('button', { name: 'Save the filled list…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(lab.tab('night_filled.nxs')).toBeVisible();
  const filled = await storedList(lab, lab.path('night_filled.nxs'));
  expect(filled.plugins[1].parameters).toMatchObject({
    centre_of_rotation: '257.5',
    FBP_filter: '"hann"'
  });
});

test('a .savu file without its list says what to do', async ({ lab }) => {
  const { page } = lab;
  await makeList(lab, LIST, STEPS);
  writeFileSync(lab.file('lost.savu'), 'process_list: /none/lost.nxs\n');
  await lab.open('lost.savu');
  await expect(
    page.getByRole('heading', { name: 'lost.savu cannot be filled in' })
  ).toBeVisible();
  writeFileSync(lab.file('lost.savu'), `process_list: ${lab.file(LIST)}\n`);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(
    page.getByText('Nothing in the list is marked to be filled in.')
  ).toBeVisible();
});

test('the list itself is filled in with one step of undo', async ({ lab }) => {
  const { page } = lab;
  await makeList(lab, LIST, [
    ['NxtomoLoader', { name: '"<tomo>"' }],
    ['AstraReconCpu', { centre_of_rotation: '"<256.0>"' }]
  ]);
  await lab.open(LIST);
  const editor = new Editor(page);
  await editor.plugin('AstraReconCpu').click();
  await lab.command('Fill In the List…');
  const form = page.getByRole('form', { name: 'What is to be filled in' });
  await form.getByLabel('name of 1 NxtomoLoader').fill('scan7');
  await form.getByRole('button', { name: 'Fill in the list' }).click();
  await expect(editor.button('Fill in 2')).toHaveCount(0);
  await expect(editor.parameter('centre_of_rotation')).toHaveValue('256.0');
  await editor.button('Undo').click();
  await expect(editor.button('Fill in 2')).toBeVisible();
});
