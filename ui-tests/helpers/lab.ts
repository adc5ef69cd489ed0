/** JupyterLab in a browser, on the folder of the test. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import {
  type BrowserContext,
  expect,
  type Locator,
  type Page,
  test as base
} from '@playwright/test';

import type { IJob } from '../../src/api';

function variable(name: string): string {
  const value = process.env[name];
  if (!value) {
    throw new Error(`${name} is set by the global set-up`);
  }
  return value;
}

/** A page with JupyterLab, and the folder of files that belong to the test alone. */
export class Lab {
  constructor(
    readonly page: Page,
    /** Relative to Jupyter's folder. */
    readonly folder: string
  ) {}

  /** The name of the workspace that was begun last. */
  workspace = '';

  /** A path for the API. */
  path(name: string): string {
    return `${this.folder}/${name}`;
  }

  /** A path on the disk. */
  file(name: string): string {
    return path.join(variable('SAVU_UI_FOLDER'), this.folder, name);
  }

  /** Asks the server. */
  async call(route: string, options: RequestInit = {}): Promise<Response> {
    return fetch(variable('SAVU_UI_URL') + route, {
      ...options,
      headers: {
        Authorization: `token ${variable('SAVU_UI_TOKEN')}`,
        ...options.headers
      }
    });
  }

  /** Asks the server for JSON. */
  async get<T>(route: string, query: Record<string, string> = {}): Promise<T> {
    const answer = await this.call(`${route}?${new URLSearchParams(query)}`);
    expect(answer.ok, `GET ${route}: ${answer.status}`).toBe(true);
    return answer.json();
  }

  /** Ends the jobs of earlier tests and takes them off the list, which all tests share. */
  async forgetJobs(): Promise<void> {
    await expect
      .poll(async () => {
        const { items } = await this.get<{ items: IJob[] }>('savu/jobs');
        await Promise.all(
          items.map(({ id, ended }) =>
            ended
              ? this.call(`savu/jobs/${id}`, { method: 'DELETE' })
              : this.call(`savu/jobs/${id}/cancel`, { method: 'POST' })
          )
        );
        return items.length;
      })
      .toBe(0);
  }

  /**
   * Opens JupyterLab in a new workspace.
   * To reset an old one takes longer: JupyterLab waits until that is saved.
   */
  async begin(route = ''): Promise<void> {
    this.workspace = `${this.folder}-${Date.now().toString(36)}`;
    await this.goto(`lab/workspaces/${this.workspace}${route}`);
  }

  /** Opens JupyterLab with a file of the test's folder. */
  async open(name: string): Promise<void> {
    await this.begin(`/tree/${this.path(name)}`);
  }

  /** Opens JupyterLab with the slices of a file, as a link does. */
  async view(name: string): Promise<void> {
    await this.begin(
      `?${new URLSearchParams({ 'savu-data': this.path(name) })}`
    );
  }

  /** Waits until something is in the workspace, which JupyterLab writes a moment after a change. */
  async remembers(text: string): Promise<void> {
    await expect
      .poll(async () => JSON.stringify(await this.remembered()))
      .toContain(text);
  }

  /** Waits until a tab is in the workspace: what it shows, and its place, which comes later. */
  async remembersTab(text: string): Promise<void> {
    await expect
      .poll(async () => {
        const { 'layout-restorer:data': layout, ...shown } =
          await this.remembered();
        return [layout, shown].every(part =>
          JSON.stringify(part ?? null).includes(text)
        );
      })
      .toBe(true);
  }

  private async remembered(): Promise<Record<string, unknown>> {
    const route = `lab/api/workspaces/${this.workspace}`;
    const { data } = await this.get<{ data: Record<string, unknown> }>(route);
    return data;
  }

  async goto(route: string): Promise<void> {
    const url = new URL(route, variable('SAVU_UI_URL'));
    url.searchParams.set('token', variable('SAVU_UI_TOKEN'));
    await this.page.goto(url.href);
    await this.ready();
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.ready();
  }

  /** Waits for the end of JupyterLab's start. */
  async ready(): Promise<void> {
    await expect(this.page.locator('#jupyterlab-splash')).toHaveCount(0);
    await expect(this.tabs.first()).toBeVisible();
  }

  /** The tabs of the main area. */
  get tabs(): Locator {
    return this.page.locator('#jp-main-dock-panel .lm-TabBar-tab');
  }

  tab(name: string): Locator {
    return this.tabs.filter({ hasText: name });
  }

  /** Chooses a theme for the user, which is to say for all tests. */
  async setTheme(theme: string): Promise<void> {
    const answer = await this.call(
      'lab/api/settings/@jupyterlab/apputils-extension:themes',
      {
        method: 'PUT',
        body: JSON.stringify({ raw: JSON.stringify({ theme }) })
      }
    );
    expect(answer.ok).toBe(true);
  }

  /** Runs a command of the palette by its label. */
  async command(label: string): Promise<void> {
    const { page } = this;
    const palette = page.locator('.lm-CommandPalette');
    const search = palette.getByRole('textbox');
    const item = palette.getByRole('menuitem').filter({ hasText: label });
    // Shortcuts work a moment after the first tab is there, and a tab that takes the focus late
    // closes the palette.
    await expect(async () => {
      if (!(await search.isVisible())) {
        await page.keyboard.press('ControlOrMeta+Shift+C');
      }
      await search.fill(label, { timeout: 2000 });
      await expect(item.first()).toBeVisible({ timeout: 2000 });
      await search.press('Enter', { timeout: 2000 });
    }).toPass({ timeout: 30_000 });
  }
}

interface IFixtures {
  lab: Lab;
}

interface IWorkerFixtures {
  shared: BrowserContext;
}

export const test = base.extend<IFixtures, IWorkerFixtures>({
  // One context for all tests, and with a folder: so JupyterLab is loaded and compiled once.
  shared: [
    async ({ playwright }, use, info) => {
      const { viewport } = info.project.use;
      const folder = mkdtempSync(path.join(tmpdir(), 'savu-browser-'));
      const shared = await playwright.chromium.launchPersistentContext(folder, {
        viewport
      });
      await use(shared);
      await shared.close();
      rmSync(folder, { recursive: true, force: true });
    },
    { scope: 'worker' }
  ],
  page: async ({ shared }, use) => {
    const page = await shared.newPage();
    await use(page);
    await page.close();
  },
  lab: async ({ page }, use, info) => {
    const folder = info.titlePath
      .slice(1)
      .join('-')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .slice(0, 60);
    const lab = new Lab(page, folder);
    rmSync(lab.file('.'), { recursive: true, force: true });
    mkdirSync(lab.file('.'), { recursive: true });
    for (const name of ['scan.nxs', 'demo_fbp.nxs', 'demo_skimage.nxs']) {
      copyFileSync(path.join(variable('SAVU_UI_FOLDER'), name), lab.file(name));
    }
    await lab.forgetJobs();
    await use(lab);
  }
});

export { expect };
