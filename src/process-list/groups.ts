import type { IProcessList } from '../api';

/** Plugins that are repeated: the first and the last, counted from 1. */
export type IGroup = NonNullable<IProcessList['groups']>[number];

/** The groups after plugins have been put in at an index counted from 0. */
export function groupsAfterInsert(
  groups: readonly IGroup[],
  index: number,
  count = 1
): IGroup[] {
  const place = index + 1;
  return groups.map(group => {
    if (place <= group.start) {
      return { ...group, start: group.start + count, end: group.end + count };
    }
    return place <= group.end ? { ...group, end: group.end + count } : group;
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
 * The groups after plugins have been moved together, so that the first of them
 * lies at `to`. A group follows when all its plugins move. A plugin that stays
 * between the ends of its group stays its member; one that lands between two
 * members becomes one.
 */
export function groupsAfterMove(
  groups: readonly IGroup[],
  moved: readonly number[],
  to: number
): IGroup[] {
  const last = to + moved.length - 1;
  const others = groups
    .filter(group => !isAmong(group, moved))
    .flatMap(group => {
      if ([...moved, to, last].every(index => isMember(group, index))) {
        return [group];
      }
      const left = moved.reduceRight(groupsAfterRemove, [group]);
      return groupsAfterInsert(left, to, moved.length);
    });
  const followers = groupsAmong(groups, moved).map(group => shifted(group, to));
  // Groups cannot lie in each other.
  const apart = followers.filter(group =>
    others.every(other => !overlaps(group, other))
  );
  return [...others, ...apart].sort((a, b) => a.start - b.start);
}

/** The groups after copies of plugins were put behind the last of them, whose group they join. */
export function groupsAfterDuplicate(
  groups: readonly IGroup[],
  last: number,
  count = 1
): IGroup[] {
  return groups.map(group => {
    if (isMember(group, last)) {
      return { ...group, end: group.end + count };
    }
    return groupsAfterInsert([group], last + 1, count)[0];
  });
}

/** The groups whose plugins are all among some, as places among these. */
export function groupsAmong(
  groups: readonly IGroup[],
  indices: readonly number[]
): IGroup[] {
  return groups
    .filter(group => isAmong(group, indices))
    .map(group =>
      shifted(group, indices.indexOf(group.start - 1) + 1 - group.start)
    );
}

/** Groups with those of plugins that were put in at an index; none within another. */
export function groupsWith(
  groups: readonly IGroup[],
  added: readonly IGroup[],
  index: number
): IGroup[] {
  const isInside = groups.some(
    ({ start, end }) => start <= index && index < end
  );
  return isInside
    ? [...groups]
    : [...groups, ...added.map(group => shifted(group, index))].sort(
        (a, b) => a.start - b.start
      );
}

/** Whether plugins follow each other without a gap, and no group has some of them. */
export function canRepeat(
  groups: readonly IGroup[],
  indices: readonly number[]
): boolean {
  const [first] = indices;
  const last = indices[indices.length - 1];
  const group = { start: first + 1, end: last + 1, iterations: 1 };
  return (
    indices.length > 0 &&
    last - first === indices.length - 1 &&
    groups.every(other => !overlaps(group, other))
  );
}

/** The group that has all of some plugins. */
export function groupAround(
  groups: readonly IGroup[],
  indices: readonly number[]
): IGroup | null {
  return (
    groups.find(group => indices.every(index => isMember(group, index))) ?? null
  );
}

function isMember(group: IGroup, index: number): boolean {
  return group.start <= index + 1 && index + 1 <= group.end;
}

function isAmong(group: IGroup, indices: readonly number[]): boolean {
  const members = indices.filter(index => isMember(group, index));
  return members.length === group.end - group.start + 1;
}

function overlaps(one: IGroup, other: IGroup): boolean {
  return one.start <= other.end && other.start <= one.end;
}

function shifted(group: IGroup, by: number): IGroup {
  return { ...group, start: group.start + by, end: group.end + by };
}
