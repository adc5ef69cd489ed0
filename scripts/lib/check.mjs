/** `npm start -- --check`: the demo through the public API, judged against the phantom. */
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';

import { makeDemo } from './demo.mjs';
import { environment, root, tool } from './paths.mjs';
import { say, Trouble } from './report.mjs';
import { apart, startServer } from './server.mjs';

/** Previews the demo list in a folder on a server of its own; throws unless the result is right. */
export async function check({ folder, port = 0, fresh }) {
  if (fresh) {
    rmSync(folder, { recursive: true, force: true });
  }
  mkdirSync(folder, { recursive: true });
  await makeDemo(folder);
  const server = await startServer({
    folder,
    port,
    env: apart(path.join(folder, '.check')),
    name: 'check-server'
  });
  say(`JupyterLab is ready at ${server.url}`);
  try {
    const code = await new Promise((resolve, reject) => {
      const child = spawn(
        tool('python'),
        [path.join(root, 'scripts', 'check.py'), folder],
        {
          cwd: root,
          env: environment({
            JUPYTER_TOKEN: server.token,
            JUPYTER_SERVER_URL: server.url
          }),
          stdio: ['ignore', 'inherit', 'inherit']
        }
      );
      child.on('error', reject);
      child.on('exit', (status, signal) => resolve(status ?? signal));
    });
    if (code !== 0) {
      throw new Trouble(
        `The check failed; the server's messages are in ${server.log}.`
      );
    }
  } finally {
    await server.stop();
  }
}
