import { type ISignal, Signal } from '@lumino/signaling';

import type { IColours } from './colours';
import { difference, differenceLimits } from './comparing';
import type { SliceModel } from './model';
import type { IPlane } from './planes';
import type { ISlice } from './values';

/** What a canvas draws. */
export interface IDrawable {
  /** There is something new to draw. */
  readonly drawn: ISignal<unknown, void>;
  readonly slice: ISlice | null;
  readonly detail: ISlice | null;
  readonly drawnPlane: IPlane | null;
  readonly colours: IColours;
}

/** The difference of two views, in colours to both sides of zero. */
export class DifferenceOf implements IDrawable {
  constructor(
    private readonly _one: SliceModel,
    private readonly _other: SliceModel
  ) {
    _one.drawn.connect(this._update, this);
    _other.drawn.connect(this._update, this);
    this._update();
  }

  readonly detail = null;

  get drawn(): ISignal<this, void> {
    return this._drawn;
  }

  get drawnPlane(): IPlane | null {
    return this._one.drawnPlane;
  }

  /** Null while the views show what cannot be compared. */
  get slice(): ISlice | null {
    return this._slice;
  }

  get colours(): IColours {
    return this._colours;
  }

  dispose(): void {
    this._one.drawn.disconnect(this._update, this);
    this._other.drawn.disconnect(this._update, this);
    Signal.clearData(this);
  }

  private _update(): void {
    const [one, other] = [this._one.slice, this._other.slice];
    if (one !== this._ofOne || other !== this._ofOther) {
      [this._ofOne, this._ofOther] = [one, other];
      this._slice = one && other && difference(one, other);
      if (this._slice) {
        const [low, high] = differenceLimits(this._slice);
        this._colours = { ...this._colours, low, high };
      }
    }
    this._drawn.emit();
  }

  private _colours: IColours = {
    map: 'Blue–red',
    isInverted: false,
    isLogarithmic: false,
    low: -1,
    high: 1
  };
  private readonly _drawn = new Signal<this, void>(this);
  private _ofOne: ISlice | null = null;
  private _ofOther: ISlice | null = null;
  private _slice: ISlice | null = null;
}
