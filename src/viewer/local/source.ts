import type {
  IFrames,
  IGrowth,
  ISliceStatistics,
  IVolume,
  IVolumeItem
} from '../../api';
import { type IPlane, planeText } from '../slices/planes';
import type {
  IProfile,
  ISliceOptions,
  ISliceSource,
  Line
} from '../slices/source';
import type { ISlice, Rectangle } from '../slices/values';
import type { Asker } from './asking';

/** Reads slices of a file on the user's computer. */
export class LocalSource implements ISliceSource {
  constructor(private readonly _ask: Asker) {}

  volumes(): Promise<IVolumeItem[]> {
    return this._ask('volumes', []);
  }

  volume(path: string): Promise<IVolume> {
    return this._ask('volume', [path]);
  }

  frames(path: string): Promise<IFrames> {
    return this._ask('frames', [path]);
  }

  readonly isFixed = true;

  growth(path: string): Promise<IGrowth> {
    return this._ask('growth', [path]);
  }

  slice(
    path: string,
    plane: IPlane,
    options: ISliceOptions = {},
    signal?: AbortSignal
  ): Promise<ISlice> {
    return this._ask('slice', [path, plane, options], signal);
  }

  statistics(
    path: string,
    plane: IPlane,
    region: Rectangle | null
  ): Promise<ISliceStatistics> {
    return this._ask('statistics', [path, plane, region]);
  }

  profile(path: string, plane: IPlane, line: Line): Promise<IProfile> {
    return this._ask('profile', [path, plane, line]);
  }

  async file(
    path: string,
    plane: IPlane,
    format: 'npy' | 'tiff'
  ): Promise<Blob> {
    const selection = planeText(plane);
    return new Blob([await this._ask('export', [path, selection, format])]);
  }
}
