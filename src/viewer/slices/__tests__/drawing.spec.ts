import { type ICamera, type IOrientation, View, WHOLE } from '../camera';
import {
  bands,
  colourTable,
  COLOUR_MAPS,
  fractionOf,
  valueOf
} from '../colours';
import { difference, differenceLimits } from '../comparing';
import { histogram, percentiles } from '../histogram';
import { paint } from '../painter';
import { decode, valueAt } from '../values';
import { slice } from './volumes';

const GREY = {
  map: 'Grey',
  isInverted: false,
  isLogarithmic: false,
  low: 0,
  high: 255
};

/** Red of painted colours; null where nothing is drawn. */
function reds(pixels: Uint32Array): (number | null)[] {
  return [...pixels].map(pixel => (pixel >>> 24 ? pixel & 0xff : null));
}

describe('values as they travel', () => {
  it('are those of the type', () => {
    const floats = Float32Array.of(1.5, -2);
    expect([...decode(floats.buffer as ArrayBuffer, '<f4')]).toEqual([1.5, -2]);
    const large = BigInt64Array.of(-5n, 7n);
    expect([...decode(large.buffer as ArrayBuffer, '<i8')]).toEqual([-5, 7]);
    const halves = Uint16Array.of(0x3c00, 0xc000, 0x7c00, 0x7e00, 0x0001);
    const [one, minusTwo, infinite, none, tiny] = decode(
      halves.buffer as ArrayBuffer,
      '<f2'
    );
    expect([one, minusTwo, infinite]).toEqual([1, -2, Infinity]);
    expect(none).toBeNaN();
    expect(tiny).toBeCloseTo(2 ** -24, 12);
    expect(() => decode(new ArrayBuffer(16), '<c16')).toThrow('<c16');
  });

  it('are read at a position unless they are coarse, bytes or missing', () => {
    const known = slice([
      [1, 2],
      [3, 4]
    ]);
    expect(valueAt(known, 1, 0)).toBe(3);
    expect(valueAt(known, 2, 0)).toBeNull();
    expect(valueAt({ ...known, top: 1 }, 1, 1)).toBe(2);
    expect(valueAt({ ...known, step: 2 }, 1, 0)).toBeNull();
    expect(valueAt({ ...known, scale: [0, 1] }, 1, 0)).toBeNull();
    expect(valueAt({ ...known, missing: [[1, 2, 0, 1]] }, 1, 0)).toBeNull();
  });
});

describe('painting', () => {
  it('goes from dark to bright and leaves out what is no number', () => {
    const pixels = paint(slice([[-9, 0, 127.4, 300, NaN]]), GREY);
    expect(reds(pixels)).toEqual([0, 0, 127, 255, null]);
  });

  it('inverts, and takes logarithms', () => {
    const inverted = paint(slice([[0, 255]]), { ...GREY, isInverted: true });
    expect(reds(inverted)).toEqual([255, 0]);
    const logarithmic = { ...GREY, low: 1, high: 100, isLogarithmic: true };
    const [, half, nothing] = reds(paint(slice([[1, 10, -5]]), logarithmic));
    expect(half).toBe(128);
    expect(nothing).toBe(0);
  });

  it('draws bytes and words like the values that they stand for', () => {
    const exact = paint(slice([[0, 100, 255]]), GREY);
    const words = slice([[0, 100, 255]], {
      values: Uint16Array.of(0, 100, 255)
    });
    expect(reds(paint(words, GREY))).toEqual(reds(exact));
    const bytes = slice([[0, 1, 255]], {
      values: Uint8Array.of(0, 1, 255),
      scale: [0, 255]
    });
    expect(reds(paint(bytes, GREY))).toEqual([null, 0, 255]);
  });

  it('leaves out what was never written, also in a coarse part', () => {
    const row = [10, 10, 10, 10];
    const pixels = paint(
      slice([row, row], { top: 4, step: 2, missing: [[6, 9, 2, 5]] }),
      GREY
    );
    expect(reds(pixels).map(red => red === null)).toEqual([
      ...[false, false, false, false],
      ...[false, true, true, false]
    ]);
  });

  it('has a colour for each step of each map', () => {
    for (const map of Object.keys(COLOUR_MAPS)) {
      const table = colourTable(map, false);
      expect(table).toHaveLength(256);
      expect(new Set(table).size).toBeGreaterThan(100);
      expect([...table].every(colour => colour >>> 24 === 255)).toBe(true);
    }
  });
});

describe('contrast', () => {
  it('leaves out the rarest values', () => {
    const row = Array.from({ length: 1000 }, (_, index) => index);
    const [low, high] = percentiles(histogram(slice([row]))!, 1);
    expect(low).toBeGreaterThan(5);
    expect(low).toBeLessThan(15);
    expect(high).toBeGreaterThan(985);
    expect(high).toBeLessThan(995);
  });

  it('knows no range without numbers, and some range of one number', () => {
    expect(histogram(slice([[NaN, Infinity]]))).toBeNull();
    const [low, high] = percentiles(histogram(slice([[5, 5]]))!, 0.5);
    expect(low).toBeLessThan(high);
  });

  it('does not count what was never written', () => {
    const known = histogram(slice([[0, 7, 9]], { missing: [[0, 1, 0, 1]] }))!;
    expect([known.low, known.high]).toEqual([7, 9]);
  });

  it('finds values by position and back', () => {
    for (const isLogarithmic of [false, true]) {
      const colours = { ...GREY, low: 2, high: 50, isLogarithmic };
      for (const value of [2, 3, 20, 50]) {
        const fraction = fractionOf(value, colours);
        expect(valueOf(fraction, colours)).toBeCloseTo(value, 9);
      }
    }
  });
});

