/** Compares what is drawn with the numbers that it shows. */
import type { Locator } from '@playwright/test';

import { decoded, type IPixels } from './png';

/** Rows of brightness. */
export type Image = number[][];

/** What an element shows, as drawn on the screen. */
export async function pixels(element: Locator): Promise<IPixels> {
  return decoded(await element.screenshot());
}

/** The brightness (0 to 255) of what an element shows, as drawn on the screen. */
export async function brightness(element: Locator): Promise<Image> {
  return inGrey(await pixels(element));
}

/** The brightness of each pixel. */
export function inGrey({ width, height, data }: IPixels): Image {
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => {
      const at = 4 * (y * width + x);
      return 0.2126 * data[at] + 0.7152 * data[at + 1] + 0.0722 * data[at + 2];
    })
  );
}

/** The part that a picture of so many rows and columns takes when it is fitted in. */
export function fitted(image: Image, rows: number, columns: number): Image {
  const scale = Math.min(image.length / rows, image[0].length / columns);
  const margin = (all: number, part: number) =>
    Math.round((all - part * scale) / 2);
  const top = margin(image.length, rows);
  const left = margin(image[0].length, columns);
  return image
    .slice(top, image.length - top)
    .map(row => row.slice(left, row.length - left));
}

/** Mean values in `size` × `size` cells. */
export function shrink(image: Image, size: number): Image {
  const cut = (length: number, cell: number) =>
    Math.round((cell * length) / size);
  return Array.from({ length: size }, (_, j) =>
    Array.from({ length: size }, (_, i) => {
      const values = image
        .slice(cut(image.length, j), cut(image.length, j + 1))
        .flatMap(row => row.slice(cut(row.length, i), cut(row.length, i + 1)));
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    })
  );
}

/** Pearson's correlation of two images of one size. */
export function correlation(a: Image, b: Image): number {
  const [p, q] = [a.flat(), b.flat()];
  const mean = (values: number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanP, meanQ] = [mean(p), mean(q)];
  let [pq, pp, qq] = [0, 0, 0];
  p.forEach((value, index) => {
    const [x, y] = [value - meanP, q[index] - meanQ];
    pq += x * y;
    pp += x * x;
    qq += y * y;
  });
  return pq / Math.sqrt(pp * qq);
}

export function transposed(image: Image): Image {
  return image[0].map((_, x) => image.map(row => row[x]));
}

export function upsideDown(image: Image): Image {
  return [...image].reverse();
}

export function mirrored(image: Image): Image {
  return image.map(row => [...row].reverse());
}

/** The standard deviation of the brightness in the middle of a part of a picture. */
export function unevenness(image: Image): number {
  const inner = image
    .slice(8, image.length - 8)
    .flatMap(row => row.slice(8, row.length - 8));
  const mean = inner.reduce((sum, value) => sum + value, 0) / inner.length;
  return Math.sqrt(
    inner.reduce((sum, value) => sum + (value - mean) ** 2, 0) / inner.length
  );
}
