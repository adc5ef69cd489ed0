import { isHdf5, mainFiles } from '../choosing';
import { sizeText } from '../place';

/** A file of these bytes; the test environment's own has no way to read them. */
function file(bytes: number[]): Blob {
  const slice = (from: number, to: number) => ({
    arrayBuffer: async () => Uint8Array.from(bytes.slice(from, to)).buffer
  });
  return { slice } as unknown as Blob;
}

const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

it('knows HDF5 files by their signature, also behind a user block', async () => {
  expect(await isHdf5(file([...SIGNATURE, 0, 0]))).toBe(true);
  expect(await isHdf5(file([...Array(512).fill(7), ...SIGNATURE]))).toBe(true);
  expect(await isHdf5(file([...Array(100).fill(7), ...SIGNATURE]))).toBe(false);
  expect(await isHdf5(file([]))).toBe(false);
});

it('opens what others are linked from', () => {
  const names = (...all: string[]) =>
    mainFiles(all.map(name => ({ name }))).map(({ name }) => name);
  expect(names('a.h5', 'run_processed.nxs', 'b.h5')).toEqual([
    'run_processed.nxs'
  ]);
  expect(names('a.h5', 'b.h5')).toEqual(['a.h5', 'b.h5']);
});

it('writes sizes as people read them', () => {
  expect(sizeText(900)).toBe('900 B');
  expect(sizeText(5 * 2 ** 30)).toBe('5 GiB');
  expect(sizeText(12.34 * 2 ** 20)).toBe('12.3 MiB');
});
