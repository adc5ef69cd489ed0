import { attenuation, median } from '../correction';
import { Fft } from '../fft';
import { type IPart, mirroredRow, overlay } from '../mirroring';
import { coverage, findPair, someFields } from '../opposite';
import { around, centresOf, closerThan } from '../range';
import { guessCentre } from '../registration';
import { projection } from './projections';

const evenly = (count: number, step: number, start = 0) =>
  Array.from({ length: count }, (_, index) => start + index * step);

describe('the projection opposite the first', () => {
  it('is half a turn on, whatever lies between', () => {
    const angles = [0, 0, ...evenly(181, 1), 0];
    const image_keys = [1, 2, ...evenly(181, 0), 1];
    expect(findPair({ angles, image_keys })).toEqual({
      first: 2,
      opposite: 182,
      angles: [0, 180]
    });
  });

  it.each([
    ['a scan that ends before it', evenly(180, 1), 179],
    ['a full turn', evenly(361, 1), 180],
    ['a scan backwards', evenly(181, -1), 180],
    ['a scan from another angle', evenly(181, 1, -90), 180],
    ['angles out of order', [0, 90, 180.4, 45, 179.9, 135], 4]
  ])('is found in %s', (_, angles, opposite) => {
    expect(findPair({ angles, image_keys: null })).toMatchObject({ opposite });
  });

  it('is missing where the scan tells no angles, has no projections or is too short', () => {
    const short = { angles: evenly(121, 1), image_keys: null };
    expect(findPair({ angles: null, image_keys: [0] })).toBe('no angles');
    expect(findPair({ angles: [0], image_keys: [1] })).toBe('no projections');
    expect(findPair(short)).toBe('no opposite');
    expect(coverage(short)).toBe(120);
  });
});

describe('the fields of a scan', () => {
  it('are some of them, evenly taken', () => {
    const image_keys = [...evenly(30, 0).map(() => 1), 0, 0, 2];
    expect(someFields({ angles: null, image_keys })).toEqual({
      flats: [5, 15, 25],
      darks: [32]
    });
    expect(someFields({ angles: null, image_keys: null })).toEqual({
      flats: [],
      darks: []
    });
  });

  it('leave the attenuation, whatever a faulty one of three says', () => {
    const dark = new Uint16Array([10, 10, 10, 10]);
    const flats = [
      new Uint16Array([110, 210, 110, 10]),
      new Uint16Array([110, 210, 110, 10]),
      new Uint16Array([10, 10, 9999, 9999])
    ];
    const seen = new Uint16Array([60, 60, 10, 60]);
    const found = attenuation(seen, flats, [dark]);
    expect([...found].map(value => Math.exp(value).toFixed(3))).toEqual([
      '2.000',
      '4.000',
      'NaN',
      'NaN'
    ]);
    expect([...median([flats[0], flats[2]])]).toEqual([
      60, 110, 5054.5, 5004.5
    ]);
  });
});

describe('the mirror image', () => {
  const row = {
    values: Float32Array.from([1, 2, 4, 8]),
    rows: 1,
    columns: 4
  };
  const mirrored = (centre: number) => [
    ...mirroredRow(row, 0, centre, Int32Array.from([0, 1, 2, 3]))
  ];

  it('has the column of the axis in its place', () => {
    expect(mirrored(1.5)).toEqual([8, 4, 2, 1]);
    expect(mirrored(1)).toEqual([4, 2, 1, NaN]);
    expect(mirrored(3)).toEqual([NaN, NaN, NaN, 8]);
  });

  it('lies between pixels where the axis does', () => {
    expect(mirrored(1.25)).toEqual([6, 3, 1.5, NaN]);
  });

  it('agrees with the first projection at the true centre, and nowhere as well', () => {
    const [first, opposite] = [0, 180].map(angle =>
      projection(128, 40, 66.3, angle, 0)
    );
    const disagreement = (centre: number) => {
      const picture = overlay(first, opposite, centre, 'colours', [0.4, 1]);
      return picture.pixels.reduce(
        (sum, colour) =>
          sum + Math.abs((colour & 0xff) - ((colour >> 8) & 0xff)),
        0
      );
    };
    const centres = evenly(41, 0.1, 64.3);
    const found = centres.map(disagreement);
    expect(centres[found.indexOf(Math.min(...found))]).toBeCloseTo(66.3);
  });

  it('is the same in every part of the overlay', () => {
    const [first, opposite] = [0, 180].map(angle =>
      projection(40, 20, 21.3, angle)
    );
    const paint = (part?: IPart) =>
      overlay(first, opposite, 20.8, 'colours', [0.4, 1], part);
    const whole = paint().pixels;
    const part = { top: 3, bottom: 12, left: 5, right: 38, every: 4 };
    const { pixels, rows, columns } = paint(part);
    expect([rows, columns]).toEqual([3, 9]);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        expect(pixels[row * columns + column]).toBe(
          whole[(3 + 4 * row) * 40 + 5 + 4 * column]
        );
      }
    }
  });

  it('is seen as a difference: white where both agree, coloured where not', () => {
    const white = overlay(row, row, 1.5, 'difference', [0, 16]);
    // 1 - 8 and 8 - 1 are more than a quarter of the contrast.
    const rgb = [...white.pixels].map(colour => [
      colour & 0xff,
      (colour >> 8) & 0xff,
      (colour >> 16) & 0xff
    ]);
    expect(rgb[0][2]).toBeGreaterThan(rgb[0][0] + 50);
    expect(rgb[3][0]).toBeGreaterThan(rgb[3][2] + 50);
    const same = { values: Float32Array.from([3, 3]), rows: 1, columns: 2 };
    const [left] = overlay(same, same, 0.5, 'difference', [0, 16]).pixels;
    expect(left & 0xff).toBeGreaterThan(235);
    expect((left >> 16) & 0xff).toBeGreaterThan(235);
  });
});

