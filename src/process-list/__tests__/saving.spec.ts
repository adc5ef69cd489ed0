import { SaveHandler } from '@jupyterlab/docmanager';
import { Context } from '@jupyterlab/docregistry';
import type { Contents, ServiceManager } from '@jupyterlab/services';
import { Signal } from '@lumino/signaling';

import { type NexusModel, NexusModelFactory } from '../model';
import type { NexusContent } from '../shared';

const CONTENT: NexusContent = {
  kind: 'list',
  list: {
    version: '4.2',
    plugins: [
      {
        position: '1',
        name: 'NxtomoLoader',
        id: 'savu.plugins.loaders.nxtomo_loader',
        active: true,
        parameters: {},
        extra: {}
      }
    ],
    groups: [],
    extra: {}
  }
};

/** The part of JupyterLab's services that a document uses. */
class Services {
  readonly saved: NexusContent[] = [];
  readonly ready = Promise.resolve();
  readonly kernels = {};
  readonly kernelspecs = { ready: Promise.resolve() };
  readonly sessions = {
    ready: Promise.resolve(),
    refreshRunning: async () => undefined,
    running: () => [],
    runningChanged: new Signal(this)
  };
  readonly contents = {
    normalize: (path: string) => path,
    localPath: (path: string) => path,
    driveName: () => '',
    getSharedModelFactory: () => null,
    fileChanged: new Signal(this),
    listCheckpoints: async () => [{}],
    get: async (path: string, options: Contents.IFetchOptions) =>
      this._model(path, options.content ? CONTENT : null),
    save: async (path: string, options: Partial<Contents.IModel>) => {
      this.saved.push(options.content);
      return this._model(path, null);
    }
  };

  private _model(path: string, content: NexusContent | null) {
    return {
      name: path,
      path,
      type: 'file',
      format: 'json',
      writable: true,
      created: '2026-01-01T00:00:00Z',
      last_modified: '2026-01-01T00:00:00Z',
      mimetype: '',
      hash: 'one',
      content
    };
  }
}

async function openDocument() {
  const services = new Services();
  const context = new Context<NexusModel>({
    manager: services as unknown as ServiceManager.IManager,
    factory: new NexusModelFactory(),
    path: 'a.nxs'
  });
  await context.initialize(false);
  return { context, saved: services.saved, model: context.model };
}

describe('a process list in JupyterLab', () => {
  afterEach(() => jest.useRealTimers());

  it('is clean when opened or reverted and dirty when edited', async () => {
    const { context, model } = await openDocument();
    expect(model.dirty).toBe(false);
    expect(model.readOnly).toBe(false);
    model.sharedModel.setActive([0], false);
    expect(model.dirty).toBe(true);
    await context.revert();
    expect(model.dirty).toBe(false);
    expect(model.toJSON()).toEqual(CONTENT);
    expect(model.sharedModel.canUndo()).toBe(false);
  });

  it('is saved when the user says so', async () => {
    const { context, model, saved } = await openDocument();
    model.sharedModel.setActive([0], false);
    await context.save();
    expect(saved).toHaveLength(1);
    expect(saved[0].list?.plugins[0].active).toBe(false);
    expect(model.dirty).toBe(false);
  });

  it('is never saved by the clock', async () => {
    const { context, model, saved } = await openDocument();
    jest.useFakeTimers();
    const handler = new SaveHandler({ context, saveInterval: 1 });
    handler.start();
    model.sharedModel.setActive([0], false);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(saved).toHaveLength(0);
    expect(model.dirty).toBe(true);
    handler.dispose();
  });

  it('can be undone and redone, which makes it dirty', async () => {
    const { context, model } = await openDocument();
    model.sharedModel.setActive([0], false);
    await context.save();
    model.sharedModel.undo();
    expect(model.sharedModel.plugins[0].active).toBe(true);
    expect(model.dirty).toBe(true);
  });

  it('is clean again when undo leads back to what the file holds', async () => {
    const { context, model } = await openDocument();
    const { sharedModel } = model;
    sharedModel.duplicate([0]);
    sharedModel.setActive([0], false);
    sharedModel.undo();
    expect(model.dirty).toBe(true);
    sharedModel.undo();
    expect(model.dirty).toBe(false);
    sharedModel.redo();
    await context.save();
    expect(model.dirty).toBe(false);
    sharedModel.redo();
    sharedModel.undo();
    expect(model.dirty).toBe(false);
  });

  it('stays dirty when it is edited while it is being written', async () => {
    const { context, model, saved } = await openDocument();
    model.sharedModel.setActive([0], false);
    const saving = context.save();
    while (saved.length === 0) {
      await Promise.resolve();
    }
    model.sharedModel.duplicate([0]);
    await saving;
    expect(model.dirty).toBe(true);
  });
});
