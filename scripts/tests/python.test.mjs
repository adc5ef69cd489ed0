import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';

import { windows } from '../lib/paths.mjs';
import { findPython } from '../lib/python.mjs';

describe('finding Python', { skip: windows && 'needs shell scripts' }, () => {
  let folder;
  let before;

  /** Puts a command on the path that says it is some Python. */
  const pretend = (name, version, missing = []) => {
    const file = path.join(folder, name);
    const answer = JSON.stringify([version, missing]);
    writeFileSync(file, `#!/bin/sh\necho '${answer}'\n`);
    chmodSync(file, 0o755);
    return file;
  };

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'savu-python-'));
    before = { PATH: process.env.PATH, PYTHON: process.env.PYTHON };
    process.env.PATH = folder;
    delete process.env.PYTHON;
  });
  afterEach(() => {
    process.env.PATH = before.PATH;
    if (before.PYTHON !== undefined) {
      process.env.PYTHON = before.PYTHON;
    }
    rmSync(folder, { recursive: true });
  });

  it('takes the newest that is supported', async () => {
    pretend('python3', [3, 14]);
    pretend('python3.10', [3, 10]);
    pretend('python3.12', [3, 12]);
    assert.equal((await findPython()).version, '3.12');
  });

  it('passes over one that cannot make environments', async () => {
    pretend('python3.12', [3, 12], ['ensurepip']);
    pretend('python3.11', [3, 11]);
    assert.equal((await findPython()).version, '3.11');
  });

  it('takes the one that PYTHON names, or none', async () => {
    pretend('python3.12', [3, 12]);
    process.env.PYTHON = pretend('mine', [3, 10]);
    assert.equal((await findPython()).version, '3.10');
    process.env.PYTHON = pretend('old', [3, 8]);
    await assert.rejects(findPython(), /^Error: Python 3.10 to 3.13 .*is 3.8/);
  });

  it('says in one line what is missing', async () => {
    const complaint = async pattern =>
      assert.rejects(
        findPython(),
        ({ message }) => pattern.test(message) && !message.includes('\n')
      );
    await complaint(/none was found/);
    pretend('python3', [3, 14]);
    await complaint(/only 3.14 is here/);
    pretend('python3.11', [3, 11], ['ensurepip']);
    await complaint(/apt-get install python3.11-venv/);
  });
});
