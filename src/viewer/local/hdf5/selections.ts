import { Fault } from './faults';
import type { IBlock } from './objects';

/** What a text such as `3,:,10:20` selects, and the shape of it: axes with an index are dropped. */
export function parseSelection(
  text: string | null,
  shape: readonly number[]
): IBlock & { shape: number[] } {
  const entries = text ? text.split(',') : [];
  if (entries.length > shape.length) {
    throw new Fault('missing', `“${text}” has too many indices.`);
  }
  const block: IBlock = { offset: [], count: [], stride: [] };
  const selected: number[] = [];
  shape.forEach((length, axis) => {
    const entry = (entries[axis] ?? ':').trim();
    const isIndex = /^\d+$/.test(entry);
    const range = /^(\d*):(\d*)(?::(\d*))?$/.exec(entry);
    if (!isIndex && !range) {
      throw new Fault('missing', `“${entry}” is no index.`);
    }
    const start = isIndex ? Number(entry) : Number(range![1] || 0);
    const stop = isIndex ? start + 1 : Number(range![2] || length);
    const stride = Number(range?.[3] || 1);
    const end = Math.min(stop, length);
    if (stride < 1 || (isIndex && start >= length)) {
      throw new Fault('missing', `“${entry}” is outside 0 to ${length - 1}.`);
    }
    const count = Math.max(0, Math.ceil((end - start) / stride));
    block.offset.push(start);
    block.count.push(count);
    block.stride.push(stride);
    if (!isIndex) {
      selected.push(count);
    }
  });
  return { ...block, shape: selected };
}
