import type { IWorker } from './link';

/** Starts a worker that reads HDF5; it comes, with all of HDF5, as a file of its own. */
export function spawn(): IWorker {
  return new Worker(new URL('./hdf5/worker.js', import.meta.url));
}
