import type { JupyterFrontEnd } from '@jupyterlab/application';
import { nullTranslator } from '@jupyterlab/translation';
import { DisposableDelegate } from '@lumino/disposable';
import { DockPanel, Panel, Widget } from '@lumino/widgets';

import type { SavuClient } from '../../api';
import { ServerAccess } from '../access';
import { type DataTab, SavuViewer } from '../service';
import { saveContext } from '../slices/context';

const SCAN = { root: 'jupyter', path: 'scans/scan.nxs' };
const RESULT = { root: 'jupyter', path: 'runs/1/result.nxs' };
const NEXT_RESULT = { root: 'jupyter', path: 'runs/2/result.nxs' };

/** A main area that is a dock panel, as JupyterLab's is. */
class Shell {
  readonly dock = new DockPanel();
  readonly activated: string[] = [];

  constructor() {
    Widget.attach(this.dock, document.body);
  }

  add(
    widget: Widget,
    _area: string,
    options: { mode?: DockPanel.InsertMode; ref?: string; activate?: boolean }
  ): void {
    const ref = [...this.dock.widgets()].find(({ id }) => id === options.ref);
    this.dock.addWidget(widget, { mode: options.mode, ref });
  }

  activateById(id: string): void {
    this.activated.push(id);
  }

  get tabs(): string[][] {
    return [...this.dock.tabBars()].map(bar =>
      bar.titles.map(({ label }) => label)
    );
  }
}

function setUp() {
  const shell = new Shell();
  const viewer = new SavuViewer(
    shell as unknown as JupyterFrontEnd.IShell,
    nullTranslator.load('jupyterlab_savu'),
    {
      access: target => new ServerAccess({} as SavuClient, target),
      acceptFiles: () => new DisposableDelegate(() => undefined),
      openMenu: () => undefined,
      regionActs: () => null,
      centre: () => null,
      context: target => saveContext(target, () => Promise.resolve('')),
      elsewhere: () => []
    }
  );
  const editor = new Widget();
  editor.id = 'editor';
  editor.title.label = 'list.nxs';
  shell.dock.addWidget(editor);
  return { shell, viewer, editor };
}

describe('opening data', () => {
  it('makes one tab a file, named after it', async () => {
    const { shell, viewer } = setUp();
    const tab = (await viewer.open(SCAN)) as DataTab;
    expect(tab.title.label).toBe('scan.nxs');
    expect(tab.title.caption).toBe('scans/scan.nxs');
    expect(await viewer.open({ ...SCAN, dataset: '/entry/data' })).toBe(tab);
    expect(tab.content.target.dataset).toBe('/entry/data');
    expect(shell.activated).toEqual([tab.id, tab.id]);
  });

  it('keeps files of the same path in different roots apart', async () => {
    const { viewer } = setUp();
    const tab = await viewer.open(SCAN);
    const other = await viewer.open({ ...SCAN, root: 'dls' });
    expect(other).not.toBe(tab);
    expect(other.title.caption).toBe('dls: scans/scan.nxs');
  });
});

describe('showing data beside an editor', () => {
  it('leaves the focus where it is', async () => {
    const { shell, viewer, editor } = setUp();
    await viewer.open(RESULT, { purpose: 'preview', beside: editor });
    expect(shell.tabs).toEqual([['list.nxs'], ['result.nxs']]);
    expect(shell.activated).toEqual([]);
  });

  it('uses the tab of the result before', async () => {
    const { viewer, editor } = setUp();
    const options = { purpose: 'preview', beside: editor };
    const tab = await viewer.open(RESULT, options);
    expect(await viewer.open(NEXT_RESULT, options)).toBe(tab);
    expect(tab.title.caption).toBe('runs/2/result.nxs');
  });

  it('joins the data that is already in sight', async () => {
    const { shell, viewer, editor } = setUp();
    await viewer.open(SCAN, { beside: editor });
    const tab = await viewer.open(RESULT, {
      purpose: 'preview',
      beside: editor
    });
    expect(shell.tabs).toEqual([['list.nxs'], ['scan.nxs', 'result.nxs']]);
    expect(tab.isVisible).toBe(true);
  });

  it('does not take the tab of a file that the user has opened', async () => {
    const { viewer, editor } = setUp();
    const own = await viewer.open(RESULT);
    const preview = await viewer.open(RESULT, {
      purpose: 'preview',
      beside: editor
    });
    expect(preview).not.toBe(own);
  });

  it('is not shown twice when it is opened as a file, too', async () => {
    const { viewer, editor } = setUp();
    const options = { purpose: 'preview', beside: editor };
    const preview = await viewer.open(RESULT, options);
    expect(await viewer.open(RESULT)).toBe(preview);
  });

  it('is found in a document that shows it', async () => {
    const { shell, viewer } = setUp();
    const panel = new Panel();
    panel.title.label = 'result.nxs';
    panel.addWidget(viewer.createWidget(RESULT));
    shell.dock.addWidget(panel);
    expect(await viewer.open(RESULT)).toBe(panel);
  });
});

describe('the memory of a tab', () => {
  it('opens it again', async () => {
    const { viewer } = setUp();
    const [, args] = viewer.memory((await viewer.open(SCAN)) as DataTab);
    expect(args).toMatchObject(SCAN);
  });

  it('keeps its name while its data changes', async () => {
    const { viewer, editor } = setUp();
    const options = { purpose: 'preview', beside: editor };
    const tab = (await viewer.open(RESULT, options)) as DataTab;
    const [name] = viewer.memory(tab);
    await viewer.open(NEXT_RESULT, options);
    expect(viewer.memory(tab)[0]).toBe(name);
  });
});
