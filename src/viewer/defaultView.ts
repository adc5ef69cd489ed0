import { joinPath, parentPath } from './paths';
import { TELLING } from './patterns';
import type { IEntity, IHdf5Reader } from './reader';

/** Where a file is looked at first. */
export interface IDefaultView {
  /** An object in the file. */
  path: string;
  /**
   * The slice of the signal that is drawn first, when `path` is an NXdata group: an index for
   * each dimension that is sliced, a dot for each that is drawn. This is the form of the NeXus
   * attribute `default_slice`.
   */
  slice: string[] | null;
}

/** Groups that are looked into while a file without a declared plot is searched. */
const MAX_VISITS = 60;

/**
 * The picture that a file is opened on: the given dataset, else the plot that the file declares,
 * else the final result of a Savu run, else the largest stack of images that is found.
 */
export async function findDefaultView(
  reader: IHdf5Reader,
  dataset?: string | null
): Promise<IDefaultView> {
  const finder = new Finder(reader);
  if (dataset) {
    return finder.ofDataset(dataset);
  }
  return (
    (await finder.declared()) ??
    (await finder.finalResult()) ??
    (await finder.search()) ?? { path: '/', slice: null }
  );
}

interface ICandidate {
  path: string;
  /** The number of elements. */
  size: number;
}

/** What a group holds, by absolute paths. */
interface IContents {
  datasets: ICandidate[];
  signals: ICandidate[];
  groups: string[];
}

class Finder {
  constructor(private _reader: IHdf5Reader) {}

  /** A signal is shown as part of its NXdata group, which knows its axes. */
  async ofDataset(path: string): Promise<IDefaultView> {
    const parent = parentPath(path);
    const group = await this._reader.entity(parent);
    const attributes = await this._attributes(parent, group);
    return attributes.NX_class === 'NXdata' &&
      joinPath(parent, String(attributes.signal)) === path
      ? this._view(parent, group, attributes)
      : { path, slice: null };
  }

  /** What the `default` attributes lead to, if they lead to an NXdata group. */
  async declared(): Promise<IDefaultView | null> {
    let path = '/';
    for (let depth = 0; depth < 10; depth++) {
      const group = await this._reader.entity(path);
      const attributes = await this._attributes(path, group);
      if (attributes.NX_class === 'NXdata') {
        return this._view(path, group, attributes);
      }
      const next = attributes.default;
      if (typeof next !== 'string' || !next) {
        return null;
      }
      path = joinPath(path, next);
    }
    return null;
  }

  async finalResult(): Promise<IDefaultView | null> {
    const root = await this._reader.entity('/');
    if (!child(root, 'entry')) {
      return null;
    }
    const entry = await this._reader.entity('/entry');
    const result = entry.children?.find(
      ({ name, kind }) => kind === 'group' && name.startsWith('final_result')
    );
    return result ? this._group(joinPath('/entry', result.name)) : null;
  }

  /**
   * The largest signal of the upmost level of groups that has one, else the largest dataset.
   * A level is read in one go; signals further down are seldom the main data.
   */
  async search(): Promise<IDefaultView | null> {
    const datasets: ICandidate[] = [];
    let level = ['/'];
    for (let visits = 0; level.length > 0; visits += level.length) {
      level = level.slice(0, MAX_VISITS - visits);
      const found = await Promise.all(level.map(path => this._look(path)));
      const signal = largest(found.flatMap(({ signals }) => signals));
      if (signal) {
        return this._group(parentPath(signal));
      }
      datasets.push(...found.flatMap(group => group.datasets));
      level = found.flatMap(({ groups }) => groups);
    }
    const path = largest(datasets);
    return path ? { path, slice: null } : null;
  }

  private async _look(path: string): Promise<IContents> {
    const group = await this._reader.entity(path);
    const { NX_class, signal } = await this._attributes(path, group);
    const members = (group.children ?? []).map(member => ({
      ...member,
      path: joinPath(path, member.name)
    }));
    const datasets = members
      .filter(isStack)
      .map(({ path, name, shape }) => ({ path, name, size: volume(shape) }));
    return {
      datasets,
      signals:
        NX_class === 'NXdata'
          ? datasets.filter(({ name }) => name === signal)
          : [],
      groups: members.flatMap(({ kind, path }) =>
        kind === 'group' ? [path] : []
      )
    };
  }

  private async _group(path: string): Promise<IDefaultView> {
    const group = await this._reader.entity(path);
    return this._view(path, group, await this._attributes(path, group));
  }

  private async _view(
    path: string,
    group: IEntity,
    attributes: Record<string, unknown>
  ): Promise<IDefaultView> {
    const shape = child(group, String(attributes.signal))?.shape ?? [];
    if (shape.length < 3 || 'default_slice' in attributes) {
      return { path, slice: null };
    }
    const slice =
      (await this._sliceOfPattern(path, group, shape)) ??
      (await this._sliceOfScan(path, group, shape));
    return { path, slice };
  }

  /** The middle of a volume or the first image of a stack, by the patterns that Savu wrote. */
  private async _sliceOfPattern(
    path: string,
    group: IEntity,
    shape: number[]
  ): Promise<string[] | null> {
    if (!child(group, 'patterns')) {
      return null;
    }
    const place = joinPath(path, 'patterns');
    const known = await this._reader.entity(place);
    const pattern = TELLING.find(name => child(known, name));
    if (!pattern) {
      return null;
    }
    const dims = await this._reader.values(
      joinPath(place, `${pattern}/core_dims`)
    );
    if (!Array.isArray(dims) || dims.length !== 2) {
      return null;
    }
    const middle = pattern.startsWith('VOLUME');
    return shape.map((size, dim) =>
      dims.includes(dim) ? '.' : String(middle ? Math.floor(size / 2) : 0)
    );
  }

  /** The first projection of a scan, as its first frames may be dark or flat fields. */
  private async _sliceOfScan(
    path: string,
    group: IEntity,
    shape: number[]
  ): Promise<string[] | null> {
    if (shape.length !== 3) {
      return null;
    }
    const keys = child(group, 'image_key')
      ? await this._reader.values(joinPath(path, 'image_key'))
      : null;
    const first = Array.isArray(keys) ? keys.indexOf(0) : -1;
    return first > 0 && first < shape[0] ? [String(first), '.', '.'] : null;
  }

  private async _attributes(
    path: string,
    entity: IEntity
  ): Promise<Record<string, unknown>> {
    return entity.attributes?.length ? this._reader.attributes(path) : {};
  }
}

function child(group: IEntity, name: string): IEntity | undefined {
  return group.children?.find(member => member.name === name);
}

function isStack(entity: IEntity): boolean {
  return entity.kind === 'dataset' && (entity.shape?.length ?? 0) >= 2;
}

function volume(shape: number[] | null | undefined): number {
  return (shape ?? []).reduce((product, size) => product * size, 1);
}

function largest(candidates: ICandidate[]): string | null {
  const [first, ...others] = candidates;
  return first
    ? others.reduce(
        (best, next) => (next.size > best.size ? next : best),
        first
      ).path
    : null;
}
