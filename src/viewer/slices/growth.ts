import { Poll } from '@lumino/polling';

import { ApiError } from '../../api';
import type { SliceModel } from './model';

/** Milliseconds between two questions, while something happens and while nothing does. */
const OFTEN = 2000;
const SELDOM = 8000;
/** So many answers without news are a pause. */
const QUIET = 5;

/** What is known of whoever writes. */
export interface IWriting {
  /** Whether a job writes the data, as far as is known. */
  isActive: () => boolean;
  /** Whether anybody can see the data. */
  isSeen: () => boolean;
}

/**
 * Asks how far a volume is that is being written, and tells its model. Of a volume that is complete
 * it asks only once.
 */
export class GrowthWatch {
  constructor(
    private readonly _model: SliceModel,
    private readonly _writing: IWriting
  ) {
    this._poll = new Poll({
      auto: false,
      name: 'jupyterlab-savu:growth',
      factory: () => this._ask(),
      frequency: { interval: OFTEN, backoff: true, max: 4 * SELDOM },
      standby: () => (this._isIdle() ? true : 'when-hidden')
    });
    void this._poll.start();
    void this._poll.refresh();
  }

  /** Asks at once: a job has got further, or has ended. */
  refresh(): void {
    this._hasNews = true;
    void this._poll.refresh();
  }

  dispose(): void {
    this._poll.dispose();
  }

  private _isIdle(): boolean {
    const { growth, source, trouble } = this._model;
    const { isActive, isSeen } = this._writing;
    if (this._hasNews) {
      return false;
    }
    if (!isSeen() || trouble !== null) {
      return true;
    }
    return (
      growth !== null &&
      (source.isFixed ||
        growth.written === null ||
        growth.written === growth.of) &&
      !isActive()
    );
  }

  private async _ask(): Promise<void> {
    const { source, volume, growth } = this._model;
    this._hasNews = false;
    try {
      const told = await source.growth!(volume.path);
      this._quiet = told.version === growth?.version ? this._quiet + 1 : 0;
      if (!this._poll.isDisposed) {
        this._model.grew(told);
      }
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) {
        this._model.fail(error);
      } else {
        throw error;
      }
    }
    const isPause = this._quiet > QUIET && !this._writing.isActive();
    this._poll.frequency = {
      interval: isPause ? SELDOM : OFTEN,
      backoff: true,
      max: 4 * SELDOM
    };
  }

  private _hasNews = true;
  private readonly _poll: Poll;
  private _quiet = 0;
}
