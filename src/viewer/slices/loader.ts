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

/** What is to be read. */
interface IReading extends Pick<IWish, 'plane' | 'contrast'> {
  /** Which of the wishes it is for; null for what is fetched ahead. */
  wish: number | null;
}

/** What is being read. */
interface IFlight extends IReading {
  key: string;
  /** How often slices had been renewed when it began. */
  renewals: number;
  abort: AbortController;
}

/**
 * Reads pictures one at a time; what is asked for in the meantime waits, and only the newest of it
 * is read. A picture that was wished is shown also when it comes late, so that whoever moves faster
 * than pictures come sees where they are; what is read ahead, or read again exactly, makes room for
 * a wish. `onSlice` gets what is to be shown, `onTrouble` why it is not there.
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
    this._walk = wish.direction ? wish : null;
    const flight = this._flight;
    const isWaiting = this._want(wish.plane, wish.contrast);
    if (isWaiting && (flight?.wish === null || flight?.plane === this._shown)) {
      flight.abort.abort();
    }
  }

  /** Have the values themselves of a plane at which a movement has come to rest. */
  refine(plane: IPlane): void {
    this._want(plane, null);
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
    this._flight?.abort.abort();
  }

  /** Shows a picture that is there; whether it has to wait for another one that is being read. */
  private _want(plane: IPlane, contrast: IWish['contrast']): boolean {
    const reading = this._reading(plane, contrast, ++this._wishes);
    const known = this._known(reading);
    const flight = this._coming(reading);
    this._next = null;
    if (known) {
      this._use(reading, known);
    } else if (flight) {
      flight.wish = reading.wish;
    } else {
      this._next = reading;
    }
    void this._run();
    return this._next !== null;
  }

  private async _run(): Promise<void> {
    if (this._isRunning) {
      return;
    }
    this._isRunning = true;
    try {
      for (let next = this._take(); next; next = this._take()) {
        await this._read(next);
      }
    } finally {
      this._isRunning = false;
    }
  }

  /** What to read now: the newest wish, or what will probably be wished next. */
  private _take(): IReading | null {
    if (this._isDisposed) {
      return null;
    }
    const next = this._next ?? this._following();
    this._next = null;
    return next;
  }

  private _following(): IReading | null {
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
      const reading = this._reading(plane, walk.contrast, null);
      if (!this._known(reading)) {
        return reading;
      }
    }
    return null;
  }

  private _reading(
    plane: IPlane,
    contrast: IWish['contrast'],
    wish: number | null
  ): IReading {
    const [rows, columns] = planeShape(this._volume, plane);
    const isSmall = rows * columns <= SMALL;
    return { plane, contrast: isSmall ? null : contrast, wish };
  }

  private async _read(reading: IReading): Promise<void> {
    const { plane, contrast } = reading;
    const options: ISliceOptions = { step: this.step(plane) };
    if (contrast) {
      options.bytes = contrast;
    }
    const flight: IFlight = {
      ...reading,
      key: keyOf(reading),
      renewals: this._renewals,
      abort: new AbortController()
    };
    this._flight = flight;
    try {
      const slice = await this._source.slice(
        this._volume.path,
        plane,
        options,
        flight.abort.signal
      );
      // What was read before a renewal may be stale, too.
      if (flight.renewals === this._renewals || !this._isStale(slice)) {
        this._keep(flight.key, slice);
      }
      this._use(flight, slice);
    } catch (error) {
      if (!flight.abort.signal.aborted) {
        this._walk = null;
        if (flight.wish !== null) {
          this._onTrouble(error);
        }
      }
    } finally {
      this._flight = null;
    }
  }

  /** Shows what is wished, but nothing older than what is shown. */
  private _use({ plane, wish }: IReading, slice: ISlice): void {
    if (!this._isDisposed && wish !== null && wish >= this._shownWish) {
      this._shownWish = wish;
      this._shown = plane;
      this._onSlice(plane, slice);
    }
  }

  /** What is there of a plane, best the values themselves. */
  private _known(reading: IReading): ISlice | undefined {
    return (
      this._kept.get(keyOf({ ...reading, contrast: null })) ??
      this._kept.get(keyOf(reading))
    );
  }

  /** The same picture that is being read, unless it will not come, or may be stale. */
  private _coming(reading: IReading): IFlight | null {
    const flight = this._flight;
    const isSound =
      flight?.key === keyOf(reading) &&
      flight.renewals === this._renewals &&
      !flight.abort.signal.aborted;
    return isSound ? flight : null;
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

  private _flight: IFlight | null = null;
  private _isDisposed = false;
  private _isRunning = false;
  private _isStale: (slice: ISlice) => boolean = () => false;
  private readonly _kept = new Map<string, ISlice>();
  /** The wish to be read next. */
  private _next: IReading | null = null;
  private _renewals = 0;
  /** The plane that was shown last, and for which wish. */
  private _shown: IPlane | null = null;
  private _shownWish = 0;
  private _size = 0;
  private _walk: IWish | null = null;
  private _wishes = 0;
}

function keyOf({ plane, contrast }: Omit<IReading, 'wish'>): string {
  return `${planeText(plane)}|${contrast?.join(',') ?? ''}`;
}
