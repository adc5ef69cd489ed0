import type { Dataset, File as Hdf5File } from 'h5wasm';

import type {
  IFrames,
  IGrowth,
  ISliceStatistics,
  IVolume,
  IVolumeItem
} from '../../../api';
import type { IPlane } from '../../slices/planes';
import type { IProfile, ISliceOptions, Line } from '../../slices/source';
import { decode, type ISlice, type Rectangle } from '../../slices/values';
import { Fault } from './faults';
import { profile, statistics, toBytes } from './figures';
import type { Filters } from './filters';
import { npy, tiff } from './formats';
import { framesOf } from './frames';
import { attributeValues, describe, plain } from './grove';
import {
  datasetAt,
  type Hdf5,
  lookUp,
  numberType,
  readBytes,
  readNumbers
} from './objects';
import { type IOrigin, Origins } from './origins';
import { type IWindow, PlaneReader } from './planes';
import { type FileKind, kindOf } from './scans';
import { parseSelection } from './selections';
import { type IReads, Unwritten, withGaps, writtenOnly } from './unwritten';
import { describeVolume, listVolumes } from './volumes';

/** Bytes of the largest answer. */
const MOST = 512 * 2 ** 20;

/** Where files lie. */
export interface IDisk extends IReads {
  open(name: string): Hdf5File;
}

/** A dataset whose values can be decoded. */
interface IFound {
  dataset: Dataset;
  /** Where it is stored; null where that cannot be told. */
  origin: IOrigin | null;
}

/** What can be asked of a file that is open in the worker; the names pass between the two. */
export class FileReader {
  constructor(
    private readonly _hdf5: Hdf5,
    private readonly _file: Hdf5File,
    private readonly _filters: Filters,
    disk: IDisk
  ) {
    this._planes = new PlaneReader(_hdf5);
    this._origins = new Origins(_hdf5, _file, name => disk.open(name));
    this._unwritten = new Unwritten(_hdf5, disk);
  }

  kind(): FileKind {
    return kindOf(this._file);
  }

  volumes(): IVolumeItem[] {
    return listVolumes(this._file);
  }

  volume(path: string): IVolume {
    return describeVolume(this._hdf5, this._file, path);
  }

  frames(path: string): IFrames {
    return framesOf(this._hdf5, this._file, path);
  }

  async slice(
    path: string,
    plane: IPlane,
    { region, step, bytes }: ISliceOptions
  ): Promise<ISlice> {
    const slice = await this._read(path, plane, { region, step });
    return bytes
      ? {
          ...slice,
          values: toBytes(slice.values, bytes),
          scale: [bytes[0], bytes[1]]
        }
      : slice;
  }

  async statistics(
    path: string,
    plane: IPlane,
    region: Rectangle | null
  ): Promise<ISliceStatistics> {
    const slice = await this._read(path, plane, { region });
    return statistics(writtenOnly(slice));
  }

  async profile(path: string, plane: IPlane, line: Line): Promise<IProfile> {
    const [row, column, toRow, toColumn] = line;
    const region: Rectangle = [
      Math.max(0, Math.floor(Math.min(row, toRow))),
      Math.floor(Math.max(row, toRow)) + 2,
      Math.max(0, Math.floor(Math.min(column, toColumn))),
      Math.floor(Math.max(column, toColumn)) + 2
    ];
    return profile(withGaps(await this._read(path, plane, { region })), line);
  }

  /** How much of a dataset was written, as far as anybody can tell. */
  async growth(path: string): Promise<IGrowth> {
    const { dataset, origin } = await this._find(path);
    return this._unwritten.growth(dataset, origin);
  }

  /** Part of a dataset as a file. */
  async export(
    path: string,
    selection: string | null,
    format: 'npy' | 'tiff'
  ): Promise<ArrayBuffer> {
    const dataset = await this._dataset(path);
    const { shape, ...block } = parseSelection(selection, dataset.shape ?? []);
    checkSize(dataset, block.count);
    const values = readNumbers(this._hdf5, dataset, block);
    if (format === 'npy') {
      return npy(values, shape);
    }
    if (shape.length !== 2) {
      throw new Fault('missing', 'A TIFF file holds one picture.');
    }
    return tiff(values, shape);
  }

