/** The lines of a tree of an HDF5 file. */
import type { IHdf5Object } from '../../api';

export interface IHdf5Row {
  path: string;
  name: string;
  /** From 1. */
  level: number;
  isGroup: boolean;
  isDataset: boolean;
  /** Shape and type of a dataset. */
  about: string;
}

/** The lines below the groups that are open; `objects` are the groups known by path. */
export function visibleRows(
  objects: ReadonlyMap<string, IHdf5Object>,
  open: ReadonlySet<string>,
  path = '/',
  level = 1
): IHdf5Row[] {
  return (objects.get(path)?.children ?? []).flatMap(child => {
    const below = `${path === '/' ? '' : path}/${child.name}`;
    const row: IHdf5Row = {
      path: below,
      name: child.name,
      level,
      isGroup: child.kind === 'group',
      isDataset: child.kind === 'dataset',
      about: about(child)
    };
    return [
      row,
      ...(open.has(below) ? visibleRows(objects, open, below, level + 1) : [])
    ];
  });
}

/** The groups on the way to a path, from the root. */
export function lead(path: string): string[] {
  const names = path.split('/').filter(Boolean).slice(0, -1);
  return [
    '/',
    ...names.map((_, index) => `/${names.slice(0, index + 1).join('/')}`)
  ];
}

function about({ kind, shape, type }: IHdf5Object): string {
  if (kind === 'group') {
    return '';
  }
  if (kind !== 'dataset') {
    return kind.replace('_', ' ');
  }
  const dtype = typeof type?.dtype === 'string' ? typeName(type.dtype) : '';
  const size = shape?.length ? shape.join(' × ') : '';
  return [size, dtype].filter(Boolean).join('  ');
}

/** NumPy's `<f4` as `float32`. */
function typeName(dtype: string): string {
  if (/^[<>|=]?[OSU]/.test(dtype)) {
    return 'text';
  }
  const match = /^[<>|=]?([a-zA-Z])(\d+)$/.exec(dtype);
  const names: Record<string, string> = {
    f: 'float',
    i: 'int',
    u: 'uint',
    c: 'complex',
    b: 'bool'
  };
  return match && names[match[1]]
    ? `${names[match[1]]}${Number(match[2]) * 8}`
    : dtype;
}
