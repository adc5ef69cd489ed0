/** Starts and ends a JupyterLab server. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

import { environment, tool, windows } from './paths.mjs';
import { Trouble } from './report.mjs';
import { logFile } from './run.mjs';

const host = '127.0.0.1';
const patience = 90_000;

/** Whether nobody listens at the port; port 0 answers a free one. */
function probe(port) {
  return new Promise(resolve => {
    const server = createServer();
    server.on('error', () => resolve(null));
    server.listen({ host, port }, () => {
      const { port: got } = server.address();
      server.close(() => resolve(got));
    });
  });
}

/** The asked port (any for 0), which must be free, or else the usual one, or any. */
async function freePort(asked) {
  if (asked !== undefined) {
    const got = await probe(asked);
    if (got === null) {
      throw new Trouble(
        `Port ${asked} is in use: choose another one with --port.`
      );
    }
    return got;
  }
  return (await probe(8888)) ?? (await probe(0));
}

/**
 * The variables that keep a server away from the user's own settings and data.
 * @returns {Record<'JUPYTER_CONFIG_DIR' | 'JUPYTER_DATA_DIR' | 'JUPYTER_RUNTIME_DIR', string>}
 */
export function apart(folder) {
  return Object.fromEntries(
    ['JUPYTER_CONFIG_DIR', 'JUPYTER_DATA_DIR', 'JUPYTER_RUNTIME_DIR'].map(
      name => [name, `${folder}/${name.toLowerCase()}`]
    )
  );
}

/**
 * Starts JupyterLab on a folder and waits until it answers.
 * The token goes through the environment: command lines can be read by other users.
 */
export async function startServer({
  folder,
  port,
  env = {},
  args = [],
  name = 'jupyterlab'
}) {
  const token = env.JUPYTER_TOKEN ?? randomBytes(24).toString('hex');
  const chosen = await freePort(port);
  const url = `http://${host}:${chosen}/`;
  const log = logFile(name);
  const output = openSync(log, 'w');
  const child = spawn(
    tool('python'),
    [
      '-m',
      'jupyterlab',
      '--no-browser',
      `--ServerApp.ip=${host}`,
      `--ServerApp.port=${chosen}`,
      '--ServerApp.port_retries=0',
      `--ServerApp.root_dir=${folder}`,
      ...(process.getuid?.() === 0 ? ['--allow-root'] : []),
      ...args
    ],
    {
      cwd: folder,
      env: environment({ ...env, JUPYTER_TOKEN: token }),
      stdio: ['ignore', output, output],
      // Ctrl+C is for this script, which then ends the server without a question.
      detached: !windows
    }
  );
  closeSync(output);
  const ended = new Promise(resolve => {
    child.on('exit', resolve);
    child.on('error', resolve);
  });
  const call = (route, options = {}) =>
    fetch(url + route, {
      ...options,
      headers: { Authorization: `token ${token}`, ...options.headers }
    });
  const server = {
    url,
    token,
    call,
    log,
    ended,
    pid: child.pid,
    async stop() {
      await call('api/shutdown', { method: 'POST' }).catch(() => child.kill());
      const late = wait(15_000, 'late', { ref: false });
      if ((await Promise.race([ended, late])) === 'late') {
        child.kill('SIGKILL');
      }
    }
  };
  await untilReady(server, child);
  return server;
}

async function untilReady({ call, log }, child) {
  const end = Date.now() + patience;
  while (Date.now() < end) {
    if (child.exitCode !== null || child.signalCode !== null) {
      break;
    }
    const answer = await call('api/status').catch(() => null);
    if (answer?.ok) {
      return;
    }
    await wait(200);
  }
  child.kill();
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-25);
  throw new Trouble(
    [
      `JupyterLab did not start. The end of ${log}:`,
      ...lines.map(line => `  | ${line}`)
    ].join('\n')
  );
}
