import {
  HEIGHTS,
  isSame,
  type IStoredView,
  limited,
  readLook,
  readView
} from '../stored';

const STORED = {
  version: 1,
  root: 'archive',
  path: 'scans/a #1.nxs',
  dataset: '/entry1/data',
  plane: ':,45,:',
  height: 300,
  contrast: [2, 7.5],
  region: null,
  view: 'f00d'
};

describe('readView', () => {
  it('tells what the client has stored', () => {
    expect(readView(STORED)).toEqual({
      target: {
        root: 'archive',
        path: 'scans/a #1.nxs',
        dataset: '/entry1/data',
        plane: ':,45,:'
      },
      height: 300,
      look: { contrast: [2, 7.5], region: null },
      name: 'f00d'
    });
  });

  it('leaves to the view what is not told', () => {
    const { version, path } = STORED;
    for (const more of [
      {},
      { root: null, dataset: null, plane: null, height: null }
    ]) {
      expect(readView({ version, path, ...more })).toEqual({
        target: { root: 'jupyter', path, dataset: null, plane: null },
        height: HEIGHTS.usual,
        look: expect.not.objectContaining({ contrast: expect.anything() }),
        name: null
      });
    }
  });

  it.each([1e9, -5, Number.NaN, '300', {}])('makes %p a height', height => {
    const { height: used } = readView({ ...STORED, height }) as IStoredView;
    expect(used).toBe(limited(used));
  });

  it.each([null, undefined, 'text', 3, [], {}, { path: 'a' }, { version: 1 }])(
    'finds no view in %p',
    stored => {
      expect(readView(stored)).toBeNull();
    }
  );

  it('knows that it does not know newer forms', () => {
    expect(readView({ ...STORED, version: 2 })).toBe('newer');
  });
});

test('of what Python tells, what is understood counts', () => {
  const look = {
    dataset: '/entry/data',
    plane: '3,:,:',
    contrast: [1, 2],
    automatic: true,
    region: [0, 4, 2, 9]
  };
  expect(readLook(look)).toEqual(look);
  expect(readLook({ ...look, region: null }).region).toBeNull();
  const nonsense = {
    dataset: 4,
    plane: '',
    contrast: [1, '2'],
    automatic: 'no',
    region: [1, 2]
  };
  expect(readLook(nonsense)).toEqual({});
});

test('views are the same whatever their height', () => {
  const [one, other] = [STORED, { ...STORED, height: 900 }].map(
    stored => readView(stored) as IStoredView
  );
  const elsewhere = readView({ ...STORED, plane: '3,:,:' }) as IStoredView;
  expect(isSame(one, other)).toBe(true);
  expect(isSame(one, elsewhere)).toBe(false);
});
