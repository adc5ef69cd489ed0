import type { IProcessList } from '../api';

/** Plugins that are repeated: the first and the last, counted from 1. */
export type IGroup = NonNullable<IProcessList['groups']>[number];

/** The groups after a plugin has been put in at an index counted from 0. */
export function groupsAfterInsert(
  groups: readonly IGroup[],
  index: number
): IGroup[] {
  const place = index + 1;
  return groups.map(group => {
    if (place <= group.start) {
      return { ...group, start: group.start + 1, end: group.end + 1 };
    }
    return place <= group.end ? { ...group, end: group.end + 1 } : group;
  });
}

/** The groups after a plugin has been taken out; an empty group goes with it. */
export function groupsAfterRemove(
  groups: readonly IGroup[],
  index: number
): IGroup[] {
  const place = index + 1;
  return groups
    .map(group => {
      if (place < group.start) {
        return { ...group, start: group.start - 1, end: group.end - 1 };
      }
      return place <= group.end ? { ...group, end: group.end - 1 } : group;
    })
    .filter(group => group.start <= group.end);
}

/**
 * The groups after a plugin has been moved. A plugin that stays between the
 * ends of its group stays its member; one that lands between two members
 * becomes one.
 */
export function groupsAfterMove(
  groups: readonly IGroup[],
  from: number,
  to: number
): IGroup[] {
  return groups.flatMap(group => {
    if (isMember(group, from) && isMember(group, to)) {
      return [group];
    }
    return groupsAfterInsert(groupsAfterRemove([group], from), to);
  });
}

/** The groups after a plugin has been doubled; the copy joins its group. */
export function groupsAfterDuplicate(
  groups: readonly IGroup[],
  index: number
): IGroup[] {
  return groups.map(group => {
    if (isMember(group, index)) {
      return { ...group, end: group.end + 1 };
    }
    return groupsAfterInsert([group], index + 1)[0];
  });
}

function isMember(group: IGroup, index: number): boolean {
  return group.start <= index + 1 && index + 1 <= group.end;
}
