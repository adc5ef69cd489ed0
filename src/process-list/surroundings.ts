import type { IPlugin, IPlace } from '../api';
import type { ISurroundings } from './components/fields/host';
import { namesBefore } from './fields/dataset-names';

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
  return {
    scan,
    dataPath: path?.startsWith('"') ? (JSON.parse(path) as string) : null,
    loaded:
      loader && loader !== plugins[index]
        ? (loader.parameters.preview ?? null)
        : null,
    datasets: namesBefore(plugins, index)
  };
}
