/** Runs commands quietly: their output goes to a log file, whose end is shown when they fail. */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { build, environment, root } from './paths.mjs';
import { Trouble } from './report.mjs';

const shown = 25;

const hints = [
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|NewConnectionError|ConnectTimeout|ReadTimeout|Max retries exceeded|Name or service not known|Temporary failure (in name resolution|resolving)|Could not resolve host/,
    'A package registry could not be reached. Check the network and the proxy settings of pip and npm, then run the command again: it goes on where it stopped.'
  ],
  [
    /ENOSPC|No space left on device/,
    'The disk is full. Make room (about 2 GB), then run the command again.'
  ],
  [
    /lockfile would have been (modified|created)/,
    'yarn.lock does not fit package.json. Run `jlpm install` in the activated .venv, and commit the new yarn.lock.'
  ]
];

/** A command that ended with another code than 0. */
export class CommandFailed extends Trouble {
  constructor(name, code, log) {
    const lines = readFileSync(log, 'utf8').trimEnd().split('\n');
    const hint = hints.find(([pattern]) => pattern.test(lines.join('\n')));
    super(
      [
        `${name} failed (exit code ${code}). The end of ${path.relative(process.cwd(), log)}:`,
        ...lines.slice(-shown).map(line => `  | ${line}`),
        ...(hint ? [hint[1]] : [])
      ].join('\n')
    );
    this.code = code;
    this.log = log;
  }
}

/** The path of a log file below build/, for the name of what is run. */
export function logFile(name) {
  const folder = path.join(build, 'logs');
  mkdirSync(folder, { recursive: true });
  return path.join(folder, `${name.replace(/\W+/g, '-')}.log`);
}

/** Runs a command to its end; throws CommandFailed unless its code is 0. */
export async function run(name, command, args, { cwd = root, env = {} } = {}) {
  const log = logFile(name);
  const output = openSync(log, 'w');
  try {
    const code = await new Promise((resolve, reject) => {
      const child = spawn(command, args, {
        cwd,
        env: environment({ FORCE_COLOR: '0', ...env }),
        stdio: ['ignore', output, output]
      });
      child.on('error', reject);
      child.on('exit', (status, signal) => resolve(status ?? signal));
    });
    if (code !== 0) {
      throw new CommandFailed(name, code, log);
    }
  } finally {
    closeSync(output);
  }
}

/** What a short command prints, or null when it cannot be run or fails. */
export async function ask(command, args, env = environment()) {
  return new Promise(resolve => {
    const child = spawn(command, args, {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'ignore']
    });
    let text = '';
    child.stdout.on('data', part => {
      text += part;
    });
    child.on('error', () => resolve(null));
    child.on('close', code => resolve(code === 0 ? text.trim() : null));
  });
}
