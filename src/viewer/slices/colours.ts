import {
  interpolateCividis,
  interpolateInferno,
  interpolateMagma,
  interpolatePlasma,
  interpolateRdBu,
  interpolateTurbo,
  interpolateViridis
} from 'd3-scale-chromatic';

/** Colours from low to high, by name. */
export const COLOUR_MAPS: Record<string, (fraction: number) => string> = {
  // d3's greys are not in proportion to the values.
  Grey: fraction => `rgb(${Array(3).fill(Math.round(fraction * 255))})`,
  Viridis: interpolateViridis,
  Cividis: interpolateCividis,
  Inferno: interpolateInferno,
  Magma: interpolateMagma,
  Plasma: interpolatePlasma,
  Turbo: interpolateTurbo,
  'Blue–red': fraction => interpolateRdBu(1 - fraction)
};

/** How values become colours. */
export interface IColours {
  map: string;
  isInverted: boolean;
  isLogarithmic: boolean;
  /** The values that are drawn darkest and brightest. */
  low: number;
  high: number;
}

export const PLAIN: IColours = {
  map: 'Grey',
  isInverted: false,
  isLogarithmic: false,
  low: 0,
  high: 1
};

const STEPS = 256;
/** Bands of a scale, so narrow that they look like one gradient. */
const BANDS = 48;
/** Where the memory of a picture holds red first, as in all browsers that we know of. */
const OPAQUE = 0xff000000;

/** 256 colours as the numbers that a picture's memory holds. */
export function colourTable(map: string, isInverted: boolean): Uint32Array {
  const colour = COLOUR_MAPS[map] ?? COLOUR_MAPS.Grey;
  return Uint32Array.from({ length: STEPS }, (_, index) => {
    const fraction = index / (STEPS - 1);
    const [red, green, blue] = components(
      colour(isInverted ? 1 - fraction : fraction)
    );
    return (OPAQUE | (blue << 16) | (green << 8) | red) >>> 0;
  });
}

/** Red, green and blue of a colour as d3 writes it: `#rrggbb` or `rgb(r, g, b)`. */
export function components(text: string): [number, number, number] {
  if (text.startsWith('#')) {
    const number = parseInt(text.slice(1), 16);
    return [number >> 16, (number >> 8) & 0xff, number & 0xff];
  }
  const [red, green, blue] = text.match(/[\d.]+/g)!.map(Number);
  return [Math.round(red), Math.round(green), Math.round(blue)];
}

/** The position of a value between the lowest and the highest, 0 to 1 within them. */
export function fractionOf(value: number, colours: IColours): number {
  const { low, high, isLogarithmic } = colours;
  if (!isLogarithmic) {
    return (value - low) / (high - low);
  }
  const [from, to] = logarithmicLimits(low, high);
  return value <= 0
    ? -Infinity
    : (Math.log(value) - Math.log(from)) / (Math.log(to) - Math.log(from));
}

/** The value at a position; the inverse of `fractionOf`. */
export function valueOf(fraction: number, colours: IColours): number {
  const { low, high, isLogarithmic } = colours;
  if (!isLogarithmic) {
    return low + fraction * (high - low);
  }
  const [from, to] = logarithmicLimits(low, high);
  return from * (to / from) ** fraction;
}

/** Values in one colour: where they begin and end, and the colour as CSS writes it. */
export interface IBand {
  start: number;
  end: number;
  colour: string;
}

/** The colours of the values from one to another, where there are any, in a few bands. */
export function bands(colours: IColours, from: number, to: number): IBand[] {
  const table = colourTable(colours.map, colours.isInverted);
  const edges = Array.from({ length: BANDS + 1 }, (_, edge) =>
    valueOf(edge / BANDS, colours)
  );
  // What is beyond the limits looks like them.
  edges[0] = Math.min(from, edges[0]);
  edges[BANDS] = Math.max(to, edges[BANDS]);
  const within = (value: number) => Math.min(to, Math.max(from, value));
  return edges
    .slice(1)
    .map((end, band) => {
      const colour = table[Math.round((band / (BANDS - 1)) * (STEPS - 1))];
      const parts = [0, 8, 16].map(shift => (colour >>> shift) & 0xff);
      return {
        start: within(edges[band]),
        end: within(end),
        colour: `rgb(${parts.join(' ')})`
      };
    })
    .filter(({ start, end }) => start < end);
}

/** Limits above zero, where a logarithm begins: six decades at most. */
function logarithmicLimits(low: number, high: number): [number, number] {
  const to = high > 0 ? high : 1;
  return [low > 0 && low < to ? low : to * 1e-6, to];
}
