import { findDefaultView } from '../defaultView';
import type { IEntity, IHdf5Reader } from '../reader';

/** A group: its attributes under `@`, its members (datasets by shape or by values). */
type Tree = { '@'?: Record<string, unknown>; [name: string]: unknown };

const shape = (...sizes: number[]) => ({ shape: sizes });

/** A file in memory that answers as the server does. */
class FakeFile implements IHdf5Reader {
  visits = 0;
  constructor(private _root: Tree) {}

  async entity(path: string): Promise<IEntity> {
    this.visits++;
    return describe_(path.split('/').pop() ?? '', this._at(path), true);
  }
  async attributes(path: string): Promise<Record<string, unknown>> {
    return (this._at(path) as Tree)['@'] ?? {};
  }
  async values(path: string): Promise<unknown> {
    return this._at(path);
  }

  private _at(path: string): unknown {
    return path
      .split('/')
      .filter(Boolean)
      .reduce<unknown>((node, name) => (node as Tree)[name], this._root);
  }
}

function describe_(name: string, node: unknown, deep: boolean): IEntity {
  if (Array.isArray(node)) {
    return { name, kind: 'dataset', shape: [node.length] };
  }
  const tree = node as Tree;
  if (Array.isArray(tree.shape)) {
    return { name, kind: 'dataset', shape: tree.shape };
  }
  return {
    name,
    kind: 'group',
    attributes: Object.keys(tree['@'] ?? {}).map(key => ({ name: key })),
    children: deep
      ? Object.entries(tree)
          .filter(([key]) => key !== '@')
          .map(([key, value]) => describe_(key, value, false))
      : undefined
  };
}

const nxdata = (members: Tree, attributes = {}): Tree => ({
  '@': { NX_class: 'NXdata', signal: 'data', ...attributes },
  ...members
});

const VOLUME = nxdata({
  data: shape(160, 8, 160),
  patterns: {
    VOLUME_XZ: { core_dims: [0, 2], slice_dims: [1] },
    VOLUME_XY: { core_dims: [0, 1], slice_dims: [2] }
  }
});

const RESULT = new FakeFile({
  entry: {
    final_result_tomo: VOLUME,
    input_data: { tomo: nxdata({ data: shape(181, 128, 512) }) }
  }
});

const SCAN = new FakeFile({
  entry1: {
    '@': { NX_class: 'NXentry' },
    tomo_entry: {
      '@': { NX_class: 'NXsubentry' },
      control: { '@': { NX_class: 'NXmonitor' }, data: shape(200) },
      data: nxdata({
        data: shape(6, 128, 512),
        image_key: [2, 1, 1, 0, 0, 1]
      })
    }
  }
});

describe('the first view of a file', () => {
  it('is the middle slice of a final result, though its entry has no NX_class', async () => {
    expect(await findDefaultView(RESULT)).toEqual({
      path: '/entry/final_result_tomo',
      slice: ['.', '4', '.']
    });
  });

  it('is the first projection of a scan, not a dark or flat field', async () => {
    expect(await findDefaultView(SCAN)).toEqual({
      path: '/entry1/tomo_entry/data',
      slice: ['3', '.', '.']
    });
  });

  it('is what the `default` attributes lead to', async () => {
    const file = new FakeFile({
      '@': { default: 'entry' },
      entry: {
        '@': { NX_class: 'NXentry', default: 'small' },
        small: nxdata({ data: shape(5, 5) }),
        large: nxdata({ data: shape(500, 500) })
      }
    });
    expect((await findDefaultView(file)).path).toBe('/entry/small');
  });

  it('is not what a `default` attribute without a plot at its end names', async () => {
    const file = new FakeFile({
      '@': { default: 'entry' },
      entry: { plot: nxdata({ data: shape(5, 5) }) }
    });
    expect((await findDefaultView(file)).path).toBe('/entry/plot');
  });

  it('keeps the slice that the file itself chooses', async () => {
    const file = new FakeFile({
      entry: {
        final_result_tomo: nxdata(
          { data: shape(9, 9, 9) },
          { default_slice: ['1', '.', '.'] }
        )
      }
    });
    expect((await findDefaultView(file)).slice).toBeNull();
  });

  it('is the signal around a dataset that was asked for', async () => {
    expect(
      await findDefaultView(RESULT, '/entry/final_result_tomo/data')
    ).toEqual({ path: '/entry/final_result_tomo', slice: ['.', '4', '.'] });
  });

  it('is a dataset that is no signal, as it is', async () => {
    expect(
      await findDefaultView(SCAN, '/entry1/tomo_entry/control/data')
    ).toEqual({ path: '/entry1/tomo_entry/control/data', slice: null });
  });

  it('is the largest stack of a file without NeXus classes', async () => {
    const file = new FakeFile({
      '1-DarkFlatFieldCorrection-tomo': { data: shape(121, 5, 160) },
      angles: [0, 1, 2]
    });
    expect(await findDefaultView(file)).toEqual({
      path: '/1-DarkFlatFieldCorrection-tomo/data',
      slice: null
    });
  });

  it('is the root of a file that holds no picture', async () => {
    const file = new FakeFile({ note: [1, 2, 3] });
    expect(await findDefaultView(file)).toEqual({ path: '/', slice: null });
  });

  it('is found without visiting thousands of groups', async () => {
    const groups = Object.fromEntries(
      Array.from({ length: 5000 }, (_, index) => [`group${index}`, {}])
    );
    const file = new FakeFile({ ...groups });
    await findDefaultView(file);
    expect(file.visits).toBeLessThan(100);
  });
});
