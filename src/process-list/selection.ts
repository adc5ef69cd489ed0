/** How a click or a key changes what is selected. */
export type SelectMode = 'only' | 'range' | 'toggle';

/** Which rows of a list are selected. One of them is the active row. */
export interface ISelection {
  active: number;
  /** Where ranges begin. */
  anchor: number;
  /** In rising order; the active row is one of them. */
  indices: readonly number[];
}

export const FIRST: ISelection = only(0);

/** One row. */
export function only(index: number): ISelection {
  return { active: index, anchor: index, indices: [index] };
}

/** Rows that follow each other; the first of them is active. */
export function range(start: number, end: number): ISelection {
  return { active: start, anchor: start, indices: between(start, end) };
}

/** The selection after a row was picked. */
export function pick(
  selection: ISelection,
  index: number,
  mode: SelectMode
): ISelection {
  const { active, anchor, indices } = selection;
  if (mode === 'only' || indices.length === 0) {
    return only(index);
  }
  if (mode === 'range') {
    return { active: index, anchor, indices: between(anchor, index) };
  }
  if (!indices.includes(index)) {
    return {
      active: index,
      anchor: index,
      indices: [...indices, index].sort((a, b) => a - b)
    };
  }
  const rest = indices.filter(one => one !== index);
  if (rest.length === 0) {
    return selection;
  }
  const kept = active === index ? rest[rest.length - 1] : active;
  return { active: kept, anchor: kept, indices: rest };
}

/** The selection in a list that may have become shorter; empty in an empty list. */
export function within(selection: ISelection, length: number): ISelection {
  const { active, anchor, indices } = selection;
  if (indices.every(index => index < length)) {
    return selection;
  }
  const rest = indices.filter(index => index < length);
  if (rest.length === 0) {
    return length > 0
      ? only(length - 1)
      : { active: -1, anchor: -1, indices: [] };
  }
  const last = rest[rest.length - 1];
  return {
    active: Math.min(active, last),
    anchor: Math.min(anchor, last),
    indices: rest
  };
}

function between(one: number, other: number): number[] {
  const first = Math.min(one, other);
  const length = Math.abs(one - other) + 1;
  return Array.from({ length }, (_, offset) => first + offset);
}
