import { PathExt } from '@jupyterlab/coreutils';

import type {
  IFrames,
  IGrowth,
  IPlace,
  ISliceHeader,
  ISliceStatistics,
  IVolume,
  IVolumeItem,
  SavuClient
} from '../../api';
import { type IPlane, planeText } from './planes';
import { decode, type ISlice, type Rectangle } from './values';

/** What is wanted of a plane. */
export interface ISliceOptions {
  region?: Rectangle;
  /** Every step-th value in both directions. */
  step?: number;
  /** The values between these as bytes, which travel faster. */
  bytes?: readonly [number, number];
}

/** Values along a line; null where there is no number. */
export interface IProfile {
  values: (number | null)[];
  /** From the start, in pixels. */
  distances: number[];
}

/** A line from a row and a column to others; whole numbers are centres of pixels. */
export type Line = readonly [number, number, number, number];

/** Reads slices of one file. */
export interface ISliceSource {
  /** Those of most interest first. */
  volumes(): Promise<IVolumeItem[]>;
  volume(path: string): Promise<IVolume>;
  /** What each frame of a scan is. */
  frames(path: string): Promise<IFrames>;
  slice(
    path: string,
    plane: IPlane,
    options?: ISliceOptions,
    signal?: AbortSignal
  ): Promise<ISlice>;
  statistics(
    path: string,
    plane: IPlane,
    region: Rectangle | null
  ): Promise<ISliceStatistics>;
  profile(path: string, plane: IPlane, line: Line): Promise<IProfile>;
  /** A plane as a file. */
  file(path: string, plane: IPlane, format: 'npy' | 'tiff'): Promise<Blob>;
  /** How much of a dataset was written; without it, nobody asks. */
  growth?(path: string): Promise<IGrowth>;
  /** Whether what was read once stays as it was. */
  readonly isFixed?: boolean;
  /** Reads another file of the same folder. */
  beside?(name: string): ISliceSource;
}

/** Reads a file on the server. */
export class ServerSource implements ISliceSource {
  constructor(
    private readonly _client: SavuClient,
    private readonly _place: IPlace
  ) {}

  async volumes(): Promise<IVolumeItem[]> {
    return (await this._client.volumes(this._place)).items;
  }

  volume(path: string): Promise<IVolume> {
    return this._client.volume(this._place, path);
  }

  frames(path: string): Promise<IFrames> {
    return this._client.frames(this._place, path);
  }

  growth(path: string): Promise<IGrowth> {
    return this._client.growth(this._place, path);
  }

  beside(name: string): ServerSource {
    const { root, path } = this._place;
    const folder = PathExt.dirname(path);
    return new ServerSource(this._client, {
      root,
      path: PathExt.join(folder, name)
    });
  }

  async slice(
    path: string,
    plane: IPlane,
    { region, step = 1, bytes }: ISliceOptions = {},
    signal?: AbortSignal
  ): Promise<ISlice> {
    const response = await this._client.request(
      'slices/slice',
      {
        ...this._query(path, plane),
        walk: plane.walk,
        region: region?.join(','),
        step,
        bits: bytes ? 8 : null,
        contrast: bytes?.join(',')
      },
      { signal }
    );
    const header: ISliceHeader = JSON.parse(
      response.headers.get('Savu-Slice')!
    );
    return {
      values: decode(await response.arrayBuffer(), header.dtype),
      rows: header.shape[0],
      columns: header.shape[1],
      top: region?.[0] ?? 0,
      left: region?.[2] ?? 0,
      step,
      scale: header.contrast ? [header.contrast[0], header.contrast[1]] : null,
      missing: header.missing as Rectangle[]
    };
  }

  async statistics(
    path: string,
    plane: IPlane,
    region: Rectangle | null
  ): Promise<ISliceStatistics> {
    const response = await this._client.request('slices/statistics', {
      ...this._query(path, plane),
      region: region?.join(',')
    });
    return response.json();
  }

  async profile(path: string, plane: IPlane, line: Line): Promise<IProfile> {
    const response = await this._client.request('slices/profile', {
      ...this._query(path, plane),
      line: line.join(',')
    });
    return response.json();
  }

  async file(
    path: string,
    plane: IPlane,
    format: 'npy' | 'tiff'
  ): Promise<Blob> {
    const { root, path: file } = this._place;
    const selection = planeText(plane);
    const query = { root, file, path, format, selection };
    return (await this._client.request('data/data/', query)).blob();
  }

  private _query(path: string, plane: IPlane) {
    const { root, path: file } = this._place;
    return { root, file, path, plane: planeText(plane) };
  }
}
