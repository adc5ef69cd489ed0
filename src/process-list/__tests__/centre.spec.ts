import type { IPlugin, IProcessList } from '../../api';
import {
  centreOf,
  centreText,
  columnsOf,
  measuringOf,
  moverOf,
  reconstructionOf,
  trialOf
} from '../centre';

function plugin(
  name: string,
  module: string,
  parameters: Record<string, string> = {},
  active = true
): IPlugin {
  return {
    position: '1',
    name,
    id: `savu.plugins.${module}`,
    active,
    parameters
  };
}

const loader = (preview: string) =>
  plugin('NxtomoLoader', 'loaders.full_field_loaders.nxtomo_loader', {
    preview
  });
const vo = (active = true) =>
  plugin('VoCentering', 'centering.vo_centering', { preview: '[]' }, active);
const recon = (centre: string) =>
  plugin('AstraReconCpu', 'reconstructions.astra_recons.astra_recon_cpu', {
    centre_of_rotation: centre
  });
const median = plugin('MedianFilter', 'filters.median_filter');
const list = (...plugins: IPlugin[]): IProcessList => ({ plugins });

describe('the centre of a list', () => {
  it('is that of the first active reconstruction, in columns of the scan', () => {
    const off = { ...recon('3.0'), active: false };
    const cropped = list(loader('[":", ":", "100:500:2"]'), off, recon('84.5'));
    expect(reconstructionOf(cropped)).toBe(2);
    expect(centreOf(cropped)).toBe(269);
  });

  it('is not known where a plugin measures it, nothing is set, or values are tried', () => {
    expect(centreOf(list(loader('[]'), vo(), recon('84.5')))).toBeNull();
    expect(centreOf(list(loader('[]'), vo(false), recon('84.5')))).toBe(84.5);
    expect(centreOf(list(loader('[]'), recon('84.5'), vo()))).toBe(84.5);
    expect(centreOf(list(loader('[]'), recon('0.0')))).toBeNull();
    expect(centreOf(list(loader('[]'), recon('"80:84:1;"')))).toBeNull();
    expect(centreOf(list(loader('[]')))).toBeNull();
  });

  it.each([
    ['[]', 0, 1],
    ['[":", "5:9", ":"]', 0, 1],
    ['[":", ":", "20:end"]', 20, 1],
    ['[":", ":", " 20 : 90 : 3 "]', 20, 3]
  ])('counts from the first column that %s takes', (preview, first, step) => {
    expect(columnsOf(list(loader(preview)))).toEqual({ first, step });
  });

  it.each(['[":", ":", "mid-9:mid+9"]', '[":", ":", "5"]', '{"a": []}'])(
    'cannot be counted from what %s takes',
    preview => {
      expect(columnsOf(list(loader(preview)))).toBeNull();
    }
  );

  it('is written as Savu reads a number', () => {
    expect(centreText(255, { first: 0, step: 1 })).toBe('255.0');
    expect(centreText(255.123, { first: 100, step: 1 })).toBe('155.12');
    expect(centreText(256, { first: 100, step: 2 })).toBe('78.0');
  });

  it('is no column where a plugin moves them first', () => {
    const half = plugin(
      'Convert360180Sinogram',
      'corrections.convert_360_180_sinogram'
    );
    expect(moverOf(list(loader('[]'), half, recon('0.0')))).toBe(half);
    expect(moverOf(list(loader('[]'), recon('0.0'), half))).toBeNull();
    expect(
      moverOf(list(loader('[]'), { ...half, active: false }, recon('0.0')))
    ).toBeNull();
    expect(moverOf(list(loader('[]'), median, recon('0.0')))).toBeNull();
  });
});

describe('a trial of centres', () => {
  it('runs as far as the reconstruction, and leaves the list as it is', () => {
    const whole: IProcessList = {
      plugins: [
        loader('[":", ":", "10:90"]'),
        median,
        vo(),
        recon('0.0'),
        median
      ],
      groups: [
        { start: 2, end: 2, iterations: 3 },
        { start: 4, end: 5, iterations: 2 }
      ]
    };
    const before = JSON.stringify(whole);
    const trial = trialOf(whole, [49, 49.5, 50], columnsOf(whole)!);
    expect(JSON.stringify(whole)).toBe(before);
    expect(measuringOf(whole)).toEqual([2]);
    expect(trial.plugins.map(({ name, active }) => [name, active])).toEqual([
      ['NxtomoLoader', true],
      ['MedianFilter', true],
      ['VoCentering', false],
      ['AstraReconCpu', true]
    ]);
    expect(trial.plugins[3].parameters.centre_of_rotation).toBe(
      '"39.0;39.5;40.0"'
    );
    expect(trial.groups).toEqual([{ start: 2, end: 2, iterations: 3 }]);
  });
});
