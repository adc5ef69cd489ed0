import type { Values } from '../slices/values';

/** A frame or a part of one, row by row. */
export interface IPicture {
  values: Float32Array;
  rows: number;
  columns: number;
}

/**
 * The attenuation that a projection shows: minus the logarithm of what is left of the beam, 0
 * where nothing is in its way (the law of Beer and Lambert). It is no number where nothing is
 * left, or the flat field is not brighter than the dark one.
 *
 * @param flats - one to three flat fields of the same size, of which the median counts.
 * @param darks - up to three dark fields; without any, the detector is dark at 0.
 */
export function attenuation(
  projection: Values,
  flats: readonly Values[],
  darks: readonly Values[]
): Float32Array {
  const bright = median(flats);
  const dark = darks.length ? median(darks) : new Float32Array(bright.length);
  const seen = new Float32Array(projection.length);
  for (let index = 0; index < seen.length; index++) {
    const beam = bright[index] - dark[index];
    const left = projection[index] - dark[index];
    seen[index] = beam > 0 && left > 0 ? Math.log(beam / left) : NaN;
  }
  return seen;
}

/** The median, pixel by pixel, of one to three pictures of one size: of two, their mean. */
export function median(pictures: readonly Values[]): Float32Array {
  const [one, other = one, third] = pictures;
  const middle = new Float32Array(one.length);
  for (let index = 0; index < middle.length; index++) {
    const [low, high] = [
      Math.min(one[index], other[index]),
      Math.max(one[index], other[index])
    ];
    middle[index] = third
      ? Math.max(low, Math.min(high, third[index]))
      : (low + high) / 2;
  }
  return middle;
}
