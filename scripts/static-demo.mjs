/** `npm run demo:static`: builds build/static-demo/. */
import path from 'node:path';

import { giveUp, say } from './lib/report.mjs';
import { setUp } from './lib/setup.mjs';
import { makeStaticDemo, staticDemo } from './lib/static-demo.mjs';

async function main() {
  await setUp();
  await makeStaticDemo();
  const folder = path.relative(process.cwd(), staticDemo);
  say(
    `${folder} can be put on any host of static files, or tried with: python -m http.server -d ${folder}`
  );
}

await main().catch(giveUp);
