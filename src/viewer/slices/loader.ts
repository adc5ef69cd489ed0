import type { IVolume } from '../../api';
import { type IPlane, planeShape, planeText } from './planes';
import type { ISliceOptions, ISliceSource } from './source';
import type { ISlice } from './values';

/** Values of a picture that is read at once; of larger planes, every second value and so on. */
const MOST_VALUES = 1 << 22;
/** Smaller pictures are not worth sending as bytes first. */
const SMALL = 1 << 17;
/** Bytes of pictures that are kept in the tab. */
const KEPT = 96 * 2 ** 20;
/** Pictures that are fetched ahead of a walk. */
const AHEAD = 3;

/** How a picture is wanted. */
export interface IWish {
  plane: IPlane;
  /** While one moves, values between these are enough. */
  contrast: readonly [number, number] | null;
  /** 1 or -1 in a walk, the direction to look ahead in. */
  direction: number;
}

/**
 * Reads pictures one at a time; what is asked for in the meantime waits, and only the newest of it
 * is read. `onSlice` gets what is read, `onTrouble` why it is not.
 */
export class SliceLoader {
  constructor(
    private readonly _source: ISliceSource,
    private readonly _volume: IVolume,
    private readonly _onSlice: (plane: IPlane, slice: ISlice) => void,
    private readonly _onTrouble: (error: unknown) => void
  ) {}

  /** Have the picture of a plane; at once when it is there. */
  show(wish: IWish): void {
    this._wish = wish;
    const exact = this._kept.get(keyOf(wish.plane, null));
    if (exact) {
      this._use(wish.plane, exact);
      this._wish = null;
    }
    void this._run();
  }

  /** Forgets slices that are not any more what they were. */
  renew(isStale: (slice: ISlice) => boolean): void {
    this._renewals++;
    this._isStale = isStale;
    for (const [key, slice] of this._kept) {
      if (isStale(slice)) {
        this._kept.delete(key);
        this._size -= slice.values.byteLength;
      }
    }
  }

  /** Every second value, or so, of planes too large to be read whole. */
  step(plane: IPlane): number {
    const [rows, columns] = planeShape(this._volume, plane);
    return Math.max(1, Math.ceil(Math.sqrt((rows * columns) / MOST_VALUES)));
  }

  /** Stops what is under way; nothing is told any more. */
  dispose(): void {
    this._isDisposed = true;
    this._abort.abort();
  }

  private async _run(): Promise<void> {
    if (this._isRunning) {
      return;
    }
    this._isRunning = true;
    try {
      for (let work = this._next(); work; work = this._next()) {
        await this._read(work.plane, work.contrast);
      }
    } finally {
      this._isRunning = false;
    }
  }

  /** What to read now: the newest wish, or what will probably be wished next. */
  private _next(): Pick<IWish, 'plane' | 'contrast'> | null {
    if (this._isDisposed) {
      return null;
    }
    if (this._wish) {
      const wish = this._wish;
      this._wish = null;
      this._walk = wish.direction ? wish : null;
      const [rows, columns] = planeShape(this._volume, wish.plane);
      const isWhole = !wish.contrast || rows * columns <= SMALL;
      const contrast = isWhole ? null : wish.contrast;
      const known = this._kept.get(keyOf(wish.plane, contrast));
      if (!known) {
        return { plane: wish.plane, contrast };
      }
      this._use(wish.plane, known);
    }
    return this._following();
  }

  private _following(): Pick<IWish, 'plane' | 'contrast'> | null {
    const walk = this._walk;
    if (!walk || walk.plane.walk === null) {
      return null;
    }
    const axis = walk.plane.walk;
    for (let ahead = 1; ahead <= AHEAD; ahead++) {
      const at = [...walk.plane.at];
      at[axis] += ahead * walk.direction;
      if (at[axis] < 0 || at[axis] >= this._volume.shape[axis]) {
        return null;
      }
      const plane = { ...walk.plane, at };
      const [rows, columns] = planeShape(this._volume, plane);
      const contrast = rows * columns <= SMALL ? null : walk.contrast;
      const isKept =
        this._kept.has(keyOf(plane, contrast)) ||
        this._kept.has(keyOf(plane, null));
      if (!isKept) {
        return { plane, contrast };
      }
    }
    return null;
  }

  private async _read(
    plane: IPlane,
    contrast: readonly [number, number] | null
  ): Promise<void> {
    const options: ISliceOptions = { step: this.step(plane) };
    if (contrast) {
      options.bytes = contrast;
    }
    const renewals = this._renewals;
    try {
      const slice = await this._source.slice(
        this._volume.path,
        plane,
        options,
        this._abort.signal
      );
      // What was read before a renewal may be stale, too.
      if (renewals === this._renewals || !this._isStale(slice)) {
        this._keep(keyOf(plane, contrast), slice);
      }
      this._use(plane, slice);
    } catch (error) {
      this._walk = null;
      if (!this._isDisposed) {
        this._onTrouble(error);
      }
    }
  }

  private _use(plane: IPlane, slice: ISlice): void {
    if (!this._isDisposed) {
      this._onSlice(plane, slice);
    }
  }

  private _keep(key: string, slice: ISlice): void {
    this._kept.set(key, slice);
    this._size += slice.values.byteLength;
    for (const [oldest, { values }] of this._kept) {
      if (this._size <= KEPT || oldest === key) {
        break;
      }
      this._kept.delete(oldest);
      this._size -= values.byteLength;
    }
  }

  private readonly _abort = new AbortController();
  private _isDisposed = false;
  private _isRunning = false;
  private _isStale: (slice: ISlice) => boolean = () => false;
  private readonly _kept = new Map<string, ISlice>();
  private _renewals = 0;
  private _size = 0;
  private _walk: IWish | null = null;
  private _wish: IWish | null = null;
}

function keyOf(
  plane: IPlane,
  contrast: readonly [number, number] | null
): string {
  return `${planeText(plane)}|${contrast?.join(',') ?? ''}`;
}
