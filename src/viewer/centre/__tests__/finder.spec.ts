import { nullTranslator } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';

import type { IFrames, IJob, IVolume } from '../../../api';
import { job as jobOf } from '../../../jobs/__tests__/jobs';
import { CommandIDs, type ISavuJobs } from '../../../tokens';
import { slice, volume } from '../../slices/__tests__/volumes';
import { type IPlane, planeShape } from '../../slices/planes';
import type { ISliceSource } from '../../slices/source';
import { CentreFinder } from '../finder';
import type { ICentreServices } from '../services';
import { projection } from './projections';

const trans = nullTranslator.load('jupyterlab_savu');
const CENTRE = 60.4;
const [ROWS, COLUMNS] = [40, 128];
const unasked = () => Promise.reject(new Error('not asked for in this test'));

/** Answers what it is told to make of a plane. */
function source(
  described: IVolume,
  make: (plane: IPlane) => number[][],
  frames: IFrames = { angles: null, image_keys: null }
): ISliceSource {
  return {
    volumes: async () => [
      { path: described.path, title: '', shape: [], dtype: '', kind: 'result' }
    ],
    volume: async () => described,
    frames: async () => frames,
    slice: async (_, plane, { step = 1 } = {}) => slice(make(plane), { step }),
    statistics: unasked,
    profile: unasked,
    file: unasked
  };
}

/** Frames: a dark and a flat field, then projections from 0 to 180 degrees. */
const FRAMES: IFrames = {
  angles: [0, 0, 0, 90, 180],
  image_keys: [2, 1, 0, 0, 0]
};
const DARK = 100;
const FLAT = 1100;

/** The counts of a frame in a scan whose right half is lit twice as much. */
function frame(index: number): number[][] {
  const angle = FRAMES.angles![index];
  const { values } = projection(COLUMNS, ROWS, CENTRE, angle, 0);
  return Array.from({ length: ROWS }, (_, row) =>
    Array.from({ length: COLUMNS }, (_, column) => {
      const beam = (FLAT - DARK) * (column < COLUMNS / 2 ? 1 : 2);
      const key = FRAMES.image_keys![index];
      const seen =
        key === 1 ? 1 : key === 2 ? 0 : values[row * COLUMNS + column];
      return DARK + beam * seen;
    })
  );
}

function setUp({ frames = FRAMES, centres = [59, 60, 61] } = {}) {
  const scan = volume(
    [5, ROWS, COLUMNS],
    ['rotation_angle', 'detector_y', 'detector_x']
  );
  const result = volume(
    [8, 1, 8, centres.length],
    ['x', 'y', 'z', 'centre_of_rotation_params'],
    [{ name: 'VOLUME_XZ', shown: [0, 2] }]
  );
  const jobsChanged = new Signal<ISavuJobs, void>({} as ISavuJobs);
  const commandChanged = new Signal<object, { id: string | undefined }>({});
  const jobs: ISavuJobs & { jobs: IJob[] } = {
    jobs: [],
    queues: [],
    changed: jobsChanged,
    submit: unasked,
    cancel: async id => void cancelled.push(id)
  };
  const cancelled: string[] = [];
  const ran: [number, readonly number[]][] = [];
  const services: ICentreServices = {
    sourceOf: () =>
      source(result, plane => {
        const [rows, columns] = planeShape(result, plane);
        const value = plane.at[3];
        return Array.from({ length: rows }, () => Array(columns).fill(value));
      }),
    changed: commandChanged,
    setting: () => ({ isPossible: true, isDone: false, told: '' }),
    set: () => undefined,
    noTrials: null,
    running: () => ({ isPossible: true, isDone: false, told: '' }),
    run: async (row, asked) => {
      ran.push([row, asked]);
      return 'job';
    },
    jobs,
    showJob: () => undefined
  };
  const finder = new CentreFinder(
    source(scan, plane => frame(plane.at[0]), frames),
    scan,
    services,
    trans
  );
  const tell = async (changes: Partial<IJob>) => {
    jobs.jobs = [jobOf({ id: 'job', ...changes })];
    jobsChanged.emit();
    await new Promise(resolve => setTimeout(resolve));
  };
  return { finder, ran, cancelled, tell, commandChanged };
}

