/** Saving that fails: nothing is lost, and the user is told. Each test has a server of its own. */
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync
} from 'node:fs';
import path from 'node:path';

import type { Locator, Page } from '@playwright/test';

import { build } from '../../scripts/lib/paths.mjs';
import { apart, startServer } from '../../scripts/lib/server.mjs';
import { expect, type Lab, test } from '../helpers/lab';
import { Editor } from '../helpers/savu';

type Server = Awaited<ReturnType<typeof startServer>>;

const LIST = 'demo_fbp.nxs';
const TOKEN = 'of-the-saving-tests';

/** A server on a fresh folder with a list, and the list opened and edited. */
class Scene {
  private constructor(
    readonly folder: string,
    readonly page: Page
  ) {}

  static async open(lab: Lab, name: string): Promise<Scene> {
    const folder = path.join(build, 'ui', name);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    copyFileSync(lab.file(LIST), path.join(folder, LIST));
    const scene = new Scene(folder, lab.page);
    await scene.start(0);
    const { url } = scene.server;
    await lab.page.goto(`${url}lab/tree/${LIST}?reset&token=${TOKEN}`);
    await lab.ready();
    await scene.editor.plugin('AstraReconCpu').click();
    await scene.centre.fill('260.5');
    await expect(scene.tab).toHaveClass(/jp-mod-dirty/);
    return scene;
  }

  server!: Server;

  async start(port: number): Promise<void> {
    this.server = await startServer({
      folder: this.folder,
      port,
      env: { ...apart(`${this.folder}.jupyter`), JUPYTER_TOKEN: TOKEN },
      name: `ui-${path.basename(this.folder)}`
    });
  }

  get editor(): Editor {
    return new Editor(this.page);
  }

  get centre(): Locator {
    return this.editor.parameter('centre_of_rotation');
  }

  get tab(): Locator {
    return this.page
      .locator('#jp-main-dock-panel .lm-TabBar-tab')
      .filter({ hasText: LIST });
  }

  get dialog(): Locator {
    return this.page.getByRole('dialog');
  }

  /** The bytes of the file. */
  get bytes(): Buffer {
    return readFileSync(path.join(this.folder, LIST));
  }

  async save(): Promise<void> {
    await this.page.keyboard.press('ControlOrMeta+s');
  }

  /** The centre of rotation in the file, as its JSON text. */
  async saved(): Promise<string> {
    const answer = await this.server.call(
      `savu/process-lists/content?path=${LIST}`
    );
    const { list } = await answer.json();
    return list.plugins[4].parameters.centre_of_rotation;
  }

  async expectKept(before: Buffer): Promise<void> {
    expect(this.bytes.equals(before)).toBe(true);
    await expect(this.tab).toHaveClass(/jp-mod-dirty/);
    await expect(this.centre).toHaveValue('260.5');
  }
}

test('a server that dies while it saves loses nothing, and saves when it is back', async ({
  lab
}) => {
  const scene = await Scene.open(lab, 'dying');
  const before = scene.bytes;
  const { pid, ended, url } = scene.server;
  try {
    await lab.page.route(/savu\/process-lists\/content/, async route => {
      if (route.request().method() === 'PUT') {
        process.kill(pid!, 'SIGKILL');
        await ended;
      }
      await route.continue();
    });
    await scene.save();
    await expect(scene.dialog.first()).toBeVisible();
    await scene.expectKept(before);

    await lab.page.unroute(/savu\/process-lists\/content/);
    await scene.start(Number(new URL(url).port));
    while (await scene.dialog.count()) {
      await scene.dialog.first().getByRole('button').last().click();
    }
    await expect(scene.centre).toHaveValue('260.5');
    await scene.centre.focus();
    await scene.save();
    await expect(scene.tab).not.toHaveClass(/jp-mod-dirty/);
    expect(await scene.saved()).toBe('260.5');
  } finally {
    await scene.server.stop();
  }
});

test('a disk without room loses nothing, and saves when there is some', async ({
  lab
}) => {
  const scene = await Scene.open(lab, 'starved');
  const before = scene.bytes;
  try {
    room(scene.server.pid!, '4096');
    await scene.save();
    await expect(scene.dialog).toContainText('no space is left');
    await scene.dialog.getByRole('button').last().click();
    await scene.expectKept(before);

    room(scene.server.pid!, 'unlimited');
    await scene.centre.focus();
    await scene.save();
    await expect(scene.tab).not.toHaveClass(/jp-mod-dirty/);
    expect(await scene.saved()).toBe('260.5');
  } finally {
    await scene.server.stop();
  }
});

/** Gives the processes that write files for a server so much room for each. */
function room(pid: number, bytes: string): void {
  for (const child of childrenOf(pid)) {
    // The limit can be raised again.
    execFileSync('prlimit', ['--pid', child, `--fsize=${bytes}:unlimited`]);
  }
}

/** The processes that any thread of a process has started, and theirs. */
function childrenOf(pid: number): string[] {
  const children = readdirSync(`/proc/${pid}/task`)
    .flatMap(thread =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ')
    )
    .filter(Boolean);
  return [...children, ...children.flatMap(child => childrenOf(Number(child)))];
}
