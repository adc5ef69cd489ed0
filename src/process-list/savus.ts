import type { IStateDB } from '@jupyterlab/statedb';
import { type ISignal, Signal } from '@lumino/signaling';

import type { IConnectedSavu, SavuClient } from '../api';
import { Catalogue } from './catalogue';

const KEY = 'jupyterlab-savu:savus';
/** How long until a Savu that is starting is asked after again. */
const AGAIN_MS = 3000;

/**
 * The connected Savu chosen for each process list, by the list's path; null is
 * what is shipped. JupyterLab keeps the choices; the files know nothing of them.
 */
export class SavuChoices {
  constructor(
    private readonly _client: SavuClient,
    private readonly _state: IStateDB | null
  ) {
    this.ready = this._restore();
  }

  /** Settled when the choices of earlier sessions are known. */
  readonly ready: Promise<void>;

  /** Told when there are other Savus, or a list has another one. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** The Savus that the server knows, ready or not. */
  get connected(): readonly IConnectedSavu[] {
    return this._connected;
  }

  /** The name of the Savu chosen for a list; null for what is shipped. */
  get(listPath: string): string | null {
    return this.of(listPath)?.name ?? null;
  }

  /** The Savu chosen for a list; null for what is shipped. */
  of(listPath: string): IConnectedSavu | null {
    const name = this._chosen.get(listPath);
    return this._connected.find(savu => savu.name === name) ?? null;
  }

  async choose(listPath: string, name: string | null): Promise<void> {
    if (name === null) {
      this._chosen.delete(listPath);
    } else {
      this._chosen.set(listPath, name);
    }
    this._changed.emit();
    await this._save();
  }

  /** Lets the choice follow a list that has been renamed. */
  async follow(oldPath: string, newPath: string): Promise<void> {
    const name = this._chosen.get(oldPath);
    if (name !== undefined && !this._chosen.has(newPath)) {
      await this.choose(newPath, name);
    }
  }

  /** The plugins of a Savu; the same object each time. */
  catalogue(name: string | null): Catalogue {
    const known = this._catalogues.get(name);
    const catalogue = known ?? new Catalogue(this._client, name);
    this._catalogues.set(name, catalogue);
    return catalogue;
  }

  private async _restore(): Promise<void> {
    const stored = (await this._state?.fetch(KEY)) as
      Record<string, string> | undefined;
    for (const [listPath, name] of Object.entries(stored ?? {})) {
      this._chosen.set(listPath, name);
    }
    await this._ask();
  }

  /** Asks which Savus there are, until none is starting any more. */
  private async _ask(): Promise<void> {
    let isStarting: boolean;
    try {
      const { savus } = await this._client.info();
      this._connected = savus;
      isStarting = savus.some(({ state }) => state === 'starting');
      this._changed.emit();
    } catch {
      // The panels say that the server does not answer.
      isStarting = true;
    }
    if (isStarting) {
      window.setTimeout(() => void this._ask(), AGAIN_MS);
    }
  }

  private async _save(): Promise<void> {
    await this.ready;
    await this._state?.save(KEY, Object.fromEntries(this._chosen));
  }

  private _connected: readonly IConnectedSavu[] = [];
  private readonly _chosen = new Map<string, string>();
  private readonly _catalogues = new Map<string | null, Catalogue>();
  private readonly _changed = new Signal<this, void>(this);
}
