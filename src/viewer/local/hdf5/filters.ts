import type { Dataset, Group } from 'h5wasm';

import { Fault } from './faults';
import { datasetAt, type Hdf5 } from './objects';

/** Compression filters that are fetched when they are needed, by HDF5's registered numbers. */
export const FILTERS = {
  307: 'bz2',
  32000: 'lzf',
  32001: 'blosc',
  32004: 'lz4',
  32008: 'bshuf',
  32015: 'zstd'
} as const;
export type FilterName = (typeof FILTERS)[keyof typeof FILTERS];

/** Deflate, shuffle, Fletcher's sum, packed bits and scaled offsets are part of HDF5. */
const OWN = [1, 2, 3, 5, 6];

/** Fetches what decodes the values of datasets, once each. */
export class Filters {
  constructor(
    private readonly _hdf5: Hdf5,
    private readonly _fetch: (name: FilterName) => Promise<ArrayBuffer>
  ) {}

  /**
   * Makes sure that the values of a dataset can be decoded, and those of which it is made up.
   * Fails with the name of a filter that is not known here.
   */
  async prepare(file: Group, dataset: Dataset): Promise<void> {
    for (const { id, name } of dataset.filters) {
      if (OWN.includes(id)) {
        continue;
      }
      const known = Object.entries(FILTERS).find(([own]) => Number(own) === id);
      if (!known) {
        throw new Fault('filter', name ? `${name} (${id})` : String(id));
      }
      await this._load(known[1]);
    }
    for (const { file_name, dset_name } of dataset.metadata.virtual_sources ??
      []) {
      const source =
        file_name === '.' ? datasetAt(file, `/${dset_name}`) : null;
      if (source) {
        await this._load(...namesOf(source));
      } else if (file_name !== '.') {
        // What is in another file is not looked into: all that may be needed is there.
        await this._load(...Object.values(FILTERS));
      }
    }
  }

  private async _load(...names: FilterName[]): Promise<void> {
    for (const name of names) {
      if (!this._loaded.has(name)) {
        const [folder] = this._hdf5.get_plugin_search_paths();
        const program = new Uint8Array(await this._fetch(name));
        this._hdf5.FS.mkdirTree(folder);
        this._hdf5.FS.writeFile(`${folder}/libH5Z${name}.so`, program);
        this._loaded.add(name);
      }
    }
  }

  private readonly _loaded = new Set<FilterName>();
}

function namesOf(dataset: Dataset): FilterName[] {
  const ids = dataset.filters.map(({ id }) => String(id));
  return Object.entries(FILTERS).flatMap(([id, name]) =>
    ids.includes(id) ? [name] : []
  );
}
