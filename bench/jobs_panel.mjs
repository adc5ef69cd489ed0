/**
 * How smooth the panel of jobs is with many jobs, beside few, measured in the browser.
 *
 *     node bench/jobs_panel.mjs [many] [few] [rounds]
 *
 * Two servers show the jobs, the pages take turns. A frame is the time from one drawn frame to the
 * next while the list is scrolled by a steady pace; an act is the time from the input to the frame
 * that shows its outcome. Ends with 1 when the page holds 200 rows or more, or when of the frames
 * with many jobs the 95th percentile is above 1.5 times that with few. Needs the build of
 * `npm start`.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { chromium } from '@playwright/test';

import { tool } from '../scripts/lib/paths.mjs';
import { apart, startServer } from '../scripts/lib/server.mjs';
import { findChromium } from '../scripts/lib/system.mjs';

const many = Number(process.argv[2] ?? 10_000);
const few = Number(process.argv[3] ?? 100);
const rounds = Number(process.argv[4] ?? 4);

const mostRows = 200;
const mostTimes = 1.5;
/** Pixels that a turned wheel moves in a frame. */
const pace = 120;
const frames = 240;

const list = '.jp-SavuJobs-list';
const row = '.jp-SavuJobs-item, .jp-SavuJobs-group';

/** A page with a panel of so many jobs. */
async function open(browser, base, number, closing) {
  const folder = path.join(base, String(number));
  mkdirSync(folder);
  const store = `sqlite:///${path.join(base, `${number}.sqlite`)}`;
  const filled = spawnSync(
    tool('python'),
    [
      fileURLToPath(new URL('fill_jobs.py', import.meta.url)),
      store,
      path.join(folder, 'savu-runs'),
      String(number)
    ],
    { encoding: 'utf8' }
  );
  if (filled.status !== 0) {
    throw new Error(`The jobs were not made: ${filled.stderr}`);
  }
  const server = await startServer({
    folder,
    port: 0,
    env: apart(path.join(base, `jupyter-${number}`)),
    args: [`--SavuApp.job_store=${store}`],
    name: `bench-jobs-${number}`
  });
  closing.push(() => server.stop());
  const page = await browser.newPage({
    viewport: { width: 1600, height: 900 }
  });
  await page.goto(`${server.url}lab?reset&token=${server.token}`);
  await page.getByRole('tab', { name: 'Jobs' }).click();
  const panel = page.getByRole('region', { name: 'Jobs', exact: true });
  await panel.locator(`[aria-setsize="${number}"]`).first().waitFor();
  return { page, panel, number, frames: [], jumps: [], rows: 0, acts: {} };
}

/** Milliseconds between drawn frames while the list is scrolled, and the most rows in the page. */
function scroll(page, step) {
  return page.evaluate(
    ({ list, row, step, frames }) =>
      new Promise(resolve => {
        const node = document.querySelector(list);
        const end = node.scrollHeight - node.clientHeight;
        const pixels = step ?? (2 * end) / frames;
        const times = [];
        let rows = 0;
        let place = 0;
        let direction = 1;
        const next = time => {
          times.push(time);
          rows = Math.max(rows, document.querySelectorAll(row).length);
          if (times.length > frames) {
            resolve({
              times: times.slice(1).map((at, i) => at - times[i]),
              rows
            });
            return;
          }
          place += direction * pixels;
          if (place < 0 || place > end) {
            direction = -direction;
          }
          node.scrollTop = Math.min(Math.max(place, 0), end);
          requestAnimationFrame(next);
        };
        node.scrollTop = 0;
        requestAnimationFrame(next);
      }),
    { list, row, step, frames }
  );
}

/** Milliseconds from an input to the second frame after it: the first one with its outcome. */
async function act(page, name, run) {
  await page.evaluate(() => {
    window.seen = new Promise(resolve => {
      const begin = () => {
        const begun = performance.now();
        requestAnimationFrame(() =>
          requestAnimationFrame(() => resolve(performance.now() - begun))
        );
      };
      addEventListener('input', begin, { capture: true, once: true });
    });
  });
  await run();
  return [name, await page.evaluate(() => window.seen)];
}

/** What is done with a list, again and again. */
async function acts({ page, panel }) {
  const order = panel.getByLabel('Order of the jobs');
  const groups = panel.getByLabel('Groups of jobs');
  const search = panel.getByRole('searchbox', { name: 'Search the jobs' });
  const told = [
    await act(page, 'sort', () => order.selectOption('By scan')),
    await act(page, 'group', () => groups.selectOption('Group by list')),
    await act(page, 'type into the search', () =>
      search.pressSequentially('5')
    ),
    await act(page, 'clear the search', () => search.fill(''))
  ];
  await order.selectOption('Newest first');
  await groups.selectOption('No groups');
  return told;
}

function quantile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(part * (sorted.length - 1))];
}

function tell(name, values) {
  const told = [0.5, 0.95, 1].map(part =>
    `${quantile(values, part).toFixed(1)} ms`.padStart(11)
  );
  console.log(`${name.padEnd(44)}${told.join('')}`);
}

const base = mkdtempSync(path.join(tmpdir(), 'savu-bench-'));
const closing = [() => rmSync(base, { recursive: true, force: true })];
try {
  const browser = await chromium.launch({
    executablePath: findChromium(),
    args: ['--no-sandbox', '--disable-quic']
  });
  closing.push(() => browser.close());
  const sides = [
    await open(browser, base, few, closing),
    await open(browser, base, many, closing)
  ];
  for (let round = 0; round < rounds; round++) {
    for (const side of sides) {
      await side.page.bringToFront();
      const steady = await scroll(side.page, pace);
      const dragged = await scroll(side.page, null);
      side.frames.push(...steady.times);
      side.jumps.push(...dragged.times);
      side.rows = Math.max(side.rows, steady.rows, dragged.rows);
      for (const [name, time] of await acts(side)) {
        (side.acts[name] ??= []).push(time);
      }
    }
  }
  console.log(`${''.padEnd(44)}     median       95 %        max`);
  for (const { number, frames, jumps, acts, rows } of sides) {
    tell(`${number} jobs: frame while scrolling`, frames);
    tell(`${number} jobs: frame while the bar is dragged`, jumps);
    for (const [name, times] of Object.entries(acts)) {
      tell(`${number} jobs: ${name}`, times);
    }
    console.log(`${number} jobs: at most ${rows} rows in the page`);
  }
  const [small, large] = sides.map(({ frames }) => quantile(frames, 0.95));
  const times = large / small;
  console.log(
    `95th percentile of a frame: ${times.toFixed(2)} times (at most ${mostTimes})`
  );
  const rows = Math.max(...sides.map(side => side.rows));
  process.exitCode = times <= mostTimes && rows < mostRows ? 0 : 1;
} finally {
  for (const close of closing.reverse()) {
    await close();
  }
}
