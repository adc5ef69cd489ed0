import type { Dataset } from 'h5wasm';

import type { IPlane } from '../../slices/planes';
import type { ISlice, Rectangle, Values } from '../../slices/values';
import { Fault } from './faults';
import { type Hdf5, type IBlock, readNumbers } from './objects';

/** Bytes of neighbouring planes that are read together, and of all that are kept. */
const MOST_AT_ONCE = 48 * 2 ** 20;
const KEPT = 2 * MOST_AT_ONCE;
/** Bytes of the largest part of a plane that is answered. */
const MOST = 512 * 2 ** 20;
/** Planes that are read together where the values lie in one run, across that run. */
const NEIGHBOURS = 16;

/** Planes that lie beside each other. */
interface ISlab {
  key: string;
  start: number;
  stop: number;
  values: Values;
}

/** What is wanted of a plane. */
export interface IWindow {
  region?: Rectangle | null;
  step?: number;
}

/**
 * Reads planes. HDF5 decodes a whole chunk, and reads a whole run of bytes, for one plane of it;
 * so the planes beside it are read, too, and kept.
 */
export class PlaneReader {
  constructor(private readonly _hdf5: Hdf5) {}

  read(
    dataset: Dataset,
    plane: IPlane,
    { region, step = 1 }: IWindow = {}
  ): ISlice {
    const shape = dataset.shape ?? [];
    checkPlane(dataset.path, shape, plane);
    const [rowAxis, columnAxis] = plane.shown;
    const [top, bottom, left, right] = clipped(region, [
      shape[rowAxis],
      shape[columnAxis]
    ]);
    const rows = Math.ceil((bottom - top) / step);
    const columns = Math.ceil((right - left) / step);
    const { size } = dataset.metadata;
    if (rows * columns * size > MOST) {
      throw new Fault('memory', 'The slice is too large to be read at once.');
    }
    const slab = this._slab(dataset, plane);
    const values = slab
      ? cut(slab, shape, plane, { top, left, rows, columns, step })
      : readNumbers(
          this._hdf5,
          dataset,
          blockOf(plane, { top, left, rows, columns, step })
        );
    return { values, rows, columns, top, left, step, scale: null, missing: [] };
  }

  /** The planes around one that are worth being read with it; null when it is read alone. */
  private _slab(dataset: Dataset, plane: IPlane): ISlab | null {
    const { walk, at, shown } = plane;
    const shape = dataset.shape!;
    if (walk === null) {
      return null;
    }
    const others = at.map((index, axis) =>
      axis === walk || shown.includes(axis) ? ':' : index
    );
    const key = [dataset.path, walk, ...others].join(' ');
    const index = at[walk];
    const known = this._slabs.find(
      slab => slab.key === key && index >= slab.start && index < slab.stop
    );
    if (known) {
      return known;
    }
    const size = shape[shown[0]] * shape[shown[1]] * dataset.metadata.size || 1;
    const { chunks } = dataset.metadata;
    const depth = chunks ? chunks[walk] : walk === 0 ? 1 : NEIGHBOURS;
    const count = Math.min(depth, Math.floor(MOST_AT_ONCE / size));
    if (count < 2) {
      return null;
    }
    // Within the chunks, so that none is decoded for two slabs.
    const first = index - (index % depth);
    const start = first + Math.floor((index - first) / count) * count;
    const stop = Math.min(start + count, first + depth, shape[walk]);
    const block = blockOf(plane, {
      top: 0,
      left: 0,
      rows: shape[shown[0]],
      columns: shape[shown[1]],
      step: 1
    });
    block.offset[walk] = start;
    block.count[walk] = stop - start;
    const values = readNumbers(this._hdf5, dataset, block);
    this._slabs.unshift({ key, start, stop, values });
    let kept = 0;
    this._slabs = this._slabs.filter(slab => {
      kept += slab.values.byteLength;
      return kept <= KEPT;
    });
    return { key, start, stop, values };
  }

  /** The last ones that were read first. */
  private _slabs: ISlab[] = [];
}

interface IPart {
  top: number;
  left: number;
  rows: number;
  columns: number;
  step: number;
}

/** A part of a plane, as HDF5 selects it. */
function blockOf(
  { shown, at }: IPlane,
  { top, left, rows, columns, step }: IPart
): IBlock {
  const block: IBlock = {
    offset: [...at],
    count: at.map(() => 1),
    stride: at.map(() => 1)
  };
  [
    [top, rows],
    [left, columns]
  ].forEach(([from, count], k) => {
    block.offset[shown[k]] = from;
    block.count[shown[k]] = count;
    block.stride[shown[k]] = step;
  });
  return block;
}

/** A part of a plane, out of the planes around it. */
function cut(
  slab: ISlab,
  shape: readonly number[],
  { shown, walk, at }: IPlane,
  { top, left, rows, columns, step }: IPart
): Values {
  const lengths = shape.map((length, axis) =>
    axis === walk ? slab.stop - slab.start : shown.includes(axis) ? length : 1
  );
  const strideOf = (axis: number) =>
    lengths.slice(axis + 1).reduce((product, length) => product * length, 1);
  const [down, across] = shown.map(strideOf);
  const base = (at[walk!] - slab.start) * strideOf(walk!);
  const { values } = slab;
  const part = values.slice(0, rows * columns);
  for (let row = 0, to = 0; row < rows; row++) {
    let from = base + (top + row * step) * down + left * across;
    if (across * step === 1) {
      part.set(values.subarray(from, from + columns), to);
      to += columns;
      continue;
    }
    for (let column = 0; column < columns; column++) {
      part[to++] = values[from];
      from += across * step;
    }
  }
  return part;
}

function clipped(
  region: Rectangle | null | undefined,
  [rows, columns]: readonly [number, number]
): Rectangle {
  const [top, bottom, left, right] = region ?? [0, rows, 0, columns];
  return [top, Math.min(bottom, rows), left, Math.min(right, columns)];
}

function checkPlane(
  path: string,
  shape: readonly number[],
  { at }: IPlane
): void {
  const isInside =
    at.length === shape.length &&
    at.every((index, axis) => index >= 0 && index < shape[axis]);
  if (!isInside) {
    throw new Fault('missing', `${path} has no such slice.`);
  }
}
