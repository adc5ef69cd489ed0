/** `npm run screenshots`: draws docs/images/ anew. */
import { tool } from './lib/paths.mjs';
import { giveUp, timed, Trouble } from './lib/report.mjs';
import { run } from './lib/run.mjs';
import { setUp } from './lib/setup.mjs';
import { findChromium } from './lib/system.mjs';

async function main() {
  const chromium = findChromium();
  if (!chromium) {
    throw new Trouble(
      'No Chromium or Chrome was found: install one, or name it in the environment variable CHROME_PATH.'
    );
  }
  await setUp();
  await timed('Taking the screenshots', () =>
    run(
      'screenshots',
      tool('jlpm'),
      ['playwright', 'test', '--config', 'ui-tests', 'screenshots'],
      { env: { CHROME_PATH: chromium, SAVU_SCREENSHOTS: 'docs/images' } }
    )
  );
}

await main().catch(giveUp);
