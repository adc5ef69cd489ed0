/** Compares what is drawn with the numbers that it shows. */
import type { Locator } from '@playwright/test';

/** Rows of brightness. */
export type Image = number[][];

/** The brightness (0 to 255) of what an element shows, as drawn on the screen. */
export async function brightness(element: Locator): Promise<Image> {
  const png = (await element.screenshot()).toString('base64');
  return element.page().evaluate(async data => {
    const picture = new Image();
    picture.src = `data:image/png;base64,${data}`;
    await picture.decode();
    const { width, height } = picture;
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d')!;
    context.drawImage(picture, 0, 0);
    const { data: rgba } = context.getImageData(0, 0, width, height);
    const rows = [];
    for (let y = 0; y < height; y++) {
      const row = [];
      for (let x = 0; x < width; x++) {
        const [r, g, b] = rgba.subarray(4 * (y * width + x));
        row.push(0.2126 * r + 0.7152 * g + 0.0722 * b);
      }
      rows.push(row);
    }
    return rows;
  }, png);
}

/** The part inside a margin of one colour, that of the first pixel. */
export function withoutMargin(image: Image): Image {
  const margin = image[0][0];
  const differs = (value: number) => Math.abs(value - margin) > 2;
  const rows = image.flatMap((row, y) => (row.some(differs) ? [y] : []));
  const columns = image[0].flatMap((_, x) =>
    image.some(row => differs(row[x])) ? [x] : []
  );
  return image
    .slice(rows[0], rows[rows.length - 1] + 1)
    .map(row => row.slice(columns[0], columns[columns.length - 1] + 1));
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
