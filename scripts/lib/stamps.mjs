/** Steps that are not repeated while nothing has changed. */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync
} from 'node:fs';
import path from 'node:path';

import { root } from './paths.mjs';
import { timed } from './report.mjs';

function* filesBelow(place) {
  if (!existsSync(place)) {
    return;
  }
  if (statSync(place).isFile()) {
    yield place;
    return;
  }
  for (const name of readdirSync(place).sort()) {
    yield* filesBelow(path.join(place, name));
  }
}

/** A hash of the names and contents of files, of folders with all below them, and of a text. */
export function fingerprint(places, text = '') {
  const hash = createHash('sha256').update(text);
  for (const place of places) {
    for (const file of filesBelow(path.resolve(root, place))) {
      hash.update(`\0${path.relative(root, file)}\0`);
      hash.update(readFileSync(file));
    }
  }
  return hash.digest('hex');
}

/**
 * Does some work unless it was done before from the same inputs and what it made is still there
 * unchanged: somebody may have built by hand in between.
 */
export async function step(title, { stamp, inputs, outputs, text }, work) {
  const before = fingerprint(inputs, text);
  const state = () => `${before} ${fingerprint(outputs)}\n`;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === state()) {
    return;
  }
  await timed(title, work);
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, state());
}
