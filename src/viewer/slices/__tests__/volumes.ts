import type { IVolume } from '../../../api';
import { type IPlane, planeShape, planeText } from '../planes';
import type { ISliceOptions, ISliceSource } from '../source';
import type { ISlice, Rectangle } from '../values';

/** A volume as the server describes it. */
export function volume(
  shape: number[],
  names: (string | null)[] = shape.map(() => null),
  patterns: IVolume['patterns'] = []
): IVolume {
  return {
    path: '/entry/data',
    title: 'data',
    unit: null,
    shape,
    dtype: 'f4',
    chunks: null,
    axes: shape.map((length, axis) => ({
      name: names[axis],
      unit: null,
      length,
      start: null,
      step: null,
      values: null
    })),
    patterns,
    first: shape.map(length => length >> 1)
  };
}

/** A slice of given values, row by row. */
export function slice(rows: number[][], more: Partial<ISlice> = {}): ISlice {
  return {
    values: Float32Array.from(rows.flat()),
    rows: rows.length,
    columns: rows[0].length,
    top: 0,
    left: 0,
    step: 1,
    scale: null,
    missing: [],
    ...more
  };
}

/** Answers each request when the test says so. */
export class HeldSource implements ISliceSource {
  constructor(private readonly _volume: IVolume) {}

  /** What the next answers say was never written. */
  missing: Rectangle[] = [];

  readonly asked: { plane: string; options: ISliceOptions }[] = [];

  /** Answers the oldest request, with the sum of the indices as the value of all pixels. */
  async answer(): Promise<void> {
    this._waiting.shift()!.answer();
    await settled();
  }

  async fail(): Promise<void> {
    this._waiting.shift()!.fail();
    await settled();
  }

  /** The planes of requests that are under way. */
  get waiting(): string[] {
    return this._waiting.map(({ plane }) => plane);
  }

  slice(
    _: string,
    plane: IPlane,
    options: ISliceOptions = {},
    signal?: AbortSignal
  ): Promise<ISlice> {
    const text = planeText(plane);
    this.asked.push({ plane: text, options });
    const [height, width] = planeShape(this._volume, plane);
    const step = options.step ?? 1;
    const [rows, columns] = [height, width].map(n => Math.ceil(n / step));
    const sum = plane.at
      .filter((_, axis) => !plane.shown.includes(axis))
      .reduce((one, other) => one + other, 0);
    return new Promise((resolve, reject) => {
      const fail = () => reject(new Error('no answer'));
      const answer = () =>
        resolve({
          values: new Float32Array(rows * columns).fill(sum),
          rows,
          columns,
          top: options.region?.[0] ?? 0,
          left: options.region?.[2] ?? 0,
          step,
          scale: options.bytes ? [options.bytes[0], options.bytes[1]] : null,
          missing: this.missing
        });
      const waiting = { plane: text, answer, fail };
      this._waiting.push(waiting);
      signal?.addEventListener('abort', () => {
        this._waiting = this._waiting.filter(one => one !== waiting);
        fail();
      });
    });
  }

  volumes = unasked;
  volume = unasked;
  frames = unasked;
  statistics = unasked;
  profile = unasked;
  file = unasked;

  private _waiting: {
    plane: string;
    answer: () => void;
    fail: () => void;
  }[] = [];
}

function unasked(): Promise<never> {
  return Promise.reject(new Error('not asked for in this test'));
}

/** What follows from answered promises has happened. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) {
    await Promise.resolve();
  }
}
