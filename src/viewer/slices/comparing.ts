import { type ISignal, Signal } from '@lumino/signaling';

import { SliceModel } from './model';
import type { ISlice } from './values';

/** How two views are seen together. */
export type Comparison = 'beside' | 'curtain' | 'blink' | 'difference';

/** Up to four views that show the same slice, part and contrast. */
export class LinkedViews {
  get models(): readonly SliceModel[] {
    return this._models;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Lets a view follow the first one from now on, and the others follow it. */
  add(model: SliceModel): void {
    const [first] = this._models;
    if (first) {
      model.follow(first);
    }
    this._models = [...this._models, model];
    model.steered.connect(this._steer, this);
    this._changed.emit();
  }

  remove(model: SliceModel): void {
    model.steered.disconnect(this._steer, this);
    this._models = this._models.filter(one => one !== model);
    this._changed.emit();
  }

  private _steer(leader: SliceModel): void {
    if (this._isSteering) {
      return;
    }
    // Views that follow tell so, too.
    this._isSteering = true;
    try {
      this._models
        .filter(model => model !== leader)
        .forEach(model => model.follow(leader));
    } finally {
      this._isSteering = false;
    }
  }

  private readonly _changed = new Signal<this, void>(this);
  private _isSteering = false;
  private _models: readonly SliceModel[] = [];
}

/** Shows the first view alone. */
export function endComparing(views: LinkedViews): void {
  for (const model of views.models.slice(1)) {
    views.remove(model);
    model.dispose();
  }
}

/**
 * What the second of two slices has more than the first, value by value; null where they cannot be
 * compared: of other sizes, or known in bytes only.
 */
export function difference(one: ISlice, other: ISlice): ISlice | null {
  const isSame =
    one.rows === other.rows &&
    one.columns === other.columns &&
    one.step === other.step;
  if (!isSame || one.scale || other.scale) {
    return null;
  }
  const values = new Float32Array(one.values.length);
  for (let index = 0; index < values.length; index++) {
    values[index] = other.values[index] - one.values[index];
  }
  return { ...one, values, missing: [...one.missing, ...other.missing] };
}

/** Limits on both sides of zero for a difference, by its largest values but the rarest. */
export function differenceLimits({ values }: ISlice): [number, number] {
  const sizes: number[] = [];
  const stride = Math.max(1, Math.floor(values.length / 20000));
  for (let index = 0; index < values.length; index += stride) {
    const size = Math.abs(values[index]);
    if (Number.isFinite(size)) {
      sizes.push(size);
    }
  }
  sizes.sort((a, b) => a - b);
  const limit = sizes[Math.floor((sizes.length - 1) * 0.995)] || 1;
  return [-limit, limit];
}