describe('the guess', () => {
  it.each([
    [128, 63.5],
    [128, 70.25],
    [131, 50.8],
    // The axis near the edge, as in scans of a full turn by halves
    [128, 104.4]
  ])('in %d columns is the true centre %d', (columns, centre) => {
    const [first, opposite] = [0, 180].map(angle =>
      projection(columns, 48, centre, angle)
    );
    const guess = guessCentre(first, opposite);
    expect(Math.abs(guess!.centre - centre)).toBeLessThan(0.1);
    expect(guess!.correlation).toBeGreaterThan(0.9);
  });

  it('does not mind pixels that are hot or dead', () => {
    const [first, opposite] = [0, 180].map(angle =>
      projection(128, 48, 68, angle)
    );
    first.values[1000] = opposite.values[1000] = 1e6;
    first.values[2000] = opposite.values[2000] = NaN;
    expect(guessCentre(first, opposite)!.centre).toBeCloseTo(68, 1);
  });

  it('is withheld where the projections have nothing in common', () => {
    // With the axis far outside, there is noise alone.
    const noise = (degrees: number) => projection(128, 48, 1e6, degrees, 1);
    expect(guessCentre(noise(0), noise(180))).toBeNull();
    const even = {
      values: new Float32Array(400).fill(1),
      rows: 10,
      columns: 40
    };
    expect(guessCentre(even, even)).toBeNull();
  });
});

describe('the Fourier transform', () => {
  it('is that of its definition, and has an inverse', () => {
    const values = Float64Array.from({ length: 16 }, (_, n) => (n * n) % 7);
    const [re, im] = [values.slice(), new Float64Array(16)];
    const fft = new Fft(16);
    fft.forward(re, im);
    for (let k = 0; k < 16; k++) {
      const turn = (n: number) => (-2 * Math.PI * k * n) / 16;
      const sum = (part: (angle: number) => number) =>
        values.reduce((all, value, n) => all + value * part(turn(n)), 0);
      expect(re[k]).toBeCloseTo(sum(Math.cos), 9);
      expect(im[k]).toBeCloseTo(sum(Math.sin), 9);
    }
    fft.inverse(re, im);
    re.forEach((value, n) => expect(value).toBeCloseTo(values[n], 9));
    expect(Fft.lengthFor(1000)).toBe(1024);
  });
});

describe('the centres to try', () => {
  it('are those of the range with its end', () => {
    expect(centresOf(around(255.13))).toEqual(evenly(9, 1, 251));
    expect(around(255.13, 0.1)).toEqual({
      start: 254.7,
      stop: 255.5,
      step: 0.1
    });
    expect(centresOf({ start: 1, stop: 1.3, step: 0.1 })).toEqual([
      1, 1.1, 1.2, 1.3
    ]);
  });

  it('lie closer together step by step', () => {
    expect([5, 1, 0.5, 0.3, 0.1].map(closerThan)).toEqual([
      1, 0.5, 0.2, 0.2, 0.1
    ]);
  });

  it('are neither too few nor too many', () => {
    expect(centresOf({ start: 5, stop: 5, step: 1 })).toBeNull();
    expect(centresOf({ start: 5, stop: 4, step: 1 })).toBeNull();
    expect(centresOf({ start: 0, stop: 50, step: 1 })).toBeNull();
    expect(centresOf({ start: 0, stop: 5, step: 0 })).toBeNull();
    expect(centresOf({ start: 0, stop: NaN, step: 1 })).toBeNull();
  });
});
