/** `npm start`: builds what has changed, then opens JupyterLab on the demo. */
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { check } from './check.mjs';
import { arrange, makeDemo } from './demo.mjs';
import { build, root, windows } from './paths.mjs';
import { say, Trouble } from './report.mjs';
import { startServer } from './server.mjs';
import { setUp } from './setup.mjs';

const usage = `npm start -- [--port N] [--no-browser] [--root DIR] [--check]

  --port N      listen at this port (otherwise 8888, or a free one)
  --no-browser  only print the address
  --root DIR    the folder to open (otherwise demo/ in the checkout)
  --check       run the demo through the Python client instead, without a browser`;

function options() {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string' },
        'no-browser': { type: 'boolean' },
        root: { type: 'string' },
        check: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' }
      }
    });
    const port = values.port === undefined ? undefined : Number(values.port);
    if (
      port !== undefined &&
      !(Number.isInteger(port) && port > 0 && port < 65536)
    ) {
      throw new Error(
        `${values.port} is no port: give a number from 1 to 65535`
      );
    }
    return { ...values, port };
  } catch (error) {
    throw new Trouble(`${error.message}\n\n${usage}`);
  }
}

function openBrowser(url) {
  const [command, ...args] = windows
    ? ['cmd', '/c', 'start', '""', url]
    : [process.platform === 'darwin' ? 'open' : 'xdg-open', url];
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  // Without a browser the printed address is there.
  child.on('error', () => undefined);
  child.unref();
}

async function serve({ folder, port, browser }) {
  const server = await startServer({ folder, port });
  let asked = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (!asked) {
        asked = true;
        say('Stopping JupyterLab; running jobs go on …');
        void server.stop();
      }
    });
  }
  const address = await arrange(server);
  say('JupyterLab is ready; Ctrl+C stops it.');
  console.log(`\n  ${address}\n`);
  if (browser) {
    openBrowser(address);
  }
  await server.ended;
  if (!asked) {
    throw new Trouble(
      `JupyterLab has ended; its messages are in ${server.log}.`
    );
  }
}

export async function main() {
  const chosen = options();
  if (chosen.help) {
    console.log(usage);
    return;
  }
  await setUp();
  if (chosen.check) {
    const folder = path.resolve(chosen.root ?? path.join(build, 'check'));
    await check({ folder, port: chosen.port, fresh: !chosen.root });
    return;
  }
  const folder = path.resolve(chosen.root ?? path.join(root, 'demo'));
  mkdirSync(folder, { recursive: true });
  await makeDemo(folder);
  await serve({ folder, port: chosen.port, browser: !chosen['no-browser'] });
}