describe('the scale of the colours', () => {
  it('has each colour at its values', () => {
    const colours = { ...GREY, low: 100, high: 200 };
    const parts = bands(colours, 0, 400);
    expect(parts[0]).toMatchObject({ start: 0, colour: 'rgb(0 0 0)' });
    expect(parts[0].end).toBeGreaterThan(100);
    const middle = parts.find(({ start, end }) => start <= 150 && end > 150)!;
    const [grey] = /\d+/.exec(middle.colour)!;
    expect(Math.abs(Number(grey) - 128)).toBeLessThan(5);
    const last = parts[parts.length - 1];
    expect(last).toMatchObject({ end: 400, colour: 'rgb(255 255 255)' });
    expect(last.start).toBeLessThan(200);
    // Each begins where the one before it ends.
    parts.slice(1).forEach(({ start }, k) => expect(start).toBe(parts[k].end));
  });

  it('follows the logarithm', () => {
    const colours = { ...GREY, low: 1, high: 100, isLogarithmic: true };
    const parts = bands(colours, 1, 100);
    // Half of the way is at the geometric mean.
    expect(parts[parts.length / 2].start).toBeCloseTo(10, 6);
  });

  it('has one colour where the limits are elsewhere', () => {
    const colours = { ...GREY, low: 100, high: 200 };
    expect(bands(colours, 300, 400)).toEqual([
      { start: 300, end: 400, colour: 'rgb(255 255 255)' }
    ]);
  });
});

describe('the difference of two slices', () => {
  const one = slice([[1, 2, 3]]);

  it('is what the second has more, with limits on both sides of zero', () => {
    const more = difference(one, slice([[1, 5, 1]]))!;
    expect([...more.values]).toEqual([0, 3, -2]);
    const [low, high] = differenceLimits(more);
    expect(low).toBe(-high);
    expect(high).toBeGreaterThan(0);
  });

  it('is unknown between slices of other sizes, and of bytes', () => {
    expect(difference(one, slice([[1, 2]]))).toBeNull();
    expect(difference(one, slice([[1, 2, 3]], { scale: [0, 1] }))).toBeNull();
  });
});

describe('looking at a part', () => {
  const upright: IOrientation = {
    turns: 0,
    isFlipped: false,
    isStretched: false
  };
  const view = (camera: ICamera, orientation: Partial<IOrientation> = {}) =>
    new View({ width: 200, height: 100 }, { width: 400, height: 400 }, camera, {
      ...upright,
      ...orientation
    });

  it('fits the whole plane, with square pixels', () => {
    const whole = view(WHOLE);
    expect(whole.toScreen({ x: 0, y: 0 })).toEqual({ x: 0, y: 100 });
    expect(whole.toScreen({ x: 200, y: 100 })).toEqual({ x: 400, y: 300 });
    const stretched = view(WHOLE, { isStretched: true });
    expect(stretched.toScreen({ x: 200, y: 100 })).toEqual({ x: 400, y: 400 });
  });

  it('turns clockwise and mirrors', () => {
    const turned = view(WHOLE, { turns: 1 });
    // The upper left corner comes to the upper right.
    expect(turned.toScreen({ x: 0, y: 0 })).toEqual({ x: 300, y: 0 });
    const flipped = view(WHOLE, { isFlipped: true });
    expect(flipped.toScreen({ x: 0, y: 0 })).toEqual({ x: 400, y: 100 });
  });

  it('finds the way back from the screen in every orientation', () => {
    for (const turns of [0, 1, 2, 3] as const) {
      for (const isFlipped of [false, true]) {
        const lens = view({ zoom: 3, x: 0.3, y: 0.6 }, { turns, isFlipped });
        const { x, y } = lens.toPlane(lens.toScreen({ x: 17, y: 42 }));
        expect(x).toBeCloseTo(17, 9);
        expect(y).toBeCloseTo(42, 9);
      }
    }
  });

  it('keeps what is under the mouse there when zooming, and follows a push', () => {
    const before = view({ zoom: 2, x: 0.5, y: 0.5 });
    const point = { x: 100, y: 150 };
    const after = view(before.zoomed(1.5, point));
    expect(after.toPlane(point).x).toBeCloseTo(before.toPlane(point).x, 9);
    const pushed = view(before.pushed(30, -10));
    const moved = pushed.toScreen(before.toPlane(point));
    expect(moved.x).toBeCloseTo(130, 9);
    expect(moved.y).toBeCloseTo(140, 9);
  });

  it('knows the part that is seen', () => {
    expect(view(WHOLE).visible()).toEqual([0, 100, 0, 200]);
    const [top, bottom, left, right] = view({
      zoom: 4,
      x: 0.5,
      y: 0.5
    }).visible();
    expect([left, right]).toEqual([75, 125]);
    expect([top, bottom]).toEqual([25, 75]);
  });
});
