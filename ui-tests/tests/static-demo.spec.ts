/** The demo as a page of its own, on a server that only hands out files. */
import { execFileSync } from 'node:child_process';
import { createReadStream, existsSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

import { expect, test } from '@playwright/test';

import { build, tool } from '../../scripts/lib/paths.mjs';
import { makeStaticDemo, staticDemo } from '../../scripts/lib/static-demo.mjs';
import { dropFiles } from '../helpers/drop';
import { Finder } from '../helpers/finder';
import type { Image } from '../helpers/picture';
import { Picture } from '../helpers/slices';

const TYPES: Record<string, string> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript'
};

let server: Server;

test.beforeAll(async () => {
  test.setTimeout(400_000);
  await makeStaticDemo();
  server = createServer(({ url }, answer) => {
    const name = new URL(url ?? '/', 'http://localhost').pathname;
    const file = path.join(staticDemo, name === '/' ? 'index.html' : name);
    if (!file.startsWith(staticDemo) || !existsSync(file)) {
      answer.writeHead(404).end();
      return;
    }
    const type = TYPES[path.extname(file)] ?? 'application/octet-stream';
    answer.writeHead(200, { 'Content-Type': type });
    createReadStream(file).pipe(answer);
  });
  await new Promise<void>(resolve => server.listen(0, resolve));
});

test.afterAll(() => server.close());

/** What a file of the demo holds. */
function stored(file: string, path: string, selection: string): Image {
  const script = `
import json, sys, h5py
with h5py.File(sys.argv[1]) as file:
    print(json.dumps(file[sys.argv[2]][${selection}].tolist()))`;
  const name = `${staticDemo}/demo/${file}`;
  const options = { maxBuffer: 2 ** 28 };
  const args = ['-c', script, name, path];
  return JSON.parse(execFileSync(tool('python'), args, options).toString());
}

test('the static demo shows its files, and those of the user', async ({
  page
}) => {
  const slice = stored(
    'reconstruction.nxs',
    'entry/final_result_tomo/data',
    ':, 6, :'
  );
  const sinogram = stored(
    'scan.nxs',
    'entry1/tomo_entry/data/data',
    ':, 16, :'
  );
  const { port } = server.address() as AddressInfo;
  await page.goto(`http://localhost:${port}/`);
  const picture = new Picture(page);
  await expect.poll(() => picture.agreement(slice)).toBeGreaterThan(0.95);
  await picture.picture.press('ArrowRight');
  await picture.at(256, 7, 256);

  await page
    .getByRole('combobox', { name: 'File' })
    .selectOption({ label: 'The scan' });
  const plane = page.getByRole('combobox', { name: 'Plane' });
  await plane.selectOption('SINOGRAM');
  await page.getByRole('button', { name: 'Fit to slice' }).click();
  await expect.poll(() => picture.agreement(sinogram)).toBeGreaterThan(0.98);

  // The centre is found here, too; what needs a server says so.
  await picture.picture.press('c');
  const finder = new Finder(page);
  await finder.drawn(await finder.guess());
  await expect(finder.view).toContainText(
    'Trial reconstructions need a server'
  );
  await expect(finder.button('Set in the list')).toHaveCount(0);
  await finder.button('Back to the slices').click();
  const list = path.join(process.env.SAVU_UI_FOLDER!, 'demo_fbp.nxs');
  await dropFiles(page.getByRole('main'), [list]);
  await expect(
    page
      .getByRole('status')
      .filter({ hasText: 'demo_fbp.nxs is a process list' })
  ).toContainText('edited and run in JupyterLab');
  await expect(picture.picture).toBeVisible();

  const text = path.join(build, 'reports', 'notes.h5');
  writeFileSync(text, 'Notes, not data.');
  await dropFiles(page.getByRole('main'), [text]);
  await expect(page.getByRole('alert')).toContainText(
    'notes.h5 is not an HDF5 file'
  );
  await dropFiles(page.getByRole('main'), [
    `${staticDemo}/demo/reconstruction.nxs`
  ]);
  await expect(page.getByRole('note')).toContainText('in this browser only');
  // A volume of the same shape opens where the last one was left.
  await picture.at(256, 7, 256);
});
