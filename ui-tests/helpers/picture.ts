/** Compares what is drawn with the numbers that it shows. */
import type { Locator, Page } from '@playwright/test';

/** Rows of brightness. */
export type Image = number[][];

/** Red, green, blue and opacity (0 to 255) of each pixel, row by row. */
export interface IPixels {
  width: number;
  height: number;
  data: Uint8Array;
}

/** The pixels of a PNG file. */
export async function decoded(page: Page, png: Buffer): Promise<IPixels> {
  const { width, height, text } = await page.evaluate(async data => {
    const picture = new Image();
    picture.src = `data:image/png;base64,${data}`;
    await picture.decode();
    const { width, height } = picture;
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d')!;
    context.drawImage(picture, 0, 0);
    const bytes = context.getImageData(0, 0, width, height).data;
    const parts = [];
    for (let start = 0; start < bytes.length; start += 1 << 14) {
      parts.push(
        String.fromCharCode(...bytes.subarray(start, start + (1 << 14)))
      );
    }
    return { width, height, text: btoa(parts.join('')) };
  }, png.toString('base64'));
  return { width, height, data: Buffer.from(text, 'base64') };
}

/** What an element shows, as drawn on the screen. */
export async function pixels(element: Locator): Promise<IPixels> {
  return decoded(element.page(), await element.screenshot());
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
