import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { ask, CommandFailed, run } from '../lib/run.mjs';

const node = (name, program) => run(name, process.execPath, ['-e', program]);

describe('a command that fails', () => {
  it('is named with its code and the end of its output', async () => {
    await assert.rejects(
      node('test of a failure', 'console.log("the cause"); process.exit(3)'),
      error =>
        error instanceof CommandFailed &&
        /test of a failure failed \(exit code 3\)/.test(error.message) &&
        /the cause/.test(error.message)
    );
  });

  it('gets advice when the network or the disk is the cause', async () => {
    const failing = text =>
      node('test of advice', `console.log("${text}"); process.exit(1)`);
    await assert.rejects(failing('getaddrinfo ENOTFOUND'), /Check the network/);
    await assert.rejects(failing('ENOSPC: no space'), /The disk is full/);
  });
});

describe('asking a command', () => {
  it('answers what it prints', async () => {
    assert.equal(await ask(process.execPath, ['-p', '6 * 7']), '42');
  });

  it('answers null when it fails or is not there', async () => {
    assert.equal(await ask(process.execPath, ['-e', 'process.exit(1)']), null);
    assert.equal(await ask('no-such-command-here', []), null);
  });
});
