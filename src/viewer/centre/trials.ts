import type { TranslationBundle } from '@jupyterlab/translation';
import { type ISignal, Signal } from '@lumino/signaling';

import type { IJob } from '../../api';
import { SliceModel } from '../slices/model';
import { choices, choose, isTuned, planeShape } from '../slices/planes';
import type { ISlice } from '../slices/values';
import type { ICentreServices } from './services';

/** Pixels of a small picture along its longer side, about. */
const SMALL = 160;
const PARAMETER = 'centre_of_rotation';

/** Pictures of one row, each reconstructed around another centre. */
export interface IStrip {
  row: number;
  centres: readonly number[];
  /** The pictures in full, along the axis of the centres. */
  model: SliceModel;
  axis: number;
  /** Small ones, in the order of the centres. */
  pictures: readonly ISlice[];
}

interface IAsked {
  row: number;
  centres: readonly number[];
}

/** Trial reconstructions, and the job that makes them. */
export class Trials {
  constructor(
    private readonly _services: ICentreServices,
    private readonly _trans: TranslationBundle
  ) {
    _services.jobs?.changed.connect(this._onJobs, this);
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** There are new pictures. */
  get ready(): ISignal<this, void> {
    return this._ready;
  }

  /** The pictures that were made last; they stay while others are made. */
  get strip(): IStrip | null {
    return this._strip;
  }

  /** The picture that was chosen last. */
  get active(): number {
    return this._active;
  }
  set active(index: number) {
    if (this._strip) {
      const last = this._strip.centres.length - 1;
      this._active = Math.max(0, Math.min(last, index));
      this.look(null);
    }
  }

  /** The picture that is shown large: the one pointed at, or the one that was chosen. */
  get large(): number {
    return this._pointed ?? this._active;
  }

  /** Points at a picture, or at none. */
  look(index: number | null): void {
    this._pointed = index;
    this._strip?.model.move(this._strip.axis, this.large);
    this._changed.emit();
  }

  /** The job that is under way, or that has failed. */
  get job(): IJob | null {
    return this._services.jobs?.jobs.find(({ id }) => id === this._id) ?? null;
  }

  /** Whether pictures are on their way. */
  get isBusy(): boolean {
    return this._asked !== null;
  }

  /** Why the pictures of a job that succeeded are not there. */
  get trouble(): unknown {
    return this._trouble;
  }

  /** Reconstructs a row around some centres; what is under way ends. */
  async start(row: number, centres: readonly number[]): Promise<void> {
    this.cancel();
    const asked = { row, centres };
    this._asked = asked;
    this._id = this._trouble = null;
    this._changed.emit();
    const id = await this._services.run(row, centres);
    if (this._asked !== asked) {
      // Cancelled before the job had a number.
      void (id && this._services.jobs?.cancel(id));
      return;
    }
    this._id = id;
    if (id === null) {
      this._asked = null;
    }
    this._changed.emit();
    this._onJobs();
  }

  cancel(): void {
    if (this._asked) {
      this._asked = null;
      void (this._id && this._services.jobs?.cancel(this._id));
      this._changed.emit();
    }
  }

  dispose(): void {
    this.cancel();
    this._isDisposed = true;
    this._services.jobs?.changed.disconnect(this._onJobs, this);
    this._strip?.model.dispose();
    Signal.clearData(this);
  }

  private _onJobs(): void {
    const { job, _asked: asked } = this;
    if (!job || !asked || this._isReading) {
      return;
    }
    if (job.state === 'succeeded') {
      void this._finish(job, asked);
    } else if (job.state === 'failed' || job.state === 'cancelled') {
      this._asked = null;
    }
    this._changed.emit();
  }

  private async _finish(job: IJob, asked: IAsked): Promise<void> {
    this._isReading = true;
    try {
      const strip = await this._read(job, asked);
      if (this._isDisposed) {
        strip.model.dispose();
        return;
      }
      this._strip?.model.dispose();
      this._strip = strip;
      this._active = strip.model.plane.at[strip.axis];
      this._pointed = null;
      this._ready.emit();
    } catch (error) {
      this._trouble = error;
    } finally {
      this._isReading = false;
      if (this._asked === asked) {
        this._asked = null;
      }
      this._changed.emit();
    }
  }

  private async _read(job: IJob, asked: IAsked): Promise<IStrip> {
    const trans = this._trans;
    const source = job.result && this._services.sourceOf(job.result);
    const item = (await source?.volumes())?.[0];
    if (!source || !item) {
      throw new Error(trans.__('The job has no result.'));
    }
    const volume = await source.volume(item.path);
    const axis = volume.axes.findIndex(
      ({ name }) => isTuned(name) && name!.startsWith(PARAMETER)
    );
    if (axis < 0) {
      throw new Error(trans.__('The result has one centre only.'));
    }
    const all = choices(volume, trans);
    const at = [...volume.first];
    at[axis] = Math.floor(asked.centres.length / 2);
    const plane = { ...choose(volume, all[0], at), walk: axis };
    const model = new SliceModel(source, volume, all, plane);
    model.start();
    const step = Math.max(
      1,
      Math.floor(Math.max(...planeShape(volume, plane)) / SMALL)
    );
    const pictures: ISlice[] = [];
    for (let index = 0; index < volume.shape[axis]; index++) {
      at[axis] = index;
      const one = { ...plane, at: [...at] };
      pictures.push(await source.slice(volume.path, one, { step }));
    }
    return { ...asked, model, axis, pictures };
  }

  private _active = 0;
  /** What was asked for, while it is on its way. */
  private _asked: IAsked | null = null;
  private readonly _changed = new Signal<this, void>(this);
  private _id: string | null = null;
  private _isDisposed = false;
  private _isReading = false;
  private _pointed: number | null = null;
  private readonly _ready = new Signal<this, void>(this);
  private _strip: IStrip | null = null;
  private _trouble: unknown = null;
}
