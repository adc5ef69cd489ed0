/** Runs Python as the user of the tests' server does. */
import { execFileSync } from 'node:child_process';

import { environment, tool } from '../../scripts/lib/paths.mjs';
import type { Lab } from './lab';
import type { Image } from './picture';

/** The rows of `picture` after some lines of Python, which run in the folder of the test. */
export function pictureAfter(lab: Lab, lines: string): Image {
  const script = `${lines}
import json
print(json.dumps(picture.tolist()))`;
  const output = execFileSync(tool('python'), ['-c', script], {
    cwd: lab.file('.'),
    env: environment({ JUPYTER_RUNTIME_DIR: process.env.SAVU_UI_RUNTIME }),
    maxBuffer: 2 ** 28
  });
  return JSON.parse(output.toString());
}
