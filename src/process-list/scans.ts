import { PathExt } from '@jupyterlab/coreutils';
import type { IStateDB } from '@jupyterlab/statedb';
import { type ISignal, Signal } from '@lumino/signaling';

import { JUPYTER_ROOT, type IPlace, type SavuClient } from '../api';

const KEY = 'jupyterlab-savu:scans';

/**
 * The scan chosen for each process list, by the list's path. JupyterLab keeps
 * the choices; the files know nothing of them.
 */
export class ScanChoices {
  constructor(
    private readonly _client: SavuClient,
    private readonly _state: IStateDB | null
  ) {
    this.ready = this._restore();
  }

  /** Settled when the choices of earlier sessions are known. */
  readonly ready: Promise<void>;

  /** Told with the path of the list whose scan is another now. */
  get changed(): ISignal<this, string> {
    return this._changed;
  }

  /** The scan chosen for a list, or the only one that lies beside it. */
  get(listPath: string): IPlace | null {
    return this._chosen.get(listPath) ?? this._guessed.get(listPath) ?? null;
  }

  async choose(listPath: string, scan: IPlace | null): Promise<void> {
    if (scan) {
      this._chosen.set(listPath, scan);
    } else {
      this._chosen.delete(listPath);
      this._guessed.delete(listPath);
    }
    this._changed.emit(listPath);
    await this._save();
  }

  /** Lets the choice follow a list that has been renamed. */
  async follow(oldPath: string, newPath: string): Promise<void> {
    const scan = this.get(oldPath);
    if (scan && !this._chosen.has(newPath)) {
      await this.choose(newPath, scan);
    }
  }

  /** Without a choice, takes the only scan in the folder of the list. */
  async guess(listPath: string): Promise<void> {
    await this.ready;
    if (this.get(listPath)) {
      return;
    }
    const folder = PathExt.dirname(listPath);
    const { items } = await this._client.datasets({ below: folder });
    const beside = items.filter(({ path }) => PathExt.dirname(path) === folder);
    if (beside.length === 1 && !this.get(listPath)) {
      this._guessed.set(listPath, {
        root: JUPYTER_ROOT,
        path: beside[0].path
      });
      this._changed.emit(listPath);
    }
  }

  private async _restore(): Promise<void> {
    const stored = (await this._state?.fetch(KEY)) as
      Record<string, IPlace> | undefined;
    for (const [listPath, scan] of Object.entries(stored ?? {})) {
      if (!this._chosen.has(listPath)) {
        this._chosen.set(listPath, scan);
        this._changed.emit(listPath);
      }
    }
  }

  private async _save(): Promise<void> {
    await this.ready;
    await this._state?.save(
      KEY,
      Object.fromEntries(
        [...this._chosen].map(([path, scan]) => [path, { ...scan }])
      )
    );
  }

  private readonly _chosen = new Map<string, IPlace>();
  private readonly _guessed = new Map<string, IPlace>();
  private readonly _changed = new Signal<this, string>(this);
}
