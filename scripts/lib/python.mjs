/** Finds a Python that is new enough and makes the virtual environment with it. */
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { tool, venv, windows } from './paths.mjs';
import { timed, Trouble } from './report.mjs';
import { ask, run } from './run.mjs';

const oldest = 10;
const newest = 13;
const supported = `Python 3.${oldest} to 3.${newest}`;

function candidates() {
  if (process.env.PYTHON) {
    return [[process.env.PYTHON]];
  }
  const names = [];
  for (let minor = newest; minor >= oldest; minor--) {
    names.push([`python3.${minor}`]);
  }
  names.push(['python3'], ['python']);
  if (windows) {
    names.push(['py', '-3']);
  }
  return names;
}

const question = `
import importlib.util as find, json, sys
parts = ["venv", "ensurepip"]
missing = [part for part in parts if find.find_spec(part) is None]
print(json.dumps([list(sys.version_info[:2]), missing]))
`;

async function examine([command, ...args]) {
  // Not with our own environment first on the path: it may be the one to be replaced.
  const answer = await ask(command, [...args, '-c', question], process.env);
  if (answer === null) {
    return null;
  }
  const [[major, minor], missing] = JSON.parse(answer);
  return {
    command,
    args,
    version: `${major}.${minor}`,
    fits: major === 3 && minor >= oldest && minor <= newest,
    missing
  };
}

/** The command of a suitable Python, with its arguments; Trouble says what is missing. */
export async function findPython() {
  const found = [];
  for (const candidate of candidates()) {
    const python = await examine(candidate);
    if (python?.fits && python.missing.length === 0) {
      return python;
    }
    if (python) {
      found.push(python);
    }
  }
  const incomplete = found.find(python => python.fits);
  if (incomplete) {
    throw new Trouble(
      `Python ${incomplete.version} has no module ${incomplete.missing[0]}: install it (on Debian and Ubuntu: apt-get install python${incomplete.version}-venv).`
    );
  }
  const versions = [...new Set(found.map(python => python.version))];
  if (process.env.PYTHON) {
    throw new Trouble(
      `${supported} is needed; PYTHON=${process.env.PYTHON} is ${versions[0] ?? 'no Python'}.`
    );
  }
  const had = versions.length
    ? `only ${versions.join(', ')} is here`
    : 'none was found';
  throw new Trouble(
    `${supported} is needed, and ${had}: install one, or name it in the environment variable PYTHON.`
  );
}

/** Lies in an environment that was made here, which may be made anew. */
const mark = path.join(venv, 'made-by-npm-start');

/** Makes the virtual environment, unless there is one that works. */
export async function makeEnvironment() {
  if (existsSync(venv)) {
    if ((await examine([tool('python')]))?.fits) {
      return;
    }
    if (!existsSync(mark)) {
      throw new Trouble(
        `${venv} is there without ${supported}, and was not made by npm start: move or remove it, and start again.`
      );
    }
  }
  const { command, args, version } = await findPython();
  await timed(`Making a Python ${version} environment in .venv`, () =>
    run('venv', command, [...args, '-m', 'venv', '--clear', venv])
  );
  writeFileSync(mark, '');
}
