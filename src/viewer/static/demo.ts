import type { TranslationBundle } from '@jupyterlab/translation';

import type { IDataTarget } from '../../tokens';
import type { IFileAccess } from '../access';
import { LocalAccess, type ILocalAccessOptions } from '../local/access';
import { spawn } from '../local/spawn';

const ROOT = 'demo:';

/** A file that comes with the page. */
export interface IDemoFile {
  title: string;
  /** Relative to the page. */
  path: string;
}

/** The files that come with the page; each is fetched when it is first looked at. */
export class Demo {
  constructor(
    readonly files: readonly IDemoFile[],
    private readonly _trans: TranslationBundle
  ) {}

  target({ path }: IDemoFile): IDataTarget {
    return { root: ROOT, path };
  }

  has({ root }: IDataTarget): boolean {
    return root === ROOT;
  }

  access({ path }: IDataTarget): IFileAccess {
    return new FetchedAccess(path, {
      spawn,
      trans: this._trans,
      choose: () => window.location.reload(),
      Note: null
    });
  }
}

/** Reads a file after it has been fetched as a whole; the browser keeps it, not the page. */
class FetchedAccess implements IFileAccess {
  constructor(
    private readonly _path: string,
    private readonly _options: Omit<ILocalAccessOptions, 'file' | 'beside'>
  ) {}

  readonly Note = null;

  get source() {
    return this._fetched.source;
  }

  get reader() {
    return this._fetched.reader;
  }

  get fetcher() {
    return this._fetched.fetcher;
  }

  get exporter() {
    return this._fetched.exporter;
  }

  async check(): Promise<void> {
    const answer = await fetch(this._path);
    if (!answer.ok) {
      throw new Error(`${this._path}: ${answer.status}`);
    }
    const name = this._path.slice(this._path.lastIndexOf('/') + 1);
    const file = new File([await answer.blob()], name);
    this._access = new LocalAccess({ ...this._options, file, beside: [] });
    await this._access.check();
  }

  release(): void {
    this._access?.release();
  }

  /** It is there once it has been checked, which comes first. */
  private get _fetched(): LocalAccess {
    if (!this._access) {
      throw new Error(`${this._path} was not fetched.`);
    }
    return this._access;
  }

  private _access: LocalAccess | null = null;
}