const RESULT = { root: 'jupyter', path: 'scan_processed.nxs', dataset: null };

describe('the overlay', () => {
  it('is corrected by the fields, and guesses the centre', async () => {
    const { finder } = setUp();
    expect(finder.centre).toBe(63.5);
    await finder.start();
    expect(finder.overlay).toMatchObject({
      pair: { first: 2, opposite: 4, angles: [0, 180] },
      isCorrected: true,
      step: 1
    });
    expect(finder.progress).toEqual([4, 4]);
    expect(Math.abs(finder.centre - CENTRE)).toBeLessThan(0.1);
    finder.centre = 999;
    expect(finder.centre).toBe(COLUMNS - 1);
    finder.takeGuess();
    expect(Math.abs(finder.centre - CENTRE)).toBeLessThan(0.1);
  });

  it('is missing, with the reason, where no projection is opposite', async () => {
    const frames = { angles: [0, 0, 0, 60, 120], image_keys: null };
    const { finder } = setUp({ frames });
    await finder.start();
    expect(finder.overlay).toBeNull();
    expect(finder.lack).toEqual({ why: 'no opposite', covered: 120 });
  });

  it('is told of when the list changes, as it may take the centre or not', () => {
    const { finder, commandChanged } = setUp();
    let told = 0;
    finder.changed.connect(() => told++);
    commandChanged.emit({ id: 'something:else' });
    expect(told).toBe(0);
    commandChanged.emit({ id: CommandIDs.setCentre });
    expect(told).toBe(1);
  });
});

describe('the trials', () => {
  it('become pictures of each centre when the job is done, and are shown', async () => {
    const { finder, ran, tell } = setUp();
    const { trials } = finder;
    await trials.start(7, [59, 60, 61]);
    expect(ran).toEqual([[7, [59, 60, 61]]]);
    await tell({ state: 'running', progress: 0.5 });
    expect(trials.isBusy).toBe(true);
    expect(trials.job?.progress).toBe(0.5);
    await tell({ state: 'succeeded', result: RESULT });
    expect(trials.isBusy).toBe(false);
    expect(trials.strip).toMatchObject({ row: 7, centres: [59, 60, 61] });
    expect(trials.strip!.pictures.map(({ values }) => values[0])).toEqual([
      0, 1, 2
    ]);
    expect(finder.shown).toBe('trials');
    // The nearest to the axis, which is at 63.5
    expect(trials.active).toBe(2);
    const { model } = trials.strip!;
    finder.choose(9);
    expect(trials.active).toBe(2);
    expect(finder.centre).toBe(61);
    expect(model.plane.at[3]).toBe(2);
    trials.look(0);
    expect([model.plane.at[3], finder.centre]).toEqual([0, 61]);
    trials.look(null);
    expect(model.plane.at[3]).toBe(2);
  });

  it('leave the pictures of the last time when they fail, or are cancelled', async () => {
    const { finder, cancelled, tell } = setUp();
    const { trials } = finder;
    await trials.start(7, [59, 60, 61]);
    await tell({ state: 'succeeded', result: RESULT });
    const { strip } = trials;
    await tell({ state: 'running' });
    await trials.start(8, [1, 2, 3]);
    await tell({ state: 'failed', message: 'The disk is full.' });
    expect(trials.isBusy).toBe(false);
    expect(trials.job?.message).toBe('The disk is full.');
    await tell({ state: 'running' });
    await trials.start(8, [1, 2, 3]);
    trials.cancel();
    expect(cancelled).toEqual(['job']);
    expect(trials.isBusy).toBe(false);
    expect(trials.strip).toBe(strip);
  });

  it('end with the finder, also while they are being sent', async () => {
    const { finder, cancelled } = setUp();
    const started = finder.trials.start(7, [59, 60, 61]);
    finder.dispose();
    await started;
    expect(cancelled).toEqual(['job']);
  });

  it('say so when the result has no centres', async () => {
    const { finder, tell } = setUp();
    await finder.trials.start(7, [59, 60, 61]);
    await tell({ state: 'succeeded', result: null });
    expect((finder.trials.trouble as Error).message).toBe(
      'The job has no result.'
    );
    expect(finder.trials.strip).toBeNull();
  });
});
