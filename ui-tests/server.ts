/** Starts the server of all browser tests, on a fresh folder with the demo. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
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

  const env = apart(path.join(base, 'jupyter'));
  // Each page would have the server look for what JupyterLab was built with.
  const pages = path.join(env.JUPYTER_CONFIG_DIR, 'labconfig');
  mkdirSync(pages, { recursive: true });
  writeFileSync(
    path.join(pages, 'page_config.json'),
    JSON.stringify({ buildCheck: false })
  );
  const server = await startServer({
    folder,
    port: 0,
    env,
    name: 'ui-server'
  });
  await arrange(server);
  process.env.SAVU_UI_URL = server.url;
  process.env.SAVU_UI_TOKEN = server.token;
  process.env.SAVU_UI_FOLDER = folder;
  process.env.SAVU_UI_RUNTIME = env.JUPYTER_RUNTIME_DIR;
  return () => server.stop();
}
