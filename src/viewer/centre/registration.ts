import type { IPicture } from './correction';
import { Fft } from './fft';

/** A centre, and how well the two projections then agree: 1 is perfect. */
export interface IGuess {
  /** A column, counted from 0. */
  centre: number;
  correlation: number;
}

/** Bands of rows that are compared; more cost time and tell no more. */
const MOST_BANDS = 256;
/** The part of the columns that both projections see, at least. */
const LEAST_OVERLAP = 0.15;
/** With less than this, the projections do not show the same. */
const LEAST_CORRELATION = 0.3;
/** Percent of the values at each end that count no more than the next: hot pixels. */
const OUTLIERS = 0.5;
const SAMPLE = 20000;

/**
 * The column of the rotation axis, from a projection and the one opposite; null where they do
 * not agree anywhere.
 *
 * The projection and the mirror image of the other one are registered along the columns by their
 * normalized correlation over the columns that both see, computed in Fourier space: D. Padfield,
 * Masked object registration in the Fourier domain, IEEE Trans. Image Process. 21, 2706 (2012),
 * doi:10.1109/TIP.2011.2181402. A parabola through the highest values finds parts of a column.
 */
export function guessCentre(
  first: IPicture,
  opposite: IPicture
): IGuess | null {
  const { columns } = first;
  const bands = toBands(first);
  const mirrored = toBands(opposite).map(band => band.reverse());
  const products = correlate(bands, mirrored, columns);
  const [one, other] = [runningSums(bands), runningSums(mirrored)];
  const most = Math.floor(columns * (1 - LEAST_OVERLAP));
  const coefficient = (shift: number): number => {
    const overlap = columns - Math.abs(shift);
    const count = overlap * bands.length;
    const a = part(one, Math.max(0, shift), overlap);
    const b = part(other, Math.max(0, -shift), overlap);
    const common = products(shift) - (a.sum * b.sum) / count;
    const spread =
      (a.squares - a.sum ** 2 / count) * (b.squares - b.sum ** 2 / count);
    return spread > 0 ? common / Math.sqrt(spread) : 0;
  };
  let best = 0;
  let highest = coefficient(0);
  for (let shift = -most; shift <= most; shift++) {
    const value = coefficient(shift);
    if (value > highest) {
      [best, highest] = [shift, value];
    }
  }
  if (highest < LEAST_CORRELATION) {
    return null;
  }
  const shift =
    best + vertex(coefficient(best - 1), highest, coefficient(best + 1));
  return { centre: (columns - 1 + shift) / 2, correlation: highest };
}

/** Means over bands of rows, without outliers; what is no number is as the mean. */
function toBands({ values, rows, columns }: IPicture): Float64Array[] {
  const [low, high] = limits(values);
  const count = Math.min(rows, MOST_BANDS);
  const bands = Array.from({ length: count }, (_, index) => {
    const [from, to] = [index, index + 1].map(edge =>
      Math.floor((edge * rows) / count)
    );
    const band = new Float64Array(columns);
    for (let row = from; row < to; row++) {
      for (let column = 0; column < columns; column++) {
        const value = values[row * columns + column];
        const known = value === value ? value : (low + high) / 2;
        band[column] += Math.max(low, Math.min(high, known));
      }
    }
    return band.map(sum => sum / (to - from));
  });
  const mean =
    bands.reduce((sum, band) => sum + band.reduce((a, b) => a + b), 0) /
    (count * columns);
  return bands.map(band => band.map(value => value - mean));
}

function limits(values: Float32Array): [number, number] {
  const stride = Math.max(1, Math.floor(values.length / SAMPLE));
  const some = values
    .filter((value, index) => index % stride === 0 && Number.isFinite(value))
    .sort();
  const end = Math.floor((some.length * OUTLIERS) / 100);
  return some.length ? [some[end], some[some.length - 1 - end]] : [0, 0];
}

/** For each shift of the others to the right, the sum of products where they overlap. */
function correlate(
  bands: readonly Float64Array[],
  others: readonly Float64Array[],
  columns: number
): (shift: number) => number {
  const fft = new Fft(Fft.lengthFor(2 * columns));
  const { length } = fft;
  const re = new Float64Array(length);
  const im = new Float64Array(length);
  const sumRe = new Float64Array(length);
  const sumIm = new Float64Array(length);
  bands.forEach((band, index) => {
    // Both are real, so that one transform holds those of both.
    re.fill(0).set(band);
    im.fill(0).set(others[index]);
    fft.forward(re, im);
    for (let k = 0; k < length; k++) {
      const mirror = (length - k) % length;
      const [aRe, aIm] = [re[k] + re[mirror], im[k] - im[mirror]];
      const [bRe, bIm] = [im[k] + im[mirror], re[mirror] - re[k]];
      sumRe[k] += (aRe * bRe + aIm * bIm) / 4;
      sumIm[k] += (aIm * bRe - aRe * bIm) / 4;
    }
  });
  fft.inverse(sumRe, sumIm);
  return shift => sumRe[(shift + length) % length];
}

interface ISums {
  sums: Float64Array;
  squares: Float64Array;
}

/** Sums of values and of squares over all bands, up to each column. */
function runningSums(bands: readonly Float64Array[]): ISums {
  const columns = bands[0].length;
  const sums = new Float64Array(columns + 1);
  const squares = new Float64Array(columns + 1);
  for (let column = 0; column < columns; column++) {
    sums[column + 1] = sums[column];
    squares[column + 1] = squares[column];
    for (const band of bands) {
      sums[column + 1] += band[column];
      squares[column + 1] += band[column] ** 2;
    }
  }
  return { sums, squares };
}

function part({ sums, squares }: ISums, from: number, length: number) {
  return {
    sum: sums[from + length] - sums[from],
    squares: squares[from + length] - squares[from]
  };
}

/** Where between -1 and 1 a parabola through three values is highest; the middle one is. */
function vertex(left: number, middle: number, right: number): number {
  const bend = left - 2 * middle + right;
  return bend < 0 ? (left - right) / (2 * bend) : 0;
}
