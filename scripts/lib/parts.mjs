/** The parts of `npm test`: each answers a list of `{name, passed, failed, skipped, note}`. */
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

import { check } from './check.mjs';
import { build, root, tool } from './paths.mjs';
import { seconds, say } from './report.mjs';
import { CommandFailed, run } from './run.mjs';
import { findChromium, hasSchedulers } from './system.mjs';

const shownLines = 200;

function showLog(name, log) {
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n');
  console.log(
    [`--- ${name}`, ...lines.slice(-shownLines), `--- ${name} failed`].join(
      '\n'
    )
  );
}

/** Runs one tool; `count` reads its report, without which the whole run is one test. */
async function runPart(name, command, args, { count, env } = {}) {
  const start = Date.now();
  let failure = null;
  try {
    await run(name, command, args, { env });
  } catch (error) {
    failure = error;
    if (error instanceof CommandFailed) {
      showLog(name, error.log);
    } else {
      console.log(error);
    }
  }
  const result = { name, passed: 0, failed: 0, skipped: 0 };
  if (count) {
    try {
      Object.assign(result, count());
    } catch {
      console.log(`${name} has left no report.`);
    }
    // A runner that broke down before or after its tests has not passed.
    if (failure && result.failed === 0) {
      result.failed = 1;
    }
    if (result.passed + result.failed + result.skipped === 0) {
      result.failed = 1;
      result.note = 'no test was run';
    }
  } else {
    result[failure ? 'failed' : 'passed'] = 1;
  }
  say(
    `${name}: ${result.passed} passed, ${result.failed} failed, ${result.skipped} skipped in ${seconds(start)}`
  );
  return result;
}

/** The path of a fresh report file. */
function reportFile(name) {
  const folder = path.join(build, 'reports');
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, name);
  rmSync(file, { force: true });
  return file;
}

async function lint() {
  const jlpm = tool('jlpm');
  const ruff = tool('ruff');
  const compile = ['tsc', '--noEmit', '--composite', 'false', '-p'];
  const commands = [
    ['eslint', jlpm, ['eslint']],
    ['prettier', jlpm, ['prettier', '--check']],
    ['stylelint', jlpm, ['stylelint']],
    ['types of src', jlpm, [...compile, '.', '--incremental', 'false']],
    ['types of ui-tests', jlpm, [...compile, 'ui-tests']],
    ['types from the contract', jlpm, ['generate:api', '--check']],
    ['ruff', ruff, ['check']],
    ['ruff format', ruff, ['format', '--check']],
    ['mypy', tool('mypy'), []]
  ];
  const results = [];
  for (const [name, command, args] of commands) {
    results.push(await runPart(name, command, args));
  }
  return results;
}

async function jest() {
  const file = reportFile('jest.json');
  const result = await runPart(
    'jest',
    tool('jlpm'),
    ['jest', '--json', `--outputFile=${file}`],
    {
      count() {
        const report = JSON.parse(readFileSync(file, 'utf8'));
        return {
          passed: report.numPassedTests,
          failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
          skipped: report.numPendingTests + report.numTodoTests
        };
      }
    }
  );
  return [result];
}

/** Counts the test cases of a JUnit report. */
function countCases(file) {
  const cases = readFileSync(file, 'utf8').split('<testcase ').slice(1);
  const failed = cases.filter(text => /<(failure|error)\b/.test(text)).length;
  const skipped = cases.filter(text => /<skipped\b/.test(text)).length;
  return { passed: cases.length - failed - skipped, failed, skipped };
}

/** Runs the tests in folders below server-ext/tests. */
async function runPytest(name, ...folders) {
  const paths = folders.map(one => path.join('server-ext', 'tests', one));
  const file = reportFile(`${name}.xml`);
  const result = await runPart(
    name,
    tool('pytest'),
    ['-q', '--color=no', '--durations=15', `--junitxml=${file}`, ...paths],
    { count: () => countCases(file) }
  );
  return [result];
}

const pytest = () => runPytest('pytest', 'bridge', 'core', 'engine');

const server = () => runPytest('server', 'server');

/** Real schedulers, which serve several users: that takes root, and Debian's packages. */
async function schedulers() {
  const name = 'schedulers';
  if (!hasSchedulers) {
    return [
      {
        name,
        passed: 0,
        failed: 0,
        skipped: 0,
        note: 'not run: Slurm and Grid Engine are started as root on Debian'
      }
    ];
  }
  return runPytest(name, name);
}

async function scripts() {
  const file = reportFile('scripts.xml');
  const folder = path.join(root, 'scripts', 'tests');
  const result = await runPart(
    'tests of the scripts',
    process.execPath,
    [
      '--test',
      '--test-reporter=spec',
      '--test-reporter-destination=stdout',
      '--test-reporter=junit',
      `--test-reporter-destination=${file}`,
      ...readdirSync(folder).map(name => path.join(folder, name))
    ],
    { count: () => countCases(file) }
  );
  return [result];
}

async function demo() {
  const start = Date.now();
  const result = {
    name: 'npm start -- --check',
    passed: 1,
    failed: 0,
    skipped: 0
  };
  try {
    await check({ folder: path.join(build, 'check'), fresh: true });
  } catch (error) {
    console.log(error.message);
    Object.assign(result, { passed: 0, failed: 1 });
  }
  say(
    `${result.name}: ${result.failed ? 'failed' : 'passed'} in ${seconds(start)}`
  );
  return [result];
}

async function ui() {
  const name = 'browser tests';
  const chromium = findChromium();
  if (!chromium) {
    return [
      {
        name,
        passed: 0,
        failed: 0,
        skipped: 1,
        note: 'no Chromium or Chrome was found; CHROME_PATH can name one'
      }
    ];
  }
  const file = reportFile('ui.json');
  const result = await runPart(
    name,
    tool('jlpm'),
    ['playwright', 'test', '--config', 'ui-tests'],
    {
      env: { CHROME_PATH: chromium, PLAYWRIGHT_JSON_OUTPUT_FILE: file },
      count() {
        const { stats } = JSON.parse(readFileSync(file, 'utf8'));
        return {
          passed: stats.expected + stats.flaky,
          failed: stats.unexpected,
          skipped: stats.skipped
        };
      }
    }
  );
  return [result];
}

/** By the names that `npm test -- NAME …` takes. */
export const parts = {
  lint,
  scripts,
  jest,
  pytest,
  server,
  schedulers,
  demo,
  ui
};

/** What runs beside what: two lanes for two cores, then what draws beside what mostly waits. */
export const stages = [
  [['lint', 'scripts', 'jest', 'pytest'], ['server']],
  [['ui'], ['demo', 'schedulers']]
];
