import type { Dataset, Datatype, Group, Metadata } from 'h5wasm';

import {
  isDataset,
  isGroup,
  lookUp,
  type Member,
  members,
  TypeClass
} from './objects';

/*
 * What H5Grove tells of objects and their types (https://silx-kit.github.io/h5grove/), which is
 * how h5web and the rest of the viewer read files.
 */

type Told = Record<string, unknown>;

/** An object; of a group, what it holds, too. */
export function describe(member: Member, name: string, isChild = false): Told {
  if (isGroup(member)) {
    const told = { name, kind: 'group', attributes: attributesOf(member) };
    return isChild
      ? told
      : {
          ...told,
          children: members(member).map(child =>
            describe(lookUp(member, child), child, true)
          )
        };
  }
  if (isDataset(member)) {
    const { shape, chunks } = member.metadata;
    return {
      name,
      kind: 'dataset',
      attributes: attributesOf(member),
      shape,
      type: describeType(member.metadata),
      chunks,
      filters: member.filters.map(({ id, name: filter }) => ({
        id,
        name: filter
      }))
    };
  }
  switch (String(member?.type)) {
    case 'Datatype': {
      const datatype = member as Datatype;
      return {
        name,
        kind: 'datatype',
        attributes: attributesOf(datatype),
        type: describeType(datatype.metadata)
      };
    }
    case 'ExternalLink': {
      const { filename, obj_path } = member as {
        filename: string;
        obj_path: string;
      };
      return {
        name,
        kind: 'external_link',
        target_file: filename,
        target_path: obj_path
      };
    }
    default: {
      const target = (member as { target?: string } | null)?.target ?? '';
      return { name, kind: 'soft_link', target_path: target };
    }
  }
}

/** The values of the attributes of an object, by their names. */
export function attributeValues(member: Member): Told {
  if (!isGroup(member) && !isDataset(member)) {
    return {};
  }
  const values: Told = {};
  for (const name of attributeNames(member)) {
    try {
      values[name] = plain(member.attrs[name].to_array());
    } catch {
      // Of a type that cannot be read here: it is told of, without a value.
      values[name] = null;
    }
  }
  return values;
}

/** Values as JSON has them: numbers, texts, truths and lists of them. */
export function plain(value: unknown): unknown {
  if (typeof value === 'bigint') {
    return Number(value);
  }
  if (ArrayBuffer.isView(value)) {
    return Array.from(value as unknown as ArrayLike<unknown>, plain);
  }
  return Array.isArray(value) ? value.map(plain) : value;
}

function attributeNames(of: Group | Dataset | Datatype): string[] {
  try {
    return Object.keys(of.attrs);
  } catch {
    return [];
  }
}

function attributesOf(of: Group | Dataset | Datatype): Told[] {
  return attributeNames(of).flatMap(name => {
    try {
      const { shape, metadata } = of.attrs[name];
      return [{ name, shape, type: describeType(metadata) }];
    } catch {
      return [];
    }
  });
}

/** A type, in HDF5's numbers. */
export function describeType(metadata: Metadata): Told {
  const { type, size, littleEndian, signed } = metadata;
  const told: Told = { class: type, size };
  const order = littleEndian ? 0 : 1;
  switch (type) {
    case TypeClass.integer:
      return { ...told, order, sign: signed ? 1 : 0 };
    case TypeClass.float:
      return { ...told, order };
    case TypeClass.string: {
      const { cset, strpad, vlen } = metadata;
      return { ...told, cset, strPad: strpad, vlen };
    }
    case TypeClass.compound:
      return {
        ...told,
        members: Object.fromEntries(
          metadata.compound_type!.members.map(member => [
            member.name,
            describeType(member)
          ])
        )
      };
    case TypeClass.enumeration: {
      const { type: base, members: names } = metadata.enum_type!;
      return {
        ...told,
        members: names,
        base: describeType({ ...metadata, type: base })
      };
    }
    case TypeClass.vlen:
      return { ...told, base: describeType(metadata.vlen_type!) };
    case TypeClass.array: {
      const { array_type } = metadata;
      return {
        ...told,
        base: describeType(array_type!),
        dims: array_type!.shape
      };
    }
    default:
      return told;
  }
}
