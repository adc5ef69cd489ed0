/** Starts the server of all browser tests, on a fresh folder with the demo. */
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';

import { arrange, makeDemo } from '../scripts/lib/demo.mjs';
import { build } from '../scripts/lib/paths.mjs';
import { apart, startServer } from '../scripts/lib/server.mjs';

export default async function start(): Promise<() => Promise<void>> {
  const base = path.join(build, 'ui');
  const folder = path.join(base, 'root');
  rmSync(base, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await makeDemo(folder);

  const server = await startServer({
    folder,
    port: 0,
    env: apart(path.join(base, 'jupyter')),
    name: 'ui-server'
  });
  await arrange(server);
  process.env.SAVU_UI_URL = server.url;
  process.env.SAVU_UI_TOKEN = server.token;
  process.env.SAVU_UI_FOLDER = folder;
  return () => server.stop();
}
