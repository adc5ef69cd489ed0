import { PathExt } from '@jupyterlab/coreutils';
import {
  ServerConnection,
  type Contents,
  type IContentProvider
} from '@jupyterlab/services';

import {
  ApiError,
  JUPYTER_ROOT,
  type IFile,
  type IPlace,
  type SavuClient
} from '../api';
import type { NexusContent } from './shared';

export const PROVIDER_ID = 'jupyterlab-savu:nexus';

/**
 * Lets JupyterLab open and save NeXus files by the `savu/` routes.
 *
 * Only process lists are writable: JupyterLab copies a writable file when it
 * opens it, which would be slow for scans, and nothing here may change data.
 */
export class NexusContentProvider implements IContentProvider {
  constructor(private readonly _client: SavuClient) {}

  async get(
    path: string,
    options: Contents.IFetchOptions = {}
  ): Promise<Contents.IModel> {
    try {
      const file = await this._client.file(place(path), true);
      this._hashes.set(path, file.hash);
      if (options.content === false) {
        return toContents(file, null);
      }
      return await this._load(path, file);
    } catch (error) {
      // Asked for the hash alone, JupyterLab is about to save. Told that the
      // file is gone, it would save past this provider.
      if (isMissing(error) && options.content === false && options.hash) {
        this._hashes.delete(path);
        return missing(path);
      }
      throw toResponseError(error);
    }
  }

  async save(
    path: string,
    options: Partial<Contents.IModel> = {}
  ): Promise<Contents.IModel> {
    const { list } = options.content as NexusContent;
    if (list === null) {
      throw new Error(
        `${path} holds data, which is not changed here. Nothing was saved.`
      );
    }
    const hash = this._hashes.get(path);
    try {
      const file = hash
        ? await this._client.replaceProcessList(place(path), list, hash)
        : await this._client.createProcessList(place(path), list);
      this._hashes.set(path, file.hash);
      return toContents(file, null);
    } catch (error) {
      throw toResponseError(error);
    }
  }

  private async _load(path: string, file: IFile): Promise<Contents.IModel> {
    const { kind, problem } = file;
    if (kind !== 'list') {
      return toContents(file, { kind, list: null, problem });
    }
    try {
      const stored = await this._client.processList(place(path));
      this._hashes.set(path, stored.hash);
      return toContents(
        { ...file, hash: stored.hash },
        { kind, list: stored.list }
      );
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 422) {
        throw error;
      }
      return toContents(
        { ...file, kind: 'other' },
        { kind: 'other', list: null, problem: error.message }
      );
    }
  }

  /** The hash of each file as it was last seen. */
  private readonly _hashes = new Map<string, string | null>();
}

function place(path: string): IPlace {
  return { root: JUPYTER_ROOT, path };
}

function toContents(
  file: IFile,
  content: NexusContent | null
): Contents.IModel {
  return {
    name: file.name,
    path: file.path,
    type: 'file',
    writable: file.kind === 'list' && file.writable,
    created: file.created,
    last_modified: file.modified,
    mimetype: 'application/x-hdf5',
    size: file.size,
    content,
    format: content === null ? null : 'json',
    hash: file.hash ?? undefined,
    hash_algorithm: 'sha256'
  };
}

function missing(path: string): Contents.IModel {
  const longAgo = new Date(0).toISOString();
  return {
    name: PathExt.basename(path),
    path,
    type: 'file',
    writable: true,
    created: longAgo,
    last_modified: longAgo,
    mimetype: 'application/x-hdf5',
    content: null,
    format: null
  };
}

function isMissing(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}

/** The form of errors that JupyterLab's documents look into. */
function toResponseError(error: unknown): unknown {
  if (!(error instanceof ApiError) || error.status === 0) {
    return error;
  }
  return new ServerConnection.ResponseError(
    new Response(null, { status: error.status }),
    error.message
  );
}
