import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import path from 'node:path';
import { describe, it } from 'node:test';

import { root } from '../lib/paths.mjs';
import { startServer } from '../lib/server.mjs';

const start = (args, env) =>
  spawnSync(process.execPath, [path.join(root, 'scripts/start.mjs'), ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...env }
  });

describe('npm start', () => {
  it('explains its options', () => {
    const { status, stdout } = start(['--help']);
    assert.equal(status, 0);
    assert.match(stdout, /--no-browser/);
  });

  it('refuses what is no option or no port before it does anything', () => {
    for (const args of [['--bogus'], ['--port', 'abc'], ['--port', '70000']]) {
      const { status, stdout, stderr } = start(args);
      assert.equal(status, 1);
      assert.equal(stdout, '');
      assert.match(stderr, /npm start --/);
    }
  });

  it('says which port is taken', async () => {
    const other = createServer();
    await new Promise(resolve => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address();
    try {
      await assert.rejects(
        startServer({ folder: root, port }),
        new RegExp(`Port ${port} is in use`)
      );
    } finally {
      other.close();
    }
  });
});
