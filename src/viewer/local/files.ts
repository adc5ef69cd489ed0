import { PathExt } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { UUID } from '@lumino/coreutils';
import React from 'react';

import type { IPlace } from '../../api';
import type { IFileAccess } from '../access';
import { LocalAccess, NoAccess, type Show } from './access';
import { chooseFiles } from './choosing';
import { LocalNote } from './note';
import { LOCAL_ROOT } from './place';
import { spawn } from './spawn';
import { gone } from './troubles';
import type { Uploader } from './uploading';

interface IChosen {
  file: File;
  beside: readonly File[];
}

/** The files that are open in the browser only, each in a place of its own. */
export class LocalFiles {
  constructor(
    private readonly _trans: TranslationBundle,
    /** Null where nothing can be uploaded. */
    private readonly _uploader: Uploader | null
  ) {}

  get canUpload(): boolean {
    return this._uploader !== null;
  }

  /** A place for a file, and those that were chosen together with it. */
  add(file: File, beside: readonly File[]): IPlace {
    const path = `${UUID.uuid4()}/${file.name}`;
    this._files.set(path, { file, beside });
    return { root: LOCAL_ROOT, path };
  }

  remove(path: string): void {
    this._files.delete(path);
    this._views.delete(path);
  }

  /** Reads what is at a place; `show` exchanges it in the view. */
  access(path: string, show: Show = () => undefined): IFileAccess {
    const chosen = this._files.get(path);
    const choose = () => void this._chooseAgain(path, show);
    const trans = this._trans;
    if (!chosen) {
      return new NoAccess(gone(PathExt.basename(path), trans, choose));
    }
    const { name } = chosen.file;
    this._views.set(path, show);
    const onUpload =
      this._uploader &&
      (() =>
        void this.upload(
          path,
          trans.__('Process lists run where the server sees the file.')
        ));
    return new LocalAccess({
      ...chosen,
      spawn,
      trans,
      choose,
      Note: () => React.createElement(LocalNote, { name, trans, onUpload })
    });
  }

  /**
   * Offers to upload a file for what only the server can do. Where it is then is shown instead, and
   * answered.
   */
  async upload(path: string, why: string): Promise<IPlace | null> {
    const chosen = this._files.get(path);
    const stored =
      chosen && (await this._uploader?.upload(together(chosen), why));
    if (stored) {
      this._views.get(path)?.(stored);
    }
    return stored ?? null;
  }

  private async _chooseAgain(path: string, show: Show): Promise<void> {
    const [file, ...beside] = await chooseFiles(true);
    if (file) {
      this.remove(path);
      show(this.add(file, beside));
    }
  }

  private readonly _files = new Map<string, IChosen>();
  private readonly _views = new Map<string, Show>();
}

function together({ file, beside }: IChosen): File[] {
  return [file, ...beside.filter(other => other !== file)];
}
