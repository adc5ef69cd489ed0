/** What the tests need of the system: installed on Debian as root, named elsewhere. */
import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';

import { timed } from './report.mjs';
import { ask, run } from './run.mjs';

const debian = existsSync('/etc/debian_version') && process.getuid?.() === 0;

const browserPackages = [
  'chromium',
  'fonts-dejavu-core',
  'fonts-liberation',
  'fonts-noto-color-emoji'
];

const schedulerPackages = [
  'gridengine-client',
  'gridengine-exec',
  'gridengine-master',
  'munge',
  'openssh-server',
  'slurm-client',
  'slurm-wlm-basic-plugins',
  'slurmctld',
  'slurmd'
];

/** Whether schedulers can be installed, and started for each of the users they serve. */
export const hasSchedulers = debian;

function executable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The path of Chromium or Chrome, or undefined. */
export function findChromium() {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  return [
    process.env.CHROME_PATH,
    ...folders.flatMap(folder => names.map(name => path.join(folder, name))),
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe'
  ].find(file => file && executable(file));
}

async function missing(packages) {
  const states = await Promise.all(
    packages.map(name => ask('dpkg-query', ['-W', '-f=${Status}', name]))
  );
  return packages.filter(
    (_, index) => states[index] !== 'install ok installed'
  );
}

/** Installs what a set-up and the tests need, where that can be done without asking. */
export async function systemPackages({ browser, database, schedulers }) {
  if (!debian) {
    return;
  }
  const wanted = await missing([
    ...(process.env.PYTHON ? [] : ['python3-venv']),
    ...(browser && !findChromium() ? browserPackages : []),
    ...(schedulers ? schedulerPackages : []),
    ...(database && !existsSync('/usr/lib/postgresql') ? ['postgresql'] : [])
  ]);
  if (wanted.length === 0) {
    return;
  }
  // Debian starts what it installs, but not at run level 1.
  const env = { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  await timed(`Installing ${wanted.join(', ')}`, async () => {
    await run('apt-get update', 'apt-get', ['update'], { env });
    await run(
      'apt-get install',
      'apt-get',
      ['install', '--yes', '--no-install-recommends', ...wanted],
      { env }
    );
  });
}
