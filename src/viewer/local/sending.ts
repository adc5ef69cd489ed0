import { PathExt } from '@jupyterlab/coreutils';
import type { Contents } from '@jupyterlab/services';
import { UUID } from '@lumino/coreutils';

/** Bytes that are sent at once. */
const PIECE = 2 ** 20;

/** Arguments that engines take at once. */
const MOST_ARGUMENTS = 2 ** 14;

/** What is used of Jupyter's contents. */
export type Folder = Pick<
  Contents.IManager,
  'get' | 'save' | 'rename' | 'delete'
>;

/** Whether something is at a path on the server; fails where that cannot be told. */
export async function exists(
  contents: Pick<Folder, 'get'>,
  path: string
): Promise<boolean> {
  try {
    await contents.get(path, { content: false });
    return true;
  } catch (error) {
    if ((error as { response?: Response }).response?.status === 404) {
      return false;
    }
    throw error;
  }
}

/**
 * Copies a file to a path on the server, in pieces. It has a name of its own until it is there as
 * a whole, so that a failure leaves what was there before, and nothing else.
 *
 * @param replaces - whether the user wants what is at the path to be replaced; without that, a
 * file at the path makes it fail.
 * @param onSent - told how many bytes have been sent.
 */
export async function send(
  contents: Folder,
  file: File,
  path: string,
  replaces: boolean,
  onSent: (bytes: number) => void
): Promise<Contents.IModel> {
  const part = `${path}.${UUID.uuid4().slice(0, 8)}.part`;
  let isOnlyOne = false;
  try {
    await sendPieces(contents, file, part, onSent);
    if (replaces) {
      await contents.delete(path);
      isOnlyOne = true;
    }
    return await contents.rename(part, path);
  } catch (error) {
    if (!isOnlyOne) {
      // Where nothing was sent, there is nothing to be taken away.
      await contents.delete(part).catch(() => undefined);
    }
    throw error;
  }
}

async function sendPieces(
  contents: Folder,
  file: File,
  path: string,
  onSent: (bytes: number) => void
): Promise<void> {
  const count = Math.max(1, Math.ceil(file.size / PIECE));
  for (let index = 0; index < count; index++) {
    const start = index * PIECE;
    const piece = file.slice(start, Math.min(start + PIECE, file.size));
    const chunk = index === count - 1 ? -1 : index + 1;
    await contents.save(path, {
      type: 'file',
      format: 'base64',
      name: PathExt.basename(path),
      content: await base64(piece),
      // A file in one piece is saved as any other.
      ...(count > 1 ? { chunk } : {})
    });
    onSent(Math.min(start + PIECE, file.size));
  }
}

async function base64(piece: Blob): Promise<string> {
  const bytes = new Uint8Array(await piece.arrayBuffer());
  let text = '';
  for (let start = 0; start < bytes.length; start += MOST_ARGUMENTS) {
    text += String.fromCharCode(
      ...bytes.subarray(start, start + MOST_ARGUMENTS)
    );
  }
  return btoa(text);
}
