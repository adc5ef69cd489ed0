/** Centres to try, from the first to the last. */
export interface IRange {
  start: number;
  stop: number;
  step: number;
}

/** Pictures in a strip: fewer say nothing, more cannot be told apart. */
const FEWEST = 2;
const MOST = 40;

/** The range to begin with: a few columns on both sides of a guess. */
export function around(centre: number, reach = 4, step = 1): IRange {
  const middle = Math.round(centre * 2) / 2;
  return { start: middle - reach, stop: middle + reach, step };
}

/** The centres of a range, both ends with it; null where there are too few or too many. */
export function centresOf({ start, stop, step }: IRange): number[] | null {
  const count = Math.floor((stop - start) / step + 1e-6) + 1;
  return step > 0 && count >= FEWEST && count <= MOST
    ? Array.from({ length: count }, (_, index) => tidy(start + index * step))
    : null;
}

/** Hundredths of a column, without what sums of fractions leave behind. */
export function tidy(centre: number): number {
  return Math.round(centre * 100) / 100;
}
