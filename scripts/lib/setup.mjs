/** Brings the checkout to where JupyterLab can be started with the extension as it stands. */
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  unlinkSync,
  writeFileSync
} from 'node:fs';
import path from 'node:path';

import { build, root, tool, venv } from './paths.mjs';
import { makeEnvironment } from './python.mjs';
import { timed } from './report.mjs';
import { ask, run } from './run.mjs';
import { step } from './stamps.mjs';

const builtExtension = 'server-ext/jupyterlab_savu/labextension';
const installedExtension = path.join(
  venv,
  'share/jupyter/labextensions/jupyterlab-savu'
);

const pip = ['-m', 'pip', '--disable-pip-version-check', '--no-input'];

/** The requirements of pyproject.toml: those of building, of running, or of an extra. */
async function requirements(...groups) {
  const script = path.join(root, 'scripts', 'requirements.py');
  return JSON.parse(await ask(tool('python'), [script, ...groups]));
}

/** Installs what is not yet known to be there; the list of what is lies in the environment. */
async function pythonPackages(title, ...groups) {
  const record = path.join(venv, 'savu-requirements.json');
  const installed = existsSync(record)
    ? JSON.parse(readFileSync(record, 'utf8'))
    : [];
  const wanted = await requirements(...groups);
  if (wanted.every(line => installed.includes(line))) {
    return;
  }
  await timed(title, () =>
    run(title, tool('python'), [...pip, 'install', ...wanted])
  );
  writeFileSync(
    record,
    JSON.stringify([...new Set([...installed, ...wanted])].sort(), null, 1)
  );
}

async function nodePackages() {
  const title = 'Installing the Node packages';
  const { dependencies, devDependencies, resolutions } = JSON.parse(
    readFileSync(path.join(root, 'package.json'), 'utf8')
  );
  await step(
    title,
    {
      stamp: path.join(root, 'node_modules', '.savu-stamp'),
      inputs: ['yarn.lock', '.yarnrc.yml'],
      outputs: ['node_modules/.yarn-state.yml'],
      text: JSON.stringify([dependencies, devDependencies, resolutions])
    },
    () =>
      run(title, tool('jlpm'), ['install', '--immutable'], {
        // Browsers come from the system.
        env: { PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1' }
      })
  );
}

async function frontend() {
  const title = 'Building the frontend';
  await step(
    title,
    {
      stamp: path.join(build, 'frontend.stamp'),
      inputs: [
        'src',
        'style',
        'schema',
        'package.json',
        'tsconfig.json',
        'yarn.lock'
      ],
      outputs: ['lib', builtExtension]
    },
    () => run(title, tool('jlpm'), ['build:prod'])
  );
}

async function extension() {
  const title = 'Installing the extension';
  await step(
    title,
    {
      stamp: path.join(venv, 'savu-extension.stamp'),
      inputs: [
        builtExtension,
        'install.json',
        'package.json',
        'pyproject.toml',
        'server-ext/jupyter-config'
      ],
      outputs: [installedExtension]
    },
    async () => {
      // A link made by `jupyter labextension develop`: pip would write through it, into the build.
      if (
        lstatSync(installedExtension, {
          throwIfNoEntry: false
        })?.isSymbolicLink()
      ) {
        unlinkSync(installedExtension);
      }
      await run(
        title,
        tool('python'),
        [
          ...pip,
          'install',
          '--no-deps',
          '--no-build-isolation',
          '--editable',
          root
        ],
        // The frontend has just been built.
        { env: { HATCH_JUPYTER_BUILDER_SKIP_NPM: '1' } }
      );
    }
  );
}

/** JupyterLab in this environment does not ask whether it may fetch news from the Internet. */
function settings() {
  const folder = path.join(venv, 'share/jupyter/lab/settings');
  mkdirSync(folder, { recursive: true });
  copyFileSync(
    path.join(root, 'binder/overrides.json'),
    path.join(folder, 'overrides.json')
  );
}

/** All that is needed to start JupyterLab with the extension, and the given extras of pyproject.toml. */
export async function setUp(...extras) {
  await makeEnvironment();
  await pythonPackages('Installing the build tools', 'build');
  const sides = await Promise.allSettled([
    pythonPackages('Installing the Python packages', 'run', ...extras),
    nodePackages().then(frontend)
  ]);
  const failure = sides.find(side => side.status === 'rejected');
  if (failure) {
    throw failure.reason;
  }
  await extension();
  settings();
}
