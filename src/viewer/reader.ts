import type { IPlace, SavuClient } from '../api';

/** What the server tells of an HDF5 object (H5Grove's form; what is used of it). */
export interface IEntity {
  name: string;
  kind: string;
  attributes?: { name: string }[];
  /** Of a group. */
  children?: IEntity[];
  /** Of a dataset; null when it is empty. */
  shape?: number[] | null;
}

/** Reads one file. */
export interface IHdf5Reader {
  entity(path: string): Promise<IEntity>;
  attributes(path: string): Promise<Record<string, unknown>>;
  values(path: string): Promise<unknown>;
}

/** Reads a file on the server. */
export class Hdf5Reader implements IHdf5Reader {
  constructor(
    private _client: SavuClient,
    private _place: IPlace
  ) {}

  entity(path: string): Promise<IEntity> {
    return this._get('meta', path);
  }

  attributes(path: string): Promise<Record<string, unknown>> {
    return this._get('attr', path);
  }

  values(path: string): Promise<unknown> {
    return this._get('data', path);
  }

  private async _get<T>(what: string, path: string): Promise<T> {
    const { root, path: file } = this._place;
    const response = await this._client.request(`data/${what}/`, {
      root,
      file,
      path
    });
    return response.json();
  }
}
