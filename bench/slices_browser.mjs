/**
 * How fast slices come to the screen, beside jupyterlab-h5web on the same files in one run.
 *
 *     node bench/slices_browser.mjs [folder] [--quick]
 *
 * Uses the files and the environment of slices_server.py and makes them where they are not there;
 * needs the build of `npm start`. A slice is there when the canvas has been drawn with it: ours
 * tells its plane, of the other one the textures and draws are watched. Each viewer is asked for
 * the next slice when it has rested, as one does who looks at each. Ends with 1 when a goal is
 * missed.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';

import { chromium } from '@playwright/test';

import { environment, root, tool } from '../scripts/lib/paths.mjs';
import { findChromium } from '../scripts/lib/system.mjs';

const options = process.argv.slice(2);
const isQuick = options.includes('--quick');
const folder = options.find(option => !option.startsWith('--')) ?? '';
const walked = isQuick ? 120 : 500;
const files = ['contiguous.h5', 'cubes_gzip.h5'];
const steps = 15;
const playing = 5000;
/** What the tab may grow by in the second half of a long walk, in bytes. */
const growth = 64e6;

let missed = 0;

function tell(what, figures, ratio, goal, isMost) {
  const holds = isMost ? ratio <= goal : ratio >= goal;
  missed += holds ? 0 : 1;
  console.log(
    `${what.padEnd(40)}${figures.padStart(46)}  ${ratio.toFixed(2).padStart(8)} ${isMost ? '≤' : '≥'} ${String(goal).padEnd(6)} ${holds ? 'holds' : 'misses'}`
  );
}

function median(values) {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)];
}

function ms(value) {
  return `${value.toFixed(0)} ms`;
}

/** Both servers, and how to end them. */
async function serve() {
  const child = spawn(
    tool('python'),
    [
      path.join(root, 'bench', 'slices_files.py'),
      folder,
      ...(isQuick ? ['quick'] : [])
    ],
    { env: environment(), stdio: ['pipe', 'pipe', 'inherit'] }
  );
  const servers = {};
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('{')) {
      console.log(line);
      continue;
    }
    const server = JSON.parse(line);
    servers[server.name] = server;
    if (servers.ours && servers.peer) {
      break;
    }
  }
  if (!servers.peer) {
    throw new Error('The servers did not start.');
  }
  const ended = new Promise(resolve => child.on('exit', resolve));
  return {
    servers,
    stop: () => {
      child.stdin.end();
      return ended;
    }
  };
}

/** Watches what is drawn; runs in the page before anything else. */
function watch() {
  window.drawing = { textures: 0, textureAt: 0, drawnAt: 0 };
  const prototype = WebGL2RenderingContext.prototype;
  for (const name of ['texImage2D', 'texSubImage2D']) {
    const original = prototype[name];
    prototype[name] = function (...values) {
      if (values.at(-1)?.byteLength > 50_000) {
        window.drawing.textures++;
        window.drawing.textureAt = performance.now();
      }
      return original.apply(this, values);
    };
  }
  for (const name of ['drawElements', 'drawArrays']) {
    const original = prototype[name];
    prototype[name] = function (...values) {
      window.drawing.drawnAt = performance.now();
      return original.apply(this, values);
    };
  }
  /** Something that changes with each picture that has been drawn. */
  window.picture = {
    ours: () =>
      document.querySelector('.jp-SavuSlices canvas[data-plane]')?.dataset
        .plane || null,
    peer: () =>
      window.drawing.drawnAt > window.drawing.textureAt &&
      window.drawing.textures > 0
        ? window.drawing.textures
        : null
  };
}

/** A page of JupyterLab that is ready. */
async function openLab(browser, server) {
  const page = await browser.newPage({
    viewport: { width: 1400, height: 850 }
  });
  await page.addInitScript(watch);
  await page.goto(`${server.url}lab?reset&token=${server.token}`);
  await page
    .locator('.jp-DirListing-item', { hasText: files[0] })
    .waitFor({ timeout: 60_000 });
  await page.waitForTimeout(2000);
  return page;
}

/** Milliseconds from the double click to the first picture. */
async function openFile(page, name, file) {
  const item = page.locator('.jp-DirListing-item', { hasText: file });
  await item.click();
  await page.evaluate(() => {
    window.drawing.textures = 0;
    addEventListener('dblclick', () => (window.begun = performance.now()), {
      capture: true,
      once: true
    });
  });
  await item.dblclick();
  return page.evaluate(
    kind =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (window.picture[kind]() !== null) {
            requestAnimationFrame(() =>
              resolve(performance.now() - window.begun)
            );
          } else if (performance.now() - window.begun > 60_000) {
            reject(new Error(`${kind} shows no picture`));
          } else {
            setTimeout(look, 2);
          }
        };
        look();
      }),
    name
  );
}

/** Puts the focus where the keys step through the slices. */
async function focus(page, name) {
  await (
    name === 'ours'
      ? page.getByRole('slider', { name: /^Slice along/ })
      : page.locator('[role=slider][aria-orientation=vertical]')
  )
    .first()
    .focus();
}

