import type { TranslationBundle } from '@jupyterlab/translation';
import { type ISignal, Signal } from '@lumino/signaling';

import type { IVolume } from '../../api';
import { CommandIDs } from '../../tokens';
import { type ICamera, WHOLE } from '../slices/camera';
import { histogram, percentiles } from '../slices/histogram';
import type { ISliceSource } from '../slices/source';
import type { ISlice } from '../slices/values';
import { type IPicture, attenuation } from './correction';
import type { Limits, Way } from './mirroring';
import {
  coverage,
  findPair,
  type IPair,
  type NoPair,
  someFields
} from './opposite';
import { tidy } from './range';
import { guessCentre, type IGuess } from './registration';
import type { ICentreServices } from './services';
import { Trials } from './trials';

/** Values of a projection that are read; of larger ones, every second value and so on. */
const MOST_VALUES = 6 << 20;
/** Percent of the values that are drawn as the darkest, and as the brightest. */
const CLIPPED = 0.5;
/** Parts of a column that a guess is told in. */
const TENTH = 10;

/** Two projections that lie opposite each other, ready to be drawn. */
export interface IOverlay {
  pair: IPair;
  first: IPicture;
  opposite: IPicture;
  limits: Limits;
  /** Columns of the scan for each of the pictures. */
  step: number;
  isCorrected: boolean;
}

/** Why there is no overlay. */
export interface INoOverlay {
  why: NoPair;
  /** Degrees that the projections cover. */
  covered: number;
}

/** What is shown: the projections, or the trials. */
export type Shown = Way | 'trials';

/** The search for the centre of rotation of one scan. */
export class CentreFinder {
  constructor(
    readonly source: ISliceSource,
    readonly volume: IVolume,
    readonly services: ICentreServices,
    trans: TranslationBundle
  ) {
    const [, rows, columns] = volume.shape;
    this._centre = (columns - 1) / 2;
    this._row = Math.floor(rows / 2);
    this.trials = new Trials(services, trans);
    this.trials.ready.connect(({ strip }) => {
      this.trials.active = nearest(strip!.centres, this._centre);
      this.shown = 'trials';
    });
    services.changed.connect(this._onCommand, this);
  }

  readonly trials: Trials;

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Frames that were read, and those to read. */
  get progress(): readonly [number, number] {
    return this._progress;
  }

  /** Null until the projections were read, or when there is no overlay. */
  get overlay(): IOverlay | null {
    return this._overlay;
  }

  /** Why there is no overlay. */
  get lack(): INoOverlay | null {
    return this._lack;
  }

  /** What went wrong in reading. */
  get trouble(): unknown {
    return this._trouble;
  }

  /** What the projections say; null where they say nothing. */
  get guess(): IGuess | null {
    return this._guess;
  }

  /** The column of the axis, from 0. */
  get centre(): number {
    return this._centre;
  }
  set centre(centre: number) {
    const last = this.volume.shape[2] - 1;
    this._centre = Math.max(0, Math.min(last, tidy(centre)));
    this._changed.emit();
  }

  /** The row that trials reconstruct. */
  get row(): number {
    return this._row;
  }
  set row(row: number) {
    const last = this.volume.shape[1] - 1;
    this._row = Math.max(0, Math.min(last, Math.round(row)));
    this._changed.emit();
  }

  get shown(): Shown {
    return this._shown;
  }
  set shown(shown: Shown) {
    this._shown = shown;
    this._changed.emit();
  }

  get camera(): ICamera {
    return this._camera;
  }
  set camera(camera: ICamera) {
    this._camera = camera;
    this._changed.emit();
  }

  /** Shows one of the trials; its centre is that of the axis from now on. */
  choose(index: number): void {
    const { trials } = this;
    if (trials.strip) {
      trials.active = index;
      this._shown = 'trials';
      this.centre = trials.strip.centres[trials.active];
    }
  }

  /** Reads the projections, and guesses. */
  async start(): Promise<void> {
    this._trouble = this._lack = null;
    this._changed.emit();
    try {
      const overlay = await this._read();
      if (overlay && !this._abort.signal.aborted) {
        this._overlay = overlay;
        this._guess = this._guessed(overlay);
        this.takeGuess();
      }
    } catch (error) {
      this._trouble = error;
    }
    this._changed.emit();
  }

  /** Puts the axis where the projections agree best. */
  takeGuess(): void {
    if (this._guess) {
      this.centre = Math.round(this._guess.centre * TENTH) / TENTH;
    }
  }

  dispose(): void {
    this._abort.abort();
    this.trials.dispose();
    this.services.changed.disconnect(this._onCommand, this);
    Signal.clearData(this);
  }

  private async _read(): Promise<IOverlay | null> {
    const frames = await this.source.frames(this.volume.path);
    const pair = findPair(frames);
    if (typeof pair === 'string') {
      this._lack = { why: pair, covered: coverage(frames) };
      return null;
    }
    const [, rows, columns] = this.volume.shape;
    const step = Math.ceil(Math.sqrt((rows * columns) / MOST_VALUES));
    const { flats, darks } = someFields(frames);
    this._progress = [0, 2 + flats.length + darks.length];
    const read = async (all: readonly number[]) => {
      const slices: ISlice[] = [];
      for (const frame of all) {
        slices.push(await this._frame(frame, step));
        this._progress = [this._progress[0] + 1, this._progress[1]];
        this._changed.emit();
      }
      return slices;
    };
    const seen = await read([pair.first, pair.opposite]);
    const bright = (await read(flats)).map(({ values }) => values);
    const dark = (await read(darks)).map(({ values }) => values);
    const [first, opposite] = seen.map(slice => ({
      rows: slice.rows,
      columns: slice.columns,
      values: bright.length
        ? attenuation(slice.values, bright, dark)
        : Float32Array.from(slice.values)
    }));
    const counts = histogram({ ...seen[0], values: first.values });
    const limits = counts ? percentiles(counts, CLIPPED) : ([0, 1] as const);
    const isCorrected = bright.length > 0;
    return { pair, first, opposite, limits, step, isCorrected };
  }

  private _frame(frame: number, step: number): Promise<ISlice> {
    const plane = { shown: [1, 2], walk: 0, at: [frame, 0, 0] } as const;
    const { signal } = this._abort;
    return this.source.slice(this.volume.path, plane, { step }, signal);
  }

  private _guessed({ first, opposite, step }: IOverlay): IGuess | null {
    const guess = guessCentre(first, opposite);
    return guess && { ...guess, centre: guess.centre * step };
  }

  private _onCommand(_: unknown, { id }: { id: string | undefined }): void {
    if (id === CommandIDs.setCentre) {
      this._changed.emit();
    }
  }

  private readonly _abort = new AbortController();
  private _camera: ICamera = WHOLE;
  private _centre: number;
  private readonly _changed = new Signal<this, void>(this);
  private _guess: IGuess | null = null;
  private _lack: INoOverlay | null = null;
  private _overlay: IOverlay | null = null;
  private _progress: readonly [number, number] = [0, 0];
  private _row: number;
  private _shown: Shown = 'difference';
  private _trouble: unknown = null;
}

function nearest(centres: readonly number[], centre: number): number {
  const distances = centres.map(one => Math.abs(one - centre));
  return distances.indexOf(Math.min(...distances));
}
