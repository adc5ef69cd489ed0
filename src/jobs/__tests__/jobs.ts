import { nullTranslator } from '@jupyterlab/translation';

import type { IJob, IQueue } from '../../api';
import { JobWords } from '../words';

export const NOW = Date.parse('2026-03-01T12:00:00Z');

export const words = new JobWords(nullTranslator.load('jupyterlab_savu'));

/** The time so many seconds ago. */
export function before(seconds: number): string {
  return new Date(NOW - 1000 * seconds).toISOString();
}

export function job(changes: Partial<IJob> = {}): IJob {
  return {
    id: '20260301T115900-00000001',
    name: 'demo_fbp',
    state: 'running',
    reason: null,
    message: null,
    exit_code: null,
    queue: 'preview',
    backend: 'local',
    engine: 'embedded',
    list: { root: 'jupyter', path: 'demo_fbp.nxs', hash: 'a'.repeat(64) },
    data: {
      root: 'jupyter',
      path: 'scan.nxs',
      size: 1,
      modified: before(3600)
    },
    folder: { root: 'jupyter', path: 'savu-runs/demo_fbp' },
    result: null,
    progress: 0,
    steps: [],
    submitted: before(70),
    started: before(60),
    ended: null,
    details: {},
    stale_since: null,
    group: null,
    rows: null,
    resumes: null,
    deleted: null,
    ...changes
  };
}

export function queue(changes: Partial<IQueue> = {}): IQueue {
  return {
    name: 'preview',
    title: 'Preview',
    description: 'A few rows in seconds',
    backend: 'local',
    engine: 'embedded',
    restrict_rows: 8,
    schedules: false,
    resources: [],
    values: [],
    shares: 1,
    availability: null,
    slots: 2,
    running: 0,
    waiting: 0,
    ...changes
  };
}

export const RESULT = {
  root: 'jupyter',
  path: 'savu-runs/demo_fbp/scan_processed.nxs',
  dataset: '/entry/final_result_tomo/data'
};
