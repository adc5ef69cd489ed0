import type { TranslationBundle } from '@jupyterlab/translation';
import type React from 'react';

import type { IDataTarget } from '../../tokens';
import type { IFileAccess } from '../access';
import type { Exporter, Fetcher } from '../fetcher';
import type { IHdf5Reader } from '../reader';
import type { ISliceSource } from '../slices/source';
import { type Asker, localExporter, localFetcher, localReader } from './asking';
import type { FileKind } from './hdf5/scans';
import { type IWorker, WorkerLink } from './link';
import { LocalSource } from './source';
import { explain } from './troubles';

export interface ILocalAccessOptions {
  /** The file, and those that were chosen together with it. */
  file: File;
  beside: readonly File[];
  spawn: () => IWorker;
  trans: TranslationBundle;
  /** Lets the user choose the file again. */
  choose: () => void;
  Note: React.ComponentType | null;
}

/** Reads a file on the user's computer, in a worker of the browser. */
export class LocalAccess implements IFileAccess {
  constructor(options: ILocalAccessOptions) {
    const { file, beside, spawn, trans, choose, Note } = options;
    const others = beside.filter(({ name }) => name !== file.name);
    this._link = new WorkerLink(spawn, {
      files: [file, ...others],
      name: file.name
    });
    const ask: Asker = (question, args, signal) =>
      this._link.ask(question, args, signal).catch(error => {
        throw explain(error, file.name, trans, choose);
      });
    this._ask = ask;
    this.source = new LocalSource(ask);
    this.reader = localReader(ask);
    this.fetcher = localFetcher(ask);
    this.exporter = localExporter(ask);
    this.Note = Note;
  }

  readonly source: ISliceSource;
  readonly reader: IHdf5Reader;
  readonly fetcher: Fetcher;
  readonly exporter: Exporter;
  readonly Note: React.ComponentType | null;

  kind(): Promise<FileKind> {
    return this._ask('kind', []);
  }

  async check(): Promise<void> {
    await this.kind();
  }

  release(): void {
    this._link.release();
  }

  private readonly _ask: Asker;
  private readonly _link: WorkerLink;
}

/** What stands for a file that is no longer there: everything fails with the same words. */
export class NoAccess implements IFileAccess {
  constructor(error: Error) {
    const fail = () => Promise.reject(error);
    this.check = fail;
    this.source = {
      volumes: fail,
      volume: fail,
      frames: fail,
      slice: fail,
      statistics: fail,
      profile: fail,
      file: fail
    };
    this.reader = { entity: fail, attributes: fail, values: fail };
    this.fetcher = fail;
    this.exporter = () => undefined;
  }

  readonly check: () => Promise<void>;
  readonly source: ISliceSource;
  readonly reader: IHdf5Reader;
  readonly fetcher: Fetcher;
  readonly exporter: Exporter;
  readonly Note = null;

  release(): void {
    // There is nothing to be freed.
  }
}

/** Exchanges what a view shows. */
export type Show = (target: IDataTarget) => void;
