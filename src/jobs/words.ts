import { PathExt } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IJob, IQueue } from '../api';
import type { JobGrouping } from './arranging';
import type { Fit } from './resources';
import {
  currentStep,
  hasBegun,
  isFinal,
  remainingSeconds,
  secondsBetween
} from './states';

/** The words in which jobs are told. Times are milliseconds since 1970, as `Date.now()` has. */
export class JobWords {
  constructor(private _trans: TranslationBundle) {}

  /** The line under a job's name: what it does, or how it ended. */
  status(job: IJob, queues: readonly IQueue[], now: number): string {
    const trans = this._trans;
    if (job.stale_since) {
      return trans.__(
        'not reachable since %1; last seen %2',
        clock(job.stale_since),
        this.state(job)
      );
    }
    const queue = this.queue(job, queues);
    switch (job.state) {
      case 'created':
        return trans.__('is being sent to %1', queue);
      case 'queued':
        return job.message
          ? trans.__('waits on %1: %2', queue, job.message)
          : trans.__('waits on %1', queue);
      case 'starting':
        return trans.__('is starting on %1', queue);
      case 'running':
        return this._running(job, now);
      case 'finishing':
        return trans.__('collects its results');
      case 'succeeded':
        return this._join(
          trans.__('done %1', this.ago(job.ended, now)),
          this._took(job, now)
        );
      case 'failed':
        return this.failure(job, now);
      case 'cancelled':
        return trans.__('cancelled %1', this.ago(job.ended, now));
    }
  }

  /** Why a job failed and when, words before codes; its message tells more. */
  failure(job: IJob, now: number): string {
    const after = secondsBetween(job.started, job.ended, now);
    return after === null
      ? this.reason(job)
      : this._trans.__('%1 after %2', this.reason(job), this.duration(after));
  }

  /** A failure in a sentence. */
  failureWithMessage(job: IJob, now: number): string {
    const what = this.failure(job, now);
    return job.message ? `${what}: ${job.message}` : what;
  }

  /** The name of a job's list, without the ending that all lists have. */
  name(job: IJob): string {
    return PathExt.basename(job.name, '.nxs');
  }

  /** A run among others of the same list: its name, its scan and when it was submitted. */
  run(job: IJob): string {
    const when = new Date(job.submitted).toLocaleString([], {
      month: 'short',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit'
    });
    return this._trans.__(
      '%1 on %2, %3',
      this.name(job),
      PathExt.basename(job.data.path),
      when
    );
  }

  /** The state in a word. */
  state(job: IJob): string {
    const trans = this._trans;
    switch (job.state) {
      case 'created':
        return trans.__('created');
      case 'queued':
        return trans.__('queued');
      case 'starting':
        return trans.__('starting');
      case 'running':
        return trans.__('running');
      case 'finishing':
        return trans.__('finishing');
      case 'succeeded':
        return trans.__('succeeded');
      case 'failed':
        return trans.__('failed');
      case 'cancelled':
        return trans.__('cancelled');
    }
  }

  reason(job: IJob): string {
    const trans = this._trans;
    switch (job.reason) {
      case 'OUT_OF_MEMORY':
        return trans.__('out of memory');
      case 'TIMEOUT':
        return trans.__('out of time');
      case 'NODE_FAIL':
        return trans.__('its computer failed');
      case 'PREEMPTED':
        return trans.__('stopped for another job');
      case 'REFUSED':
        return trans.__('refused');
      case 'DEPENDENCY':
        return trans.__('a job before it failed');
      case 'CANCELLED_BY_USER':
        return trans.__('cancelled by you');
      case 'CANCELLED_BY_SITE':
        return trans.__('cancelled by the site');
      case 'LOST':
        return trans.__('lost');
      default:
        return trans.__('failed');
    }
  }

  /** What the user can do about a failure: as the server says, or as its reason suggests. */
  advice(job: IJob): string | null {
    const trans = this._trans;
    if (job.message) {
      return job.message;
    }
    switch (job.reason) {
      case 'OUT_OF_MEMORY':
        return trans.__(
          'Ask for more memory or another queue, or restrict the preview of the loader to fewer rows.'
        );
      case 'TIMEOUT':
        return trans.__(
          'Ask for more time or another queue, or restrict the preview of the loader to fewer rows.'
        );
      case 'NODE_FAIL':
      case 'PREEMPTED':
      case 'LOST':
        return trans.__(
          'Nothing is wrong with your list. Run it again; tell your support if it happens again.'
        );
      case 'EXIT_CODE':
        return trans.__(
          'The log says where it stopped. Your scan and your list are untouched.'
        );
      default:
        return null;
    }
  }

  /** What the jobs of a group have in common, told of its first job. */
  group(grouping: JobGrouping, job: IJob): string {
    switch (grouping) {
      case 'scan':
        return PathExt.basename(job.data.path);
      case 'queue':
        return job.queue;
      case 'submission':
        return this._trans.__(
          '%1, %2',
          this.name(job),
          new Date(job.submitted).toLocaleString([], {
            dateStyle: 'short',
            timeStyle: 'short'
          })
        );
      default:
        return job.list.path.replace(/\.nxs$/, '');
    }
  }

