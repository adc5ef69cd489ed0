/** What the extension shows, found as its users find it. */
import { readFileSync } from 'node:fs';

import { expect, type Locator, type Page } from '@playwright/test';

import type { IJob, IPlace, IPluginFacts, IProcessList } from '../../src/api';
import type { Lab } from './lab';

/** The editor of the process list in front. */
export class Editor {
  constructor(private readonly _page: Page) {}

  get plugins(): Locator {
    return this._page.getByRole('listbox', { name: 'Plugins' });
  }

  plugin(name: string): Locator {
    return this.plugins.getByRole('option', { name });
  }

  parameter(name: string): Locator {
    return this._page.getByLabel(name, { exact: true });
  }

  button(name: string): Locator {
    return this._page.getByRole('button', { name, exact: true });
  }

  /** The names of the plugins, with their positions. */
  async names(): Promise<(string | null)[]> {
    const options = await this.plugins.getByRole('option').all();
    return Promise.all(options.map(one => one.getAttribute('aria-label')));
  }

  /** Waits until the list has been checked and can run. */
  async ready(): Promise<void> {
    await expect(this.button('Preview')).toHaveAttribute(
      'aria-disabled',
      'false'
    );
  }
}

/** The panel with the jobs. */
export class Jobs {
  constructor(private readonly _page: Page) {}

  get region(): Locator {
    return this._page.getByRole('region', { name: 'Jobs', exact: true });
  }

  item(list: string, state: string): Locator {
    return this.region.getByRole('listitem', { name: `${list} ${state}` });
  }

  /** Writes down the percentages that progress bars show from now on. */
  async watchProgress(): Promise<() => Promise<number[]>> {
    const seen = await this._page.evaluateHandle(() => {
      const values: number[] = [];
      new MutationObserver(() => {
        const bar = document.querySelector('.jp-SavuJobs [role="progressbar"]');
        const value = Number(bar?.getAttribute('aria-valuenow'));
        if (bar && value !== values[values.length - 1]) {
          values.push(value);
        }
      }).observe(document.body, {
        attributes: true,
        childList: true,
        subtree: true
      });
      return values;
    });
    return () => seen.jsonValue();
  }
}

/** The newest job of the user. */
export async function newestJob(lab: Lab): Promise<IJob> {
  const { items } = await lab.get<{ items: IJob[] }>('savu/jobs', {
    limit: '1'
  });
  return items[0];
}

/** The number of the process that a job's engine runs in. */
export function engineOf(lab: Lab, { folder }: IJob): number {
  const notes = lab.file(`../${folder.path}/job/processes.json`);
  return JSON.parse(readFileSync(notes, 'utf8')).engine.pid;
}

/** The list of a job as it was run. */
export async function listAsRun(lab: Lab, job: IJob): Promise<IProcessList> {
  const { items } = await lab.get<{ items: IPlace[] }>('savu/process-lists', {
    below: `${job.folder.path}/run_log`
  });
  expect(items).toHaveLength(1);
  return storedList(lab, items[0].path);
}

/** A process list as the file holds it. */
export async function storedList(
  lab: Lab,
  path: string
): Promise<IProcessList> {
  const { list } = await lab.get<{ list: IProcessList }>(
    'savu/process-lists/content',
    { path }
  );
  return list;
}

/** Values of a dataset. */
export async function values<T>(
  lab: Lab,
  file: string,
  path: string,
  selection: string
): Promise<T> {
  return lab.get<T>('savu/data/data/', {
    file,
    path,
    selection,
    format: 'json'
  });
}

/** Writes a list of plugins with their defaults, but for some values (JSON texts). */
export async function makeList(
  lab: Lab,
  name: string,
  plugins: readonly (readonly [string, Readonly<Record<string, string>>?])[]
): Promise<void> {
  const list: IProcessList = { plugins: [] };
  for (const [plugin, values] of plugins) {
    const facts = await lab.get<IPluginFacts>(`savu/plugins/${plugin}`);
    const defaults = facts.parameters.map(one => [one.name, one.default]);
    list.plugins.push({
      position: String(list.plugins.length + 1),
      name: plugin,
      id: facts.id,
      active: true,
      parameters: { ...Object.fromEntries(defaults), ...values }
    });
  }
  const query = new URLSearchParams({ path: lab.path(name) });
  const answer = await lab.call(`savu/process-lists/content?${query}`, {
    method: 'POST',
    body: JSON.stringify(list),
    headers: { 'Content-Type': 'application/json' }
  });
  expect(answer.status).toBe(201);
}
