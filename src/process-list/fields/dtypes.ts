/**
 * Savu's parameter types, read so that a fitting field can be drawn. Whether a
 * value is of its type is judged by the server alone.
 */

export interface IType {
  /** A name such as `int`, or `list`, `dict`, or `choice`. */
  kind: string;
  /** Of a list, a dictionary (key and value) or a choice; null where all goes. */
  items: readonly IType[] | null;
  /** As it is written. */
  text: string;
}

/** A type that is not known: any text. */
const ANY: IType = { kind: '', items: null, text: '' };

/** Reads `list[float,float]`, `dict{int:float}`, `[None,str]`; what is none of these is any text. */
export function parseType(text: string): IType {
  const reader = { rest: text.replace(/\s+/g, '') };
  const type = readType(reader);
  return type && reader.rest === '' ? type : ANY;
}

interface IReader {
  rest: string;
}

function readType(reader: IReader): IType | null {
  if (reader.rest.startsWith('[')) {
    const items = readItems(reader, '[', ']');
    return items && choiceOf(items);
  }
  const kind = /^\w+/.exec(reader.rest)?.[0];
  if (!kind) {
    return null;
  }
  reader.rest = reader.rest.slice(kind.length);
  const brackets = { list: '[]', dict: '{}' }[kind];
  if (!brackets || !reader.rest.startsWith(brackets[0])) {
    return { kind, items: null, text: kind };
  }
  const items = readItems(reader, brackets[0], brackets[1]);
  const between = kind === 'dict' ? ':' : ',';
  return (
    items && {
      kind,
      items,
      text: `${kind}${brackets[0]}${items.map(item => item.text).join(between)}${brackets[1]}`
    }
  );
}

function readItems(
  reader: IReader,
  open: string,
  close: string
): IType[] | null {
  reader.rest = reader.rest.slice(open.length);
  const items: IType[] = [];
  while (!reader.rest.startsWith(close)) {
    if (items.length > 0) {
      if (!/^[,:]/.test(reader.rest)) {
        return null;
      }
      reader.rest = reader.rest.slice(1);
    }
    const item = readType(reader);
    if (!item) {
      return null;
    }
    items.push(item);
  }
  reader.rest = reader.rest.slice(close.length);
  return items;
}

/** A choice of types, each named once. */
function choiceOf(types: readonly IType[]): IType {
  const flat = types.flatMap(type =>
    type.kind === 'choice' ? (type.items ?? []) : [type]
  );
  const items = flat.filter(
    (type, index) => flat.findIndex(({ text }) => text === type.text) === index
  );
  return items.length === 1
    ? items[0]
    : {
        kind: 'choice',
        items,
        text: `[${items.map(({ text }) => text).join(',')}]`
      };
}

/** The shapes that a value of a type can have; each has a field of its own. */
export type Shape = 'none' | 'single' | 'list' | 'dict' | 'preview';

/** The types of each shape that a type allows, those of one shape merged into one. */
export function shapesOf(type: IType): Map<Shape, IType> {
  const members = type.kind === 'choice' ? (type.items ?? []) : [type];
  const shapes = new Map<Shape, IType[]>();
  for (const member of members) {
    const shape = shapeOfType(member);
    shapes.set(shape, [...(shapes.get(shape) ?? []), member]);
  }
  return new Map(
    [...shapes].map(([shape, types]) => [shape, merged(shape, types)])
  );
}

/** The shape of a value, given as JSON text. */
export function shapeOfValue(value: string, shapes: Iterable<Shape>): Shape {
  const allowed = [...shapes];
  switch (value.trim()[0]) {
    case 'n':
      return 'none';
    case '[':
      return allowed.includes('preview') ? 'preview' : 'list';
    case '{':
      return 'dict';
    default:
      return 'single';
  }
}

function shapeOfType({ kind }: IType): Shape {
  switch (kind) {
    case 'None':
      return 'none';
    case 'list':
    case 'dict':
    case 'preview':
      return kind;
    default:
      return 'single';
  }
}

function merged(shape: Shape, types: readonly IType[]): IType {
  // What may be empty, too, is still a list of something.
  const filled = types.filter(({ items }) => items?.length !== 0);
  if (filled.length === 0) {
    return types[0];
  }
  const [first, ...others] = filled;
  const isAlike = others.every(
    ({ items }) => items?.length === first.items?.length
  );
  if (shape === 'single' || !first.items || !isAlike) {
    return shape === 'single' ? choiceOf(filled) : { ...first, items: null };
  }
  const items = first.items.map((_, index) =>
    choiceOf(filled.map(type => type.items![index]))
  );
  return { ...first, items };
}

/** Whether `None` is one of what a type allows. */
export function mayBeNone(type: IType): boolean {
  return shapesOf(type).has('none');
}

/** The names of the types that a single value can have, without `None`. */
export function kindsOf(type: IType): string[] {
  const single = shapesOf(type).get('single');
  return single
    ? (single.kind === 'choice' ? (single.items ?? []) : [single]).map(
        ({ kind }) => kind
      )
    : [];
}
