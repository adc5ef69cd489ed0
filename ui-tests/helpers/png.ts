/** Reads PNG files of 8 bits, without or with opacity, as browsers write them. */
import { inflateSync } from 'node:zlib';

/** Red, green, blue and opacity (0 to 255) of each pixel, row by row. */
export interface IPixels {
  width: number;
  height: number;
  data: Uint8Array;
}

const SIGNATURE = 8;
/** Length, type and checksum of a chunk. */
const FRAME = 12;

function chunks(png: Buffer): { type: string; content: Buffer }[] {
  const found = [];
  for (let at = SIGNATURE; at < png.length;) {
    const length = png.readUInt32BE(at);
    const type = png.toString('latin1', at + 4, at + 8);
    found.push({ type, content: png.subarray(at + 8, at + 8 + length) });
    at += FRAME + length;
  }
  return found;
}

/** The nearest to left + above - corner, as the standard has it. */
function paeth(left: number, above: number, corner: number): number {
  const [a, b, c] = [
    Math.abs(above - corner),
    Math.abs(left - corner),
    Math.abs(left + above - 2 * corner)
  ];
  return a <= b && a <= c ? left : b <= c ? above : corner;
}

/** What the filters take away, by their numbers. */
const GUESSES: ((left: number, above: number, corner: number) => number)[] = [
  () => 0,
  left => left,
  (_, above) => above,
  (left, above) => (left + above) >> 1,
  paeth
];

/** Undoes the filter of each row; what is left of the picture and above it is 0. */
function unfiltered(packed: Buffer, width: number, size: number): Buffer {
  const stride = width * size;
  const rows = packed.length / (stride + 1);
  const data = Buffer.alloc(rows * stride);
  for (let row = 0; row < rows; row++) {
    const guess = GUESSES[packed[row * (stride + 1)]];
    for (let column = 0; column < stride; column++) {
      const at = row * stride + column;
      const left = column < size ? 0 : data[at - size];
      const above = row === 0 ? 0 : data[at - stride];
      const corner = row === 0 || column < size ? 0 : data[at - stride - size];
      data[at] = packed[at + row + 1] + guess(left, above, corner);
    }
  }
  return data;
}

export function decoded(png: Buffer): IPixels {
  const all = chunks(png);
  const header = all[0].content;
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const [depth, colour, , , interlaced] = header.subarray(8);
  const size = { 2: 3, 6: 4 }[colour];
  if (depth !== 8 || !size || interlaced) {
    throw new Error(`PNG of ${depth} bits and kind ${colour}`);
  }
  const parts = all.filter(({ type }) => type === 'IDAT');
  const packed = inflateSync(Buffer.concat(parts.map(one => one.content)));
  const raw = unfiltered(packed, width, size);
  const data = new Uint8Array(4 * width * height).fill(255);
  for (let at = 0; at < raw.length; at++) {
    data[4 * Math.floor(at / size) + (at % size)] = raw[at];
  }
  return { width, height, data };
}
