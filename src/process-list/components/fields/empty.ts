import { type IType, shapesOf } from '../../fields/dtypes';
import { toList } from '../../fields/json-items';

/** The value (JSON text) that something new of a type begins with. */
export function emptyValue(type: IType): string {
  const [[shape, shaped]] = shapesOf(type);
  if (shape === 'list') {
    const items = shaped.items ?? [];
    return items.length > 1 ? toList(items.map(emptyValue)) : '[]';
  }
  const fixed = { none: 'null', preview: '[]', dict: '{}', single: '' }[shape];
  if (fixed) {
    return fixed;
  }
  const kind = shaped.kind === 'choice' ? shaped.items![0].kind : shaped.kind;
  return { int: '0', float: '0.0', bool: 'false' }[kind] ?? '""';
}
