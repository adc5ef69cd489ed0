import type { IFrames } from '../../api';

/** Two projections of a scan that see the sample from opposite sides. */
export interface IPair {
  /** Frames of the dataset. */
  first: number;
  opposite: number;
  /** Their angles in degrees, in this order. */
  angles: readonly [number, number];
}

/** Why a scan has no pair. */
export type NoPair = 'no angles' | 'no projections' | 'no opposite';

/** Fields that are read at most: the median of three leaves a faulty one out. */
const MOST_FIELDS = 3;
/** Degrees that a pair may lack of half a turn, or have too many. */
const TOLERANCE = 2;

const HALF_TURN = 180;

/** The first projection, and the one that is nearest to half a turn away from it. */
export function findPair({ angles, image_keys }: IFrames): IPair | NoPair {
  if (!angles) {
    return 'no angles';
  }
  const projections = angles
    .map((_, frame) => frame)
    .filter(frame => !image_keys || image_keys[frame] === 0);
  if (projections.length === 0) {
    return 'no projections';
  }
  const [first] = projections;
  const error = (frame: number) =>
    Math.abs(Math.abs(angles[frame] - angles[first]) - HALF_TURN);
  const opposite = projections.reduce((best, frame) =>
    error(frame) < error(best) ? frame : best
  );
  return error(opposite) <= TOLERANCE
    ? { first, opposite, angles: [angles[first], angles[opposite]] }
    : 'no opposite';
}

/** How many degrees the projections cover. */
export function coverage({ angles, image_keys }: IFrames): number {
  let [low, high] = [Infinity, -Infinity];
  angles?.forEach((angle, frame) => {
    if (!image_keys || image_keys[frame] === 0) {
      low = Math.min(low, angle);
      high = Math.max(high, angle);
    }
  });
  return high > low ? high - low : 0;
}

/** Some flat and some dark fields, evenly taken. */
export function someFields({ image_keys }: IFrames): {
  flats: number[];
  darks: number[];
} {
  const some = (key: number) => {
    const all = (image_keys ?? []).flatMap((one, frame) =>
      one === key ? frame : []
    );
    const count = Math.min(MOST_FIELDS, all.length);
    return Array.from(
      { length: count },
      (_, index) => all[Math.floor(((index + 0.5) * all.length) / count)]
    );
  };
  return { flats: some(1), darks: some(2) };
}
