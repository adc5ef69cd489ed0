import type { IPicture } from '../correction';

/** Balls in a sample: how far from the axis to the right and to the viewer, height, radius. */
const BALLS = [
  [0, 0, 20, 34],
  [-18, 9, 12, 6],
  [22, -14, 26, 5],
  [6, 25, 33, 4]
];

/** Repeatable numbers between -1 and 1. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** The transmission of the balls, seen at an angle with the axis on a column. */
export function projection(
  columns: number,
  rows: number,
  centre: number,
  degrees: number,
  level = 0.01
): IPicture {
  const random = noise(1 + Math.round(degrees));
  const angle = (degrees * Math.PI) / 180;
  const values = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let length = 0;
      for (const [x, y, z, radius] of BALLS) {
        const across = x * Math.cos(angle) - y * Math.sin(angle);
        const inside =
          radius ** 2 - (column - centre - across) ** 2 - (row - z) ** 2;
        length += inside > 0 ? 2 * Math.sqrt(inside) : 0;
      }
      values[row * columns + column] =
        Math.exp(-0.012 * length) + level * random();
    }
  }
  return { values, rows, columns };
}
