import type { ISessionContext } from '@jupyterlab/apputils';
import type { Kernel } from '@jupyterlab/services';
import type { JSONObject } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { Widget } from '@lumino/widgets';

import type { IDataWidget, ILook } from '../tokens';
import { readLook } from './stored';

/** What the kernel of the Python client offers; `jupyterlab_savu.client.linking` answers. */
const TARGET = 'jupyterlab-savu.view';

/**
 * Lets a view and the kernel that made it follow each other. A kernel that was started again knows
 * nothing of the view and closes the comm; so does one without the client. The view does not mind.
 */
export class KernelLink implements IDisposable {
  constructor(
    private readonly _view: IDataWidget,
    kernel: Kernel.IKernelConnection,
    name: string,
    address: string
  ) {
    this._first = _view.look?.plane ?? null;
    this._comm = kernel.createComm(TARGET);
    this._comm.onMsg = ({ content }) => this._take(content.data);
    this._comm.onClose = () => this.dispose();
    this._comm.open({ view: name, address });
    _view.lookChanged.connect(this._change, this);
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      Signal.disconnectReceiver(this);
      if (!this._comm.isDisposed) {
        this._comm.close();
      }
    }
  }

  private _take(told: JSONObject): void {
    const look = readLook(told);
    if (this._isGreeted) {
      // The kernel knows this, and may be busy with telling what comes next.
      this._isTaking = true;
      this._view.setLook(look);
      this._isTaking = false;
      this._known = JSON.stringify(this._view.look);
      return;
    }
    // Whoever has gone somewhere else before the kernel had time stays there.
    this._isGreeted = true;
    const plane = this._view.look?.plane;
    if (!plane || !this._first || plane === this._first) {
      this._view.setLook(look);
    }
    void this._tell();
  }

  private _change(): void {
    this._first ??= this._view.look?.plane ?? null;
    void this._tell();
  }

  /** Tells the newest state when the kernel has taken the last one: a busy one is not flooded. */
  private async _tell(): Promise<void> {
    if (this._isTelling) {
      return;
    }
    this._isTelling = true;
    try {
      for (let look = this._news(); look; look = this._news()) {
        this._known = JSON.stringify(look);
        await this._comm.send({ ...look }).done;
      }
    } catch {
      // The kernel has ended.
      this.dispose();
    } finally {
      this._isTelling = false;
    }
  }

  /** What the kernel does not know yet; null where it knows all, or does not listen. */
  private _news(): ILook | null {
    const { look } = this._view;
    const isListening = this._isGreeted && !this._isTaking && !this._isDisposed;
    return isListening && JSON.stringify(look) !== this._known ? look : null;
  }

  private readonly _comm: Kernel.IComm;
  /** The slice that was seen before anybody moved. */
  private _first: string | null;
  private _isDisposed = false;
  private _isGreeted = false;
  private _isTaking = false;
  private _isTelling = false;
  /** What the kernel knows. */
  private _known = '';
}

/** The kernel of the notebook or console that a widget is a part of; null where there is none. */
export async function kernelOf(
  widget: Widget
): Promise<Kernel.IKernelConnection | null> {
  for (let parent = widget.parent; parent; parent = parent.parent) {
    if (hasSession(parent)) {
      await parent.sessionContext.ready;
      const kernel = parent.sessionContext.session?.kernel ?? null;
      return kernel?.handleComms ? kernel : null;
    }
  }
  return null;
}

function hasSession(
  widget: Widget
): widget is Widget & { sessionContext: ISessionContext } {
  return 'sessionContext' in widget;
}
