/** Bytes that are read from the disk at once, and how many such blocks are kept. */
const BLOCK = 2 ** 20;
const KEPT = 64;

/** The part of a file that is used. */
export interface IDisk {
  readonly size: number;
  slice(start: number, stop: number): Blob;
}

/**
 * Reads files in large blocks. HDF5 reads values that lie apart one by one, and each way to the disk
 * takes a browser as long as a megabyte.
 */
export class BlockReader {
  constructor(private readonly _read: (part: Blob) => ArrayBuffer) {}

  /** How often somebody has read. */
  get reads(): number {
    return this._reads;
  }

  /** Copies bytes of a file from `position` on; answers how many there were. */
  read(
    file: IDisk,
    target: Uint8Array,
    length: number,
    position: number
  ): number {
    this._reads++;
    const stop = Math.min(position + length, file.size);
    let done = 0;
    while (position + done < stop) {
      const from = position + done;
      const index = Math.floor(from / BLOCK);
      const block = this._block(file, index);
      const inside = from - index * BLOCK;
      const part = block.subarray(inside, inside + stop - from);
      if (part.length === 0) {
        break;
      }
      target.set(part, done);
      done += part.length;
    }
    return done;
  }

  private _block(file: IDisk, index: number): Uint8Array {
    let blocks = this._files.get(file);
    if (!blocks) {
      this._files.set(file, (blocks = new Map<number, Uint8Array>()));
    }
    const known = blocks.get(index);
    if (known) {
      return known;
    }
    const start = index * BLOCK;
    const part = file.slice(start, Math.min(start + BLOCK, file.size));
    const block = new Uint8Array(this._read(part));
    blocks.set(index, block);
    this._kept.push({ blocks, index });
    if (this._kept.length > KEPT) {
      const oldest = this._kept.shift()!;
      oldest.blocks.delete(oldest.index);
    }
    return block;
  }

  private readonly _files = new Map<IDisk, Map<number, Uint8Array>>();
  private readonly _kept: {
    blocks: Map<number, Uint8Array>;
    index: number;
  }[] = [];
  private _reads = 0;
}
