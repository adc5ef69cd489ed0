import type { IPlugin } from '../../api';
import { surroundingsOf } from '../surroundings';

const SCAN = { root: 'jupyter', path: 'scan.nxs' };

function plugin(name: string, module: string, active = true): IPlugin {
  const id = `savu.plugins.${module}.${name.toLowerCase()}`;
  const parameters: IPlugin['parameters'] = name.endsWith('Loader')
    ? { preview: '["0:90"]', data_path: '"entry/data"' }
    : {};
  return { position: '1', name, id, active, parameters };
}

const LIST = [
  plugin('NxtomoLoader', 'loaders.full_field_loaders'),
  plugin('MedianFilter', 'filters.denoising'),
  plugin('DownsampleFilter', 'reshape'),
  plugin('AstraReconCpu', 'reconstructions.astra_recons'),
  plugin('TomopyRecon', 'reconstructions')
];

describe('what is there when a plugin begins', () => {
  it('is what the loader takes, until a plugin gives it another shape', () => {
    expect(surroundingsOf(LIST, 2, SCAN)).toMatchObject({
      scan: SCAN,
      loaded: '["0:90"]',
      dataPath: 'entry/data',
      reshapedBy: null
    });
    expect(surroundingsOf(LIST, 3, SCAN).reshapedBy).toBe('DownsampleFilter');
    const without = LIST.map(one =>
      one === LIST[2] ? { ...one, active: false } : one
    );
    expect(surroundingsOf(without, 3, SCAN).reshapedBy).toBeNull();
    expect(surroundingsOf(without, 4, SCAN).reshapedBy).toBe('AstraReconCpu');
  });

  it('is the whole scan for the loader itself', () => {
    expect(surroundingsOf(LIST, 0, SCAN)).toMatchObject({
      loaded: null,
      reshapedBy: null
    });
  });
});