  entity(path: string): unknown {
    const member = path === '/' ? this._file : lookUp(this._file, path);
    if (member === null) {
      throw new Fault('missing', `There is no ${path}.`);
    }
    return describe(member, path.slice(path.lastIndexOf('/') + 1) || '/');
  }

  attributes(path: string): unknown {
    return attributeValues(
      path === '/' ? this._file : lookUp(this._file, path)
    );
  }

  /** All paths below one. */
  paths(path: string): string[] {
    const start = path === '/' ? '' : path;
    return this._hdf5
      .get_names(this._file.file_id, path, true)
      .map(name => `${start}/${name.replace(/^\//, '')}`);
  }

  /** Values as JSON has them, one after the other or nested in the axes that are left. */
  async values(
    path: string,
    selection: string | null,
    isFlat: boolean
  ): Promise<unknown> {
    const dataset = await this._dataset(path);
    if (!dataset.shape) {
      return null;
    }
    const { offset, count, stride, shape } = parseSelection(
      selection,
      dataset.shape
    );
    checkSize(dataset, count);
    if (dataset.shape.length === 0) {
      return plain(dataset.json_value);
    }
    const ranges = offset.map((start, axis): [number, number, number] => [
      start,
      start + (count[axis] - 1) * stride[axis] + 1,
      stride[axis]
    ]);
    const type = numberType(dataset.metadata);
    const flat = plain(
      type === null
        ? dataset.slice(ranges)
        : decode(
            readBytes(this._hdf5, dataset, { offset, count, stride }),
            `<${type}`
          )
    ) as unknown[];
    if (shape.length === 0) {
      return flat[0];
    }
    return isFlat ? flat : nested(flat, shape);
  }

  /** Values as they are in memory, little-endian; halves as floats, for want of a JavaScript type. */
  async bytes(path: string, selection: string | null): Promise<ArrayBuffer> {
    const dataset = await this._dataset(path);
    const block = parseSelection(selection, dataset.shape ?? []);
    checkSize(dataset, block.count);
    const bytes = readBytes(this._hdf5, dataset, block);
    const isHalf = numberType(dataset.metadata) === 'f2';
    return isHalf ? (decode(bytes, '<f2').buffer as ArrayBuffer) : bytes;
  }

  /** A part of a plane, and what of it was never written. */
  private async _read(
    path: string,
    plane: IPlane,
    window: IWindow
  ): Promise<ISlice> {
    const { dataset, origin } = await this._find(path);
    const slice = this._planes.read(dataset, plane, window);
    const missing = this._unwritten.of(dataset, origin, plane, slice);
    return { ...slice, missing };
  }

  /** A dataset whose values can be decoded. */
  private async _dataset(path: string): Promise<Dataset> {
    return (await this._find(path)).dataset;
  }

  private async _find(path: string): Promise<IFound> {
    const origin = this._origins.of(path);
    const dataset =
      (origin && datasetAt(origin.file, origin.path)) ??
      datasetAt(this._file, path);
    if (!dataset) {
      throw new Fault('missing', `There is no dataset ${path}.`);
    }
    await this._filters.prepare(origin?.file ?? this._file, dataset);
    return { dataset, origin };
  }

  private readonly _origins: Origins;
  private readonly _planes: PlaneReader;
  private readonly _unwritten: Unwritten;
}

function checkSize(dataset: Dataset, count: readonly number[]): void {
  const values = count.reduce((product, length) => product * length, 1);
  if (values * dataset.metadata.size > MOST) {
    throw new Fault(
      'memory',
      `This part of ${dataset.path} is too large to be read at once.`
    );
  }
}

function nested(flat: unknown[], [, ...shape]: readonly number[]): unknown[] {
  if (shape.length === 0) {
    return flat;
  }
  const size = shape.reduce((product, length) => product * length, 1);
  return Array.from({ length: flat.length / (size || 1) }, (_, index) =>
    nested(flat.slice(index * size, (index + 1) * size), shape)
  );
}
