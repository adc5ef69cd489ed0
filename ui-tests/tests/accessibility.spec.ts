/** What programs can tell of accessibility, in both themes. */
import { COLOURS, faults } from '../helpers/accessibility';
import { expect, type Lab, test } from '../helpers/lab';
import { Editor, Jobs, makeList, storedList } from '../helpers/savu';
import { Slices } from '../helpers/slices';

const LIST = 'demo_fbp.nxs';
/** The document in front. */
const FRONT = '.jp-Document:not(.lm-mod-hidden)';

/** A list with an unknown plugin, a value that does not fit, a loop, and one plugin switched off. */
async function makeFaultyList(lab: Lab): Promise<void> {
  const list = await storedList(lab, lab.path(LIST));
  list.plugins[2].name = 'PluginFromElsewhere';
  list.plugins[3].active = false;
  list.plugins[4].parameters.centre_of_rotation = '"far"';
  list.groups = [{ start: 2, end: 3, iterations: 3 }];
  const query = new URLSearchParams({ path: lab.path('faulty.nxs') });
  const answer = await lab.call(`savu/process-lists/content?${query}`, {
    method: 'POST',
    body: JSON.stringify(list)
  });
  expect(answer.status).toBe(201);
}

for (const [theme, rules] of [
  ['JupyterLab Light', undefined],
  ['JupyterLab Dark', COLOURS]
] as const) {
  test(`no serious fault is found in ${theme}`, async ({ lab }) => {
    test.slow();
    const { page } = lab;
    const editor = new Editor(page);
    const jobs = new Jobs(page);
    const check = async (name: string, part: string) =>
      test.step(name, async () => {
        expect.soft(await faults(lab, part, rules), name).toEqual([]);
      });
    await makeFaultyList(lab);
    await lab.setTheme(theme);
    try {
      await lab.open(LIST);
      await lab.command('Show Data');
      await lab.command('Show Jobs');
      await check('no jobs', '.jp-SavuJobs');

      await editor.plugin('AstraReconCpu').click();
      await editor.ready();
      await check('the editor', '.jp-SavuList');
      await editor.button('Preview').click();
      await expect(jobs.item('demo_fbp', 'succeeded')).toBeVisible({
        timeout: 60_000
      });
      await check('the jobs', '.jp-SavuJobs');
      await jobs
        .item('demo_fbp', 'succeeded')
        .getByRole('button', { name: 'Details' })
        .click();
      await check('the page of a job', '.jp-SavuJobs');

      await editor.button('Preview').click({ modifiers: ['Shift'] });
      await expect(page.getByRole('region', { name: 'Plan' })).toBeVisible();
      await check('the form of a run', '.jp-SavuSubmit');
      await page.getByRole('button', { name: 'Cancel', exact: true }).click();
      await page
        .getByRole('button', { name: 'Compare with another run…' })
        .click();
      await check('choosing what to compare', '.jp-SavuJobs');
      await jobs.region.getByRole('button', { name: 'Close' }).click();
      await jobs
        .item('demo_fbp', 'succeeded')
        .getByRole('button', { name: 'Details' })
        .click();

      await page.getByRole('button', { name: 'Compare list' }).click();
      const compare = page.getByRole('region', { name: 'Differences' });
      await expect(compare).toBeVisible();
      await page.getByRole('switch', { name: 'Only differences' }).click();
      await check('comparing', '.jp-SavuCompare');

      await page
        .getByRole('group', { name: 'Scans' })
        .getByRole('option')
        .first()
        .click();
      await check('the data', '.jp-SavuData');
      await page.getByRole('button', { name: /^Run demo_fbp/ }).click();
      await check('the question before a run', '.jp-Dialog-content');
      await page.getByRole('button', { name: 'Cancel', exact: true }).click();

      await lab.command('Open from Path');
      await page
        .getByRole('dialog')
        .getByRole('textbox')
        .fill(lab.path('faulty.nxs'));
      await page.keyboard.press('Enter');
      await editor.plugin('5 AstraReconCpu').click();
      await expect(page.getByRole('button', { name: /problem/ })).toBeVisible();
      await check('the editor with problems', `${FRONT} .jp-SavuList`);
      await page.getByRole('button', { name: /problem/ }).click();
      await check('the problems', '.jp-SavuList-problems');
      await page.keyboard.press('Escape');
      for (const [key, part] of [
        ['a', '.jp-SavuPicker'],
        ['c', '.jp-SavuSheet'],
        ['h', '.jp-SavuSheet'],
        ['?', '.jp-SavuSheet']
      ]) {
        await editor.plugins.press(key);
        await check(`the panel of the key ${key}`, part);
        await page.keyboard.press('Escape');
      }

      await lab.command('New Process List');
      await expect(editor.button('Add a loader')).toBeVisible();
      await check('an empty list', `${FRONT} .jp-SavuMessage`);

      await lab.command('Open from Path');
      await page
        .getByRole('dialog')
        .getByRole('textbox')
        .fill(lab.path('scan.nxs'));
      await page.keyboard.press('Enter');
      const tab = page.getByRole('tabpanel', { name: 'scan.nxs', exact: true });
      const slices = new Slices(lab, tab);
      await slices.picture.press('r');
      await slices.picture.press('p');
      await check('the slices', `${FRONT} .jp-SavuSlices`);
      await slices.bar.getByRole('button', { name: 'Compare' }).click();
      await page.getByRole('menuitem', { name: /^detector/ }).click();
      await slices.bar
        .getByRole('combobox', { name: 'Way to compare' })
        .selectOption('Difference');
      await check('the difference of slices', `${FRONT} .jp-SavuSlices`);
    } finally {
      await lab.setTheme('JupyterLab Light');
    }
  });
}

test('no serious fault is found in tables, trees and forms', async ({
  lab
}) => {
  test.slow();
  const { page } = lab;
  const editor = new Editor(page);
  const check = async (name: string, part: string) =>
    expect.soft(await faults(lab, part), name).toEqual([]);
  await makeList(lab, 'forms.nxs', [
    ['NxtomoLoader', { preview: '[":", "5:", ":"]' }],
    [
      'AstraReconCpu',
      { centre_of_rotation: '{"0": 84.5}', FBP_filter: '"<hann>"' }
    ]
  ]);
  await lab.open('forms.nxs');
  await editor.parameter('Level').selectOption('Advanced');
  await editor.plugin('NxtomoLoader').click();
  await editor.button('Look for data_path in the file').click();
  await expect(page.getByRole('tree')).toBeFocused();
  await check('tree and preview', '.jp-SavuParameters');

  await editor.plugin('AstraReconCpu').click();
  await editor.button('More for ratio').click();
  await page.getByRole('menuitem', { name: 'Try Several Values…' }).click();
  await check('tables and several values', '.jp-SavuParameters');
  await editor.button('Fill in 1').click();
  await expect(page.getByLabel('FBP_filter of 2 AstraReconCpu')).toBeFocused();
  await check('values to fill in', '.jp-SavuTemplate');
  await editor.button('Save as .savu…').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(lab.tab('forms.savu')).toBeVisible();
  await check('a .savu file', FRONT);
});
