/**
 * How fast the editor is, measured in the browser, with lists of many plugins.
 *
 *     node bench/editor.mjs [plugins] [repeats]
 *
 * "open" is the time from the arrival of the list's data to the frame with all its cards. A
 * keystroke is measured from the event to the frame that shows it, beside the time between two
 * frames of the idle page, below which no page can be. Needs the build of `npm start`.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { chromium } from '@playwright/test';

import { apart, startServer } from '../scripts/lib/server.mjs';
import { findChromium } from '../scripts/lib/system.mjs';

const plugins = Number(process.argv[2] ?? 100);
const repeats = Number(process.argv[3] ?? 7);
const usual = ['MedianFilter', 'VoCentering', 'PaganinFilter', 'AstraReconCpu'];

/** A new list file with many plugins at their defaults. */
async function makeList(call, name) {
  const facts = await Promise.all(
    ['NxtomoLoader', ...usual].map(async one =>
      (await call(`savu/plugins/${one}`)).json()
    )
  );
  const [loader, ...others] = facts;
  const list = {
    plugins: Array.from({ length: plugins }, (_, index) => {
      const one = index === 0 ? loader : others[index % others.length];
      const values = one.parameters.map(known => [known.name, known.default]);
      return {
        position: String(index + 1),
        name: one.name,
        id: one.id,
        active: true,
        parameters: Object.fromEntries(values)
      };
    })
  };
  const answer = await call(`savu/process-lists/content?path=${name}`, {
    method: 'POST',
    body: JSON.stringify(list)
  });
  if (!answer.ok) {
    throw new Error(`${name} was not made: ${answer.status}`);
  }
}

/** Milliseconds from the arrival of a list to the frame with its cards. */
async function open(page, name) {
  await page.evaluate(count => {
    performance.clearResourceTimings();
    for (const old of document.querySelectorAll('.jp-SavuList')) {
      old.dataset.isOld = 'true';
    }
    window.drawn = new Promise(resolve => {
      const look = () => {
        const cards = document.querySelectorAll(
          '.jp-SavuList:not([data-is-old]) .jp-SavuCard'
        );
        if (cards.length === count) {
          // The frame after this one has been painted.
          requestAnimationFrame(() => resolve(performance.now()));
        } else {
          requestAnimationFrame(look);
        }
      };
      look();
    });
  }, plugins);
  await page.locator('.jp-DirListing-item', { hasText: name }).dblclick();
  return page.evaluate(async file => {
    const drawn = await window.drawn;
    const arrived = performance
      .getEntriesByType('resource')
      .filter(
        ({ name: url }) =>
          url.includes('process-lists/content') && url.includes(file)
      );
    return drawn - arrived[0].responseEnd;
  }, name);
}

/** Milliseconds between two frames while nothing happens. */
function idleFrames(page) {
  return page.evaluate(
    () =>
      new Promise(resolve => {
        const times = [];
        const next = time => {
          times.push(time);
          if (times.length > 60) {
            resolve(times.slice(1).map((at, i) => at - times[i]));
          } else {
            requestAnimationFrame(next);
          }
        };
        requestAnimationFrame(next);
      })
  );
}

/** Milliseconds of work of each keystroke, those until it is painted, and how many long tasks there were. */
async function type(page) {
  await page
    .getByRole('option', { name: `${plugins} ` })
    .last()
    .click();
  const last = usual[(plugins - 1) % usual.length];
  if (last !== 'AstraReconCpu') {
    await page.getByRole('option', { name: 'AstraReconCpu' }).last().click();
  }
  const field = page.getByLabel('centre_of_rotation', { exact: true });
  await field.click();
  await page.evaluate(() => {
    window.strokes = [];
    window.longTasks = 0;
    new PerformanceObserver(list => {
      window.longTasks += list.getEntries().length;
    }).observe({ type: 'longtask' });
    addEventListener(
      'keydown',
      () => {
        const begun = performance.now();
        const stroke = { work: 0, painted: 0 };
        window.strokes.push(stroke);
        const channel = new MessageChannel();
        channel.port1.onmessage = () => {
          stroke.painted = performance.now() - begun;
        };
        requestAnimationFrame(() => {
          channel.port2.postMessage(null);
        });
        // After the field has told the list and React has drawn.
        addEventListener(
          'input',
          () =>
            queueMicrotask(() => {
              stroke.work = performance.now() - begun;
            }),
          { once: true }
        );
      },
      true
    );
  });
  for (let letter = 0; letter < 40; letter++) {
    await page.keyboard.press('1');
    await page.waitForTimeout(60);
  }
  return page.evaluate(() => ({
    work: window.strokes.map(({ work }) => work),
    painted: window.strokes.map(({ painted }) => painted),
    longTasks: window.longTasks
  }));
}

function quantile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(part * (sorted.length - 1))];
}

function row(name, values) {
  const told = [0.5, 0.95, 1].map(part =>
    `${quantile(values, part).toFixed(1)} ms`.padStart(10)
  );
  console.log(`${name.padEnd(44)}${told.join('')}`);
}

const base = mkdtempSync(path.join(tmpdir(), 'savu-bench-'));
const folder = path.join(base, 'root');
mkdirSync(folder);
const server = await startServer({
  folder,
  port: 0,
  env: apart(path.join(base, 'jupyter')),
  name: 'bench-editor'
});
const browser = await chromium.launch({
  executablePath: findChromium(),
  args: ['--no-sandbox', '--disable-quic']
});
try {
  const names = Array.from({ length: repeats }, (_, i) => `list${i}.nxs`);
  for (const name of names) {
    await makeList(server.call, name);
  }
  const page = await browser.newPage({
    viewport: { width: 1600, height: 900 }
  });
  await page.goto(`${server.url}lab?reset&token=${server.token}`);
  await page.getByText(names[0], { exact: true }).waitFor();
  const opened = [];
  for (const name of names) {
    opened.push(await open(page, name));
  }
  const idle = await idleFrames(page);
  const typed = await type(page);
  console.log(`${''.padEnd(44)}    median      95 %       max`);
  row(`open a list of ${plugins} plugins`, opened);
  row('frame of the idle page', idle);
  row('keystroke: work until drawn', typed.work);
  row('keystroke: until painted', typed.painted);
  console.log(`long tasks (over 50 ms) in 40 keystrokes: ${typed.longTasks}`);
} finally {
  await browser.close();
  await server.stop();
  rmSync(base, { recursive: true, force: true });
}
