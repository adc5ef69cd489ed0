import { type ISignal, Signal } from '@lumino/signaling';

import type { IGrowth, IVolume } from '../../api';
import { type ICamera, type IOrientation, UPRIGHT, WHOLE } from './camera';
import { type IColours, PLAIN } from './colours';
import { detailOf } from './detail';
import { planeLike } from './following';
import {
  CLIPPED,
  histogram,
  type IHistogram,
  percentiles,
  shows
} from './histogram';
import { SliceLoader } from './loader';
import {
  choose,
  type IPlane,
  type IPlaneChoice,
  moved,
  planeShape,
  planeText
} from './planes';
import type { ISliceSource, Line } from './source';
import type { ISlice, Rectangle } from './values';

/** What pressing the mouse in the picture begins. */
export type Tool = 'pan' | 'region' | 'profile';

/** A pause this long (ms) is the end of a movement. */
const REST = 150;

/** What is looked at of one volume, and how. Drawing and controls follow its signals. */
export class SliceModel {
  constructor(
    readonly source: ISliceSource,
    readonly volume: IVolume,
    readonly choices: readonly IPlaneChoice[],
    plane: IPlane | null = null
  ) {
    this._plane = plane ?? choose(volume, choices[0]);
    this._loader = this._newLoader();
  }

  /** Anything but the picture and the position of the mouse. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** What is drawn, or how. */
  get drawn(): ISignal<this, void> {
    return this._drawn;
  }

  /** The user chose something that linked views follow. */
  get steered(): ISignal<this, void> {
    return this._steered;
  }

  get plane(): IPlane {
    return this._plane;
  }

  get choice(): IPlaneChoice {
    const [rows, columns] = this._plane.shown;
    return this.choices.find(
      ({ shown }) => shown[0] === rows && shown[1] === columns
    )!;
  }

  /** The plane that is drawn: while one moves fast, it is behind the one that is wished. */
  get drawnPlane(): IPlane | null {
    return this._drawnPlane;
  }

  get slice(): ISlice | null {
    return this._slice;
  }

  /** A part of the plane in more detail than `slice`. */
  get detail(): ISlice | null {
    return this._detail;
  }

  get histogram(): IHistogram | null {
    return this._histogram;
  }

  get colours(): IColours {
    return this._colours;
  }

  /** Whether each slice has a contrast of its own. */
  get isAutomatic(): boolean {
    return this._isAutomatic;
  }

  get camera(): ICamera {
    return this._camera;
  }

  get orientation(): IOrientation {
    return this._orientation;
  }

  get tool(): Tool {
    return this._tool;
  }
  set tool(tool: Tool) {
    this._tool = tool;
    this._changed.emit();
  }

  get region(): Rectangle | null {
    return this._region;
  }
  set region(region: Rectangle | null) {
    this._region = region;
    this._changed.emit();
  }

  get line(): Line | null {
    return this._line;
  }
  set line(line: Line | null) {
    this._line = line;
    this._changed.emit();
  }

  /** Why there is no picture; null while there is one. */
  get trouble(): unknown {
    return this._trouble;
  }

  /** Reads the first picture. */
  start(): void {
    this._load(0, false);
  }

  /** Shows other axes; the position along those that stay is kept. */
  choosePlane(choice: IPlaneChoice): void {
    this._plane = choose(this.volume, choice, this._plane.at);
    this._camera = WHOLE;
    this._region = this._line = null;
    this._detail = null;
    this._steered.emit();
    this._load(0, false);
    this._changed.emit();
  }

  /** Moves to an index of an axis that is not shown. */
  move(axis: number, index: number): void {
    const plane = moved(this.volume, this._plane, axis, index);
    const direction = Math.sign(plane.at[axis] - this._plane.at[axis]);
    if (!direction) {
      return;
    }
    this._plane = plane;
    this._detail = null;
    this._load(axis === plane.walk ? direction : 0, true);
    this._changed.emit();
    this._steered.emit();
  }

  /** Moves some slices on along the walk. */
  walk(steps: number): void {
    const { walk, at } = this._plane;
    if (walk !== null) {
      this.move(walk, at[walk] + steps);
    }
  }

  setColours(colours: Partial<IColours>): void {
    this._colours = { ...this._colours, ...colours };
    if ('low' in colours || 'high' in colours) {
      this._isAutomatic = false;
      this._hasContrast = true;
    }
    this._drawn.emit();
    this._changed.emit();
    this._steered.emit();
  }

  /** Takes the contrast from the slice that is shown, once or for each slice. */
  fitContrast(always: boolean): void {
    this._isAutomatic = always;
    this._hasContrast = false;
    this._takeContrast();
    this._drawn.emit();
    this._changed.emit();
    this._steered.emit();
  }

  setCamera(camera: ICamera): void {
    this._camera = camera;
    this._drawn.emit();
    this._rest();
    this._steered.emit();
  }

  setOrientation(orientation: Partial<IOrientation>): void {
    this._orientation = { ...this._orientation, ...orientation };
    this._drawn.emit();
    this._changed.emit();
    this._steered.emit();
  }