  /** The title of a job's queue. */
  queue(job: IJob, queues: readonly IQueue[]): string {
    return queues.find(({ name }) => name === job.queue)?.title ?? job.queue;
  }

  /** How much room there is: one part a queue. */
  room(queues: readonly IQueue[]): string {
    const trans = this._trans;
    return queues
      .map(({ title, slots, running, waiting, schedules, availability }) => {
        if (schedules) {
          return availability === null
            ? title
            : trans.__(
                '%1: %2 of %3 free, %4 waiting',
                title,
                availability.idle,
                availability.total,
                availability.pending
              );
        }
        return waiting > 0
          ? trans.__('%1: %2 waiting', title, waiting)
          : trans.__(
              '%1: %2 of %3 free',
              title,
              Math.max(0, slots - running),
              slots
            );
      })
      .join(' · ');
  }

  /** How many jobs run and wait. */
  summary(jobs: readonly IJob[]): string {
    const trans = this._trans;
    const active = jobs.filter(job => !isFinal(job));
    const running = active.filter(hasBegun).length;
    const waiting = active.length - running;
    const parts = [
      running > 0 && trans.__('%1 running', running),
      waiting > 0 && trans.__('%1 waiting', waiting)
    ];
    return parts.filter(Boolean).join(' · ') || trans.__('No job runs');
  }

  /** A time span, in the two units that matter. */
  duration(seconds: number): string {
    const trans = this._trans;
    const whole = Math.round(seconds);
    if (whole < 60) {
      return trans.__('%1 s', whole);
    }
    const minutes = Math.floor(whole / 60);
    if (minutes < 10) {
      return trans.__('%1 min %2 s', minutes, whole % 60);
    }
    if (minutes < 60) {
      return trans.__('%1 min', minutes);
    }
    const hours = Math.floor(minutes / 60);
    return minutes % 60 === 0
      ? trans.__('%1 h', hours)
      : trans.__('%1 h %2 min', hours, minutes % 60);
  }

  /** A number of bytes. */
  size(bytes: number): string {
    const units = ['B', 'kB', 'MB', 'GB', 'TB'];
    const power = Math.min(
      bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3),
      units.length - 1
    );
    const value = bytes / 1000 ** power;
    return `${power > 0 && value < 10 ? value.toFixed(1) : Math.round(value)} ${units[power]}`;
  }

  /** An amount of memory, in the units in which it is asked for. */
  memory(bytes: number): string {
    const mebibytes = bytes / 2 ** 20;
    return mebibytes < 1024
      ? `${Math.round(mebibytes)} MiB`
      : `${Number((mebibytes / 1024).toFixed(1))} GiB`;
  }

  /** What to ask for the next time, where what was asked for was nearly too little or far too much. */
  fits(memory: Fit, time: Fit): string[] {
    const trans = this._trans;
    const hints = [
      memory === 'tight' &&
        trans.__('Nearly all of the memory was used: larger scans need more.'),
      memory === 'loose' &&
        trans.__(
          'Far less memory was used: with less asked for, a job may start sooner.'
        ),
      time === 'tight' &&
        trans.__('Nearly all of the time was used: larger scans need more.'),
      time === 'loose' &&
        trans.__(
          'Far less time was used: with less asked for, a job may start sooner.'
        )
    ];
    return hints.filter(hint => hint !== false);
  }

  ago(time: string | null, now: number): string {
    const trans = this._trans;
    const seconds = secondsBetween(time, null, now);
    if (seconds === null) {
      return '';
    }
    if (seconds < 45) {
      return trans.__('just now');
    }
    if (seconds < 3600) {
      return trans.__('%1 min ago', Math.round(seconds / 60));
    }
    if (seconds < 24 * 3600) {
      return trans.__('%1 h ago', Math.round(seconds / 3600));
    }
    return trans.__('on %1', new Date(time!).toLocaleDateString());
  }

  percent(fraction: number): string {
    return this._trans.__('%1 %', Math.floor(100 * fraction));
  }

  private _running(job: IJob, now: number): string {
    const step = currentStep(job);
    const left = remainingSeconds(job, now);
    return this._join(
      step
        ? `${step[0]}/${job.steps.length} ${step[1].name}`
        : this._trans.__('running'),
      left === null ? null : this._trans.__('~%1 left', this.duration(left))
    );
  }

  private _took(job: IJob, now: number): string | null {
    const seconds = secondsBetween(job.started, job.ended, now);
    return seconds === null
      ? null
      : this._trans.__('took %1', this.duration(seconds));
  }

  private _join(...parts: (string | null)[]): string {
    return parts.filter(part => part).join(', ');
  }
}

function clock(time: string): string {
  return new Date(time).toLocaleTimeString([], {
    hour: '2-digit',
    minute: '2-digit'
  });
}
