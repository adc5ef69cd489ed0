/** The demo: its folder, and the arrangement of the windows that show it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { root, tool } from './paths.mjs';
import { timed } from './report.mjs';
import { run } from './run.mjs';

/** Makes what is missing of the demo in a folder; what is there stays as it is. */
export async function makeDemo(folder, { preset = 'demo' } = {}) {
  const title = 'Preparing the demo folder';
  await timed(title, () =>
    run(title, tool('python'), [
      '-m',
      'jupyterlab_savu.demo',
      folder,
      '--preset',
      preset,
      '--notebooks',
      path.join(root, 'examples')
    ])
  );
}

/** Gives a server the workspace `savu`; answers the address that opens it. */
export async function arrange({ url, token, call }) {
  const workspace = readFileSync(
    path.join(root, 'binder', 'savu.jupyterlab-workspace'),
    'utf8'
  );
  const answer = await call('lab/api/workspaces/savu', {
    method: 'PUT',
    body: workspace,
    headers: { 'Content-Type': 'application/json' }
  });
  if (!answer.ok) {
    throw new Error(`The workspace was refused: ${answer.status}`);
  }
  return `${url}lab/workspaces/savu?token=${token}`;
}