  /** Looks at what another view of the same kind looks at. */
  follow(other: SliceModel): void {
    const before = this._plane;
    this._plane = planeLike(this, other);
    this._camera = other.camera;
    this._orientation = other.orientation;
    const { low, high, ...look } = other.colours;
    this._colours = { ...this._colours, ...look };
    if (other._hasContrast) {
      this._offered = { low, high, isAutomatic: other.isAutomatic };
      this._takeOffered();
    }
    if (planeText(before) !== planeText(this._plane)) {
      this._detail = null;
      this._load(0, true);
    }
    this._drawn.emit();
    this._changed.emit();
  }

  /** How much of the volume was written; null until that is known. */
  get growth(): IGrowth | null {
    return this._growth;
  }

  /** Shows what was written since; what was complete is not read again. */
  grew(growth: IGrowth): void {
    const isNew = growth.version !== (this._growth ?? growth).version;
    this._growth = growth;
    if (isNew) {
      const isStale = ({ missing }: ISlice) =>
        growth.written === null || missing.length > 0;
      this._loader.renew(isStale);
      if (!this._slice || isStale(this._slice)) {
        this._detail = null;
        this._load(0, false);
      }
    }
    this._changed.emit();
  }

  /** Says that the volume cannot be read any more. */
  fail(error: unknown): void {
    this._setTrouble(error);
  }

  /** Reads everything again: the file may have changed. */
  reload(): void {
    this._loader.dispose();
    this._loader = this._newLoader();
    this._detail = null;
    this._load(0, false);
  }

  /** Reads the part that is seen in detail, when the plane is drawn coarsely. */
  async sharpen(visible: Rectangle): Promise<void> {
    const coarse = this._slice;
    const plane = this._drawnPlane;
    if (!coarse || coarse.step === 1 || !plane) {
      return;
    }
    const shape = planeShape(this.volume, plane);
    const options = detailOf(coarse, this._detail, shape, visible);
    if (!options) {
      return;
    }
    try {
      const detail = await this.source.slice(this.volume.path, plane, options);
      if (this._slice === coarse) {
        this._detail = detail;
        this._drawn.emit();
      }
    } catch (error) {
      this._setTrouble(error);
    }
  }

  dispose(): void {
    this._loader.dispose();
    window.clearTimeout(this._timer);
    Signal.clearData(this);
  }

  /** The contrast of the view that is followed, as soon as it is known to fit. */
  private _takeOffered(): void {
    if (this._offered && this._histogram) {
      const { isAutomatic, ...limits } = this._offered;
      if (shows(this._histogram, limits.low, limits.high)) {
        this._colours = { ...this._colours, ...limits };
        this._isAutomatic = isAutomatic;
        this._hasContrast = true;
      }
      this._offered = null;
    }
  }

  private _newLoader(): SliceLoader {
    return new SliceLoader(
      this.source,
      this.volume,
      (plane, slice) => this._use(plane, slice),
      error => this._setTrouble(error)
    );
  }

  private _load(direction: number, isMoving: boolean): void {
    const { low, high } = this._colours;
    const isFast = isMoving && this._hasContrast && !this._isAutomatic;
    this._loader.show({
      plane: this._plane,
      contrast: isFast ? [low, high] : null,
      direction
    });
    if (isFast) {
      this._rest();
    }
  }

  /** Reads exact values when nothing has moved for a while. */
  private _rest(): void {
    window.clearTimeout(this._timer);
    this._timer = window.setTimeout(() => {
      if (this._slice?.scale || this._drawnPlane !== this._plane) {
        this._loader.refine(this._plane);
      }
      this._changed.emit();
    }, REST);
  }

  private _use(plane: IPlane, slice: ISlice): void {
    // A late picture of the same axes tells where a fast movement is; one of others does not.
    if (plane.shown !== this._plane.shown) {
      return;
    }
    const isAnother = this._drawnPlane !== plane;
    this._drawnPlane = plane;
    this._slice = slice;
    this._trouble = null;
    if (!slice.scale) {
      this._histogram = histogram(slice);
      this._takeOffered();
      // Colours do not change under the eyes of whoever watches a slice grow.
      if (!this._hasContrast || (this._isAutomatic && isAnother)) {
        this._takeContrast();
      }
      this._changed.emit();
    }
    this._drawn.emit();
  }

  private _takeContrast(): void {
    if (this._histogram) {
      const [low, high] = percentiles(this._histogram, CLIPPED);
      this._colours = { ...this._colours, low, high };
      this._hasContrast = true;
    }
  }

  private _setTrouble(error: unknown): void {
    this._trouble = error;
    this._changed.emit();
  }

  private _camera: ICamera = WHOLE;
  private readonly _changed = new Signal<this, void>(this);
  private _colours: IColours = PLAIN;
  private _detail: ISlice | null = null;
  private readonly _drawn = new Signal<this, void>(this);
  private _drawnPlane: IPlane | null = null;
  private _growth: IGrowth | null = null;
  private _hasContrast = false;
  private _histogram: IHistogram | null = null;
  private _isAutomatic = false;
  private _line: Line | null = null;
  private _loader: SliceLoader;
  private _offered: {
    low: number;
    high: number;
    isAutomatic: boolean;
  } | null = null;
  private _orientation: IOrientation = UPRIGHT;
  private _plane: IPlane;
  private _region: Rectangle | null = null;
  private _slice: ISlice | null = null;
  private readonly _steered = new Signal<this, void>(this);
  private _timer = 0;
  private _tool: Tool = 'pan';
  private _trouble: unknown = null;
}
