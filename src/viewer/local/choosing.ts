/** Names of HDF5 files. */
export const EXTENSIONS = ['.nxs', '.h5', '.hdf5', '.hdf', '.nx5', '.he5'];

const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
/** Where HDF5 looks for its signature; what is before it belongs to the user. */
const PLACES = [0, 512, 1024, 2048];

/** Lets the user choose files; none when they think better of it. */
export function chooseFiles(isMultiple: boolean): Promise<File[]> {
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = isMultiple;
  input.accept = EXTENSIONS.join(',');
  return new Promise(resolve => {
    input.onchange = () => resolve([...(input.files ?? [])]);
    input.oncancel = () => resolve([]);
    input.click();
  });
}

/** Whether a file begins as HDF5 does; fails where it cannot be read. */
export async function isHdf5(file: Blob): Promise<boolean> {
  for (const place of PLACES) {
    const part = file.slice(place, place + SIGNATURE.length);
    const bytes = new Uint8Array(await part.arrayBuffer());
    if (SIGNATURE.every((byte, index) => bytes[index] === byte)) {
      return true;
    }
  }
  return false;
}

/**
 * Which of the files that were chosen together are opened. Those of other names lie beside them,
 * where their links find them: a result of Savu has one `.nxs` file and an `.h5` file a plugin.
 */
export function mainFiles<T extends { name: string }>(
  files: readonly T[]
): readonly T[] {
  const main = files.filter(({ name }) => /\.nxs$/i.test(name));
  return main.length > 0 ? main : files;
}
