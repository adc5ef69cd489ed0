/** Centres to try, from the first to the last. */
export interface IRange {
  start: number;
  stop: number;
  step: number;
}

/** Pictures in a strip: fewer say nothing, more cannot be told apart. */
const FEWEST = 2;
const MOST = 40;

/** Centres to each side of a guess. */
const REACH = 4;
/** Steps between centres, each a closer look than the one before. */
const STEPS = [1, 0.5, 0.2, 0.1];

/** Some centres on both sides of one; the first look is at whole and half columns. */
export function around(centre: number, step = 1): IRange {
  const unit = Math.min(0.5, step);
  const middle = Math.round(centre / unit) * unit;
  return {
    start: tidy(middle - REACH * step),
    stop: tidy(middle + REACH * step),
    step
  };
}

/** The step of the next closer look. */
export function closerThan(step: number): number {
  return STEPS.find(closer => closer < step) ?? STEPS[STEPS.length - 1];
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
