/** A connected Savu in the editor; here the stand-in for one. The test has a server of its own. */
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { build, root, tool } from '../../scripts/lib/paths.mjs';
import { apart, startServer } from '../../scripts/lib/server.mjs';
import { expect, test } from '../helpers/lab';
import { Editor } from '../helpers/savu';
import { Hands } from '../helpers/hands';

const TOKEN = 'of-the-test-with-a-savu';
const STAND_IN = path.join(root, 'server-ext/tests/bridge/stand_in_savu.py');

test('a connected Savu is chosen for a list, and runs what the embedded engine cannot', async ({
  lab
}) => {
  const { page } = lab;
  const folder = path.join(build, 'ui', 'connected');
  const env = { ...apart(`${folder}.jupyter`), JUPYTER_TOKEN: TOKEN };
  for (const fresh of [folder, env.JUPYTER_CONFIG_DIR]) {
    rmSync(fresh, { recursive: true, force: true });
    mkdirSync(fresh, { recursive: true });
  }
  for (const name of ['scan.nxs', 'demo_fbp.nxs']) {
    copyFileSync(lab.file(name), path.join(folder, name));
  }
  writeFileSync(
    path.join(env.JUPYTER_CONFIG_DIR, 'jupyter_server_config.json'),
    JSON.stringify({
      SavuApp: {
        connected_savus: {
          'savu-4': { command: [tool('python'), STAND_IN], title: 'Savu 4.2' }
        },
        queues: [
          { name: 'preview', title: 'Preview', restrict_rows: 8 },
          { name: 'full', title: 'Full', engine: 'savu-4' },
          { name: 'night', title: 'Overnight' }
        ]
      }
    })
  );
  const server = await startServer({ folder, port: 0, env, name: 'ui-savu' });
  try {
    await page.goto(`${server.url}lab/tree/demo_fbp.nxs?reset&token=${TOKEN}`);
    await lab.ready();
    const editor = new Editor(page);
    const hands = new Hands(lab, editor);
    const status = page.locator('#jp-main-statusbar');
    const pick = async (name: string) => {
      await hands.search.fill(name);
      await expect(hands.sheet(`About ${name}`)).toBeVisible();
      await hands.press('Enter');
    };
    await editor.ready();
    await expect(status).toContainText('Savu: embedded');

    // What one engine alone cannot run is told with its queues, and stops the others not.
    await hands.at(5);
    await hands.press('a');
    await pick('AstraReconGpu');
    const added = editor.plugin('6 AstraReconGpu');
    await expect(added).toHaveAttribute(
      'title',
      /Preview, Overnight: the engine cannot run AstraReconGpu/
    );
    await expect(editor.button('Preview')).toHaveAttribute(
      'title',
      'the engine cannot run AstraReconGpu'
    );
    await expect(editor.button('Full run')).toHaveAttribute(
      'aria-disabled',
      'false'
    );
    await editor.button('Choose a queue').click();
    await expect(
      page.getByRole('menuitem', { name: /^Overnight: the engine cannot run/ })
    ).toBeDisabled();
    await hands.press('Escape');

    const savus = page.getByRole('combobox', { name: 'Savu', exact: true });
    await expect(savus.getByRole('option', { name: 'Savu 4.2' })).toBeEnabled();
    await savus.selectOption('savu-4');
    await expect(status).toContainText('Savu 4.2');
    // This one cannot import TomopyRecon.
    await hands.press('Escape');
    await hands.at(6);
    await hands.press('Shift+R');
    await pick('TomopyRecon');
    await expect(editor.plugin('6 TomopyRecon')).toHaveAttribute(
      'title',
      /Savu 4.2 cannot import TomopyRecon: .*tomopy/
    );
    await savus.selectOption('');
    await expect(status).toContainText('Savu: embedded');
    await expect(editor.plugin('6 TomopyRecon')).not.toHaveAttribute(
      'title',
      /Savu 4.2 cannot import/
    );
  } finally {
    await server.stop();
  }
});