/** Milliseconds from a key to the next picture. */
async function step(page, name) {
  await page.evaluate(kind => {
    const before = window.picture[kind]();
    window.next = new Promise(resolve => {
      addEventListener(
        'keydown',
        () => {
          const begun = performance.now();
          const look = () => {
            const now = window.picture[kind]();
            if (now !== null && now !== before) {
              requestAnimationFrame(() => resolve(performance.now() - begun));
            } else if (performance.now() - begun > 30_000) {
              resolve(30_000);
            } else {
              setTimeout(look, 1);
            }
          };
          look();
        },
        { capture: true, once: true }
      );
    });
  }, name);
  await page.keyboard.press('ArrowUp');
  return page.evaluate(() => window.next);
}

/** Slices per second while playing as fast as it goes. */
async function play(page) {
  await page.getByLabel('Slices per second').selectOption('50/s');
  await page.getByRole('button', { name: 'Play' }).click();
  const count = await page.evaluate(
    time =>
      new Promise(resolve => {
        let drawn = 0;
        const observer = new MutationObserver(() => drawn++);
        observer.observe(
          document.querySelector('.jp-SavuSlices canvas[data-plane]'),
          { attributes: true, attributeFilter: ['data-plane'] }
        );
        setTimeout(() => {
          observer.disconnect();
          resolve(drawn);
        }, time);
      }),
    playing
  );
  await page.getByRole('button', { name: 'Pause' }).click();
  return (1000 * count) / playing;
}

/** Bytes of the tabs' processes. */
async function memory(session) {
  await session.send('HeapProfiler.collectGarbage').catch(() => undefined);
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  return processInfo
    .filter(({ type }) => type === 'renderer')
    .map(({ id }) => readFileSync(`/proc/${id}/smaps_rollup`, 'utf8'))
    .map(text => 1024 * Number(/^Pss_Anon:\s+(\d+)/m.exec(text)?.[1] ?? 0))
    .reduce((sum, size) => sum + size, 0);
}

/** What the tab's memory is after half of a long walk, and at its end. */
async function walk(page, session) {
  await page
    .getByRole('slider', { name: /^Slice along/ })
    .first()
    .focus();
  await page.keyboard.press('Home');
  await page.waitForTimeout(1000);
  await page.getByRole('button', { name: 'Play' }).click();
  const sizes = [];
  for (const index of [walked / 2, walked]) {
    await page.waitForFunction(
      at => Number(window.picture.ours()?.split(',')[0]) >= at - 2,
      index,
      { timeout: 240_000, polling: 5 }
    );
    sizes.push(await memory(session));
  }
  await page.getByRole('button', { name: 'Pause' }).click();
  return sizes;
}

const begun = Date.now();
const { servers, stop } = await serve();
const browser = await chromium.launch({
  executablePath: findChromium(),
  args: [
    '--no-sandbox',
    '--disable-quic',
    '--use-gl=angle',
    '--use-angle=swiftshader',
    '--enable-unsafe-swiftshader'
  ]
});
try {
  const session = await browser.newBrowserCDPSession();
  const rates = {};
  for (const file of files) {
    const found = {};
    for (const name of ['ours', 'peer']) {
      const page = await openLab(browser, servers[name]);
      const first = await openFile(page, name, file);
      await page.waitForTimeout(2000);
      await focus(page, name);
      const times = [];
      for (let count = 0; count < steps; count++) {
        times.push(await step(page, name));
        await page.waitForTimeout(200);
      }
      found[name] = { first, next: median(times) };
      if (name === 'ours') {
        rates[file] = await play(page);
        if (file === files[0]) {
          const [half, end] = await walk(page, session);
          tell(
            `${file}: tab grows in slices ${walked / 2} to ${walked}`,
            `${(half / 1e6).toFixed(0)} MB, then ${(end / 1e6).toFixed(0)} MB`,
            (end - half) / 1e6,
            growth / 1e6,
            true
          );
        }
      }
      await page.close();
    }
    const { ours, peer } = found;
    tell(
      `${file}: first picture`,
      `ours ${ms(ours.first)}, peer ${ms(peer.first)}`,
      ours.first / peer.first,
      1,
      true
    );
    tell(
      `${file}: slice to slice`,
      `ours ${ms(ours.next)}, peer ${ms(peer.next)}`,
      ours.next / peer.next,
      0.25,
      true
    );
    tell(
      `${file}: slices per second`,
      `ours plays ${rates[file].toFixed(1)}, peer ${(1000 / peer.next).toFixed(1)}`,
      (rates[file] * peer.next) / 1000,
      4,
      false
    );
  }
} finally {
  await browser.close();
  await stop();
}
console.log(
  `${missed ? `${missed} goals missed` : 'all goals are met'}, in ${((Date.now() - begun) / 1000).toFixed(0)} s`
);
process.exitCode = missed ? 1 : 0;
