import type React from 'react';

import { ApiError, type IPlace, type SavuClient } from '../api';
import { dataFetcher, type Exporter, exporter, type Fetcher } from './fetcher';
import { Hdf5Reader, type IHdf5Reader } from './reader';
import { type ISliceSource, ServerSource } from './slices/source';

/** One file, read wherever it is. */
export interface IFileAccess {
  readonly source: ISliceSource;
  readonly reader: IHdf5Reader;
  /** Answers h5web in H5Grove's form. */
  readonly fetcher: Fetcher;
  readonly exporter: Exporter;
  /** What users must know of the file all the time; null mostly. */
  readonly Note: React.ComponentType | null;
  /** Fails, in words for the user, where there is nothing that can be shown. */
  check(): Promise<void>;
  /** Frees what was needed for reading; the file can still be read again. */
  release(): void;
}

/** Reads a file on the server. */
export class ServerAccess implements IFileAccess {
  constructor(
    private readonly _client: SavuClient,
    { root, path }: IPlace
  ) {
    this._place = { root, path };
    this.source = new ServerSource(_client, this._place);
    this.reader = new Hdf5Reader(_client, this._place);
    this.fetcher = dataFetcher(_client, this._place);
    this.exporter = exporter(_client, this._place);
  }

  readonly source: ISliceSource;
  readonly reader: IHdf5Reader;
  readonly fetcher: Fetcher;
  readonly exporter: Exporter;
  readonly Note = null;

  async check(): Promise<void> {
    const { problem } = await this._client.file(this._place);
    if (problem) {
      throw new ApiError(problem, 422, 'invalid');
    }
  }

  release(): void {
    // The server frees what it holds by itself.
  }

  private readonly _place: IPlace;
}
