import { BlockReader, type IDisk } from '../hdf5/blocks';

const MIB = 2 ** 20;

/** A file whose bytes are told by where they are, and notes which parts are read. */
function disk(size: number) {
  const parts: [number, number][] = [];
  const file = {
    size,
    slice: (start: number, stop: number) => [start, stop] as unknown as Blob
  };
  const reader = new BlockReader(part => {
    const [start, stop] = part as unknown as [number, number];
    parts.push([start, stop]);
    return Uint8Array.from(
      { length: stop - start },
      (_, index) => (start + index) % 251
    ).buffer;
  });
  const read = (from: IDisk, length: number, position: number) => {
    const target = new Uint8Array(length);
    const count = reader.read(from, target, length, position);
    return [...target.subarray(0, count)];
  };
  return { file, parts, read };
}

it('reads a block once for all that lies in it', () => {
  const { file, parts, read } = disk(3 * MIB);
  expect(read(file, 3, 10)).toEqual([10, 11, 12]);
  expect(read(file, 2, 5000)).toEqual([5000 % 251, 5001 % 251]);
  expect(parts).toEqual([[0, MIB]]);
});

it('reads across blocks, and no further than the end', () => {
  const { file, parts, read } = disk(MIB + 4);
  expect(read(file, 6, MIB - 3)).toEqual(
    [-3, -2, -1, 0, 1, 2].map(place => (MIB + place) % 251)
  );
  expect(read(file, 100, MIB + 2)).toHaveLength(2);
  expect(read(file, 1, MIB + 4)).toEqual([]);
  expect(parts).toEqual([
    [0, MIB],
    [MIB, MIB + 4]
  ]);
});

it('keeps the files apart, and no more than some blocks', () => {
  const { file, parts, read } = disk(100 * MIB);
  const other = { ...file };
  read(file, 1, 0);
  read(other, 1, 0);
  expect(parts).toHaveLength(2);
  for (let block = 1; block < 70; block++) {
    read(file, 1, block * MIB);
  }
  const before = parts.length;
  read(file, 1, 69 * MIB);
  expect(parts).toHaveLength(before);
  read(file, 1, 0);
  expect(parts).toHaveLength(before + 1);
});
