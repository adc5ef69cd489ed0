import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';

import { step } from '../lib/stamps.mjs';

describe('a step', () => {
  let folder;
  let built;
  let source;
  let runs;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'savu-stamps-'));
    source = path.join(folder, 'source');
    built = path.join(folder, 'built');
    runs = 0;
    writeFileSync(source, 'one');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const work = text =>
    step(
      'Working',
      {
        stamp: path.join(folder, 'stamp'),
        inputs: [source],
        outputs: [built],
        text
      },
      async () => {
        runs += 1;
        writeFileSync(built, 'made');
      }
    );

  it('is not repeated while nothing has changed', async () => {
    await work();
    await work();
    assert.equal(runs, 1);
  });

  it('is repeated when an input has changed', async () => {
    await work();
    writeFileSync(source, 'two');
    await work();
    assert.equal(runs, 2);
  });

  it('is repeated when the text that goes in has changed', async () => {
    await work('a');
    await work('b');
    assert.equal(runs, 2);
  });

  it('is repeated when what it made was removed or overwritten', async () => {
    await work();
    rmSync(built);
    await work();
    writeFileSync(built, 'made by hand');
    await work();
    assert.equal(runs, 3);
  });

  it('is repeated after it failed', async () => {
    const failing = step(
      'Failing',
      { stamp: path.join(folder, 'stamp'), inputs: [source], outputs: [built] },
      () => Promise.reject(new Error('no'))
    );
    await assert.rejects(failing, /no/);
    await work();
    assert.equal(runs, 1);
  });
});
