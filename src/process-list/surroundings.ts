import type { IPlugin, IPlace } from '../api';
import type { ISurroundings } from './components/fields/host';
import { namesBefore } from './fields/dataset-names';

/** The kinds of plugins whose results have another shape than their data, by their module. */
const RESHAPING =
  /\.plugins\.(reshape|reconstructions|azimuthal_integrators|component_analysis|fitters|simulation)\./;
/** Those of other kinds. */
const RESHAPING_TOO = new Set([
  'Convert360180Sinogram',
  'DistortionCorrection',
  'FindPeaks',
  'ListToProjections',
  'Pymca',
  'Rotate90',
  'SpectrumCrop'
]);

/** What is there when the plugin at an index begins. */
export function surroundingsOf(
  plugins: readonly IPlugin[],
  index: number,
  scan: IPlace | null
): ISurroundings {
  const loader = plugins
    .slice(0, index + 1)
    .reverse()
    .find(({ name, active }) => active && name.endsWith('Loader'));
  const path = loader?.parameters.data_path;
  const reshaping = plugins
    .slice(0, index)
    .find(
      ({ id, name, active }) =>
        active && (RESHAPING.test(id) || RESHAPING_TOO.has(name))
    );
  return {
    scan,
    dataPath: path?.startsWith('"') ? (JSON.parse(path) as string) : null,
    loaded:
      loader && loader !== plugins[index]
        ? (loader.parameters.preview ?? null)
        : null,
    reshapedBy: reshaping?.name ?? null,
    datasets: namesBefore(plugins, index)
  };
}
