import { Dialog, Notification, showDialog } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import type { FileBrowserModel } from '@jupyterlab/filebrowser';
import type { Contents } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';

import { type IPlace, JUPYTER_ROOT } from '../../api';
import { mainFiles } from './choosing';
import { sizeText } from './place';
import { exists, type Folder, send } from './sending';
import {
  askForUpload,
  type IUploadAnswer,
  type IUploadQuestion,
  takenOf
} from './uploadForm';

/** A file on its way to a path. */
interface ISending {
  file: File;
  path: string;
  replaces: boolean;
}

/** Puts files from the user's computer into the folder that the file browser shows. */
export class Uploader {
  constructor(
    private readonly _model: Pick<
      FileBrowserModel,
      'path' | 'allowFileUploads'
    >,
    private readonly _contents: Folder & Pick<Contents.IManager, 'localPath'>,
    private readonly _trans: TranslationBundle,
    /** Bytes that are uploaded at most. */
    private readonly _limit: () => number
  ) {}

  /** Where the first file is now; null when it was not uploaded, which the user knows then. */
  async upload(files: readonly File[], why: string): Promise<IPlace | null> {
    const trans = this._trans;
    const [file] = files;
    if (file.size > this._limit()) {
      await showDialog({
        title: trans.__('%1 is too large to be uploaded here', file.name),
        body: trans.__(
          'It has %1; up to %2 are uploaded through the browser (“Largest upload” in the settings). Copy it to a folder that the server sees, and open it from the Data panel. Nothing was changed.',
          sizeText(file.size),
          sizeText(this._limit())
        ),
        buttons: [Dialog.okButton()]
      });
      return null;
    }
    // Another folder may be shown by the time the question is answered.
    const folder = this._model.path;
    try {
      if (!this._model.allowFileUploads) {
        throw new Error(trans.__('Uploads are switched off here.'));
      }
      const question = await this._question(files, folder, why);
      const answer = await askForUpload(question, trans);
      if (!answer) {
        return null;
      }
      return await this._send(await this._plan(question, answer, folder));
    } catch (error) {
      Notification.error(this._failed(file.name, error), { autoClose: false });
      return null;
    }
  }

  private async _question(
    files: readonly File[],
    folder: string,
    why: string
  ): Promise<IUploadQuestion> {
    const [file, ...others] = files;
    const size = files.reduce((sum, one) => sum + one.size, 0);
    const main = mainFiles(files);
    const taken: string[] = [];
    for (const { name } of files) {
      if (await exists(this._contents, PathExt.join(folder, name))) {
        taken.push(name);
      }
    }
    const extension = PathExt.extname(file.name);
    const stem = file.name.slice(0, file.name.length - extension.length);
    return {
      why,
      folder: this._contents.localPath(folder),
      file,
      others,
      // What is opened in a tab of its own is uploaded from there.
      isWithOthers: !others.some(other => main.includes(other)),
      fitsWithOthers: size <= this._limit(),
      taken,
      freeFile: await this._free(folder, stem, extension, taken),
      freeFolder: await this._free(folder, stem, '', taken)
    };
  }

  /** A name that nothing in the folder has; not asked for where no name is taken. */
  private async _free(
    folder: string,
    stem: string,
    extension: string,
    taken: readonly string[]
  ): Promise<string> {
    for (let number = 1; ; number++) {
      const name = `${stem}-${number}${extension}`;
      const path = PathExt.join(folder, name);
      if (taken.length === 0 || !(await exists(this._contents, path))) {
        return name;
      }
    }
  }

  /** What goes where; files that belong together stay so. */
  private async _plan(
    question: IUploadQuestion,
    answer: IUploadAnswer,
    folder: string
  ): Promise<ISending[]> {
    const { file, others, freeFile, freeFolder } = question;
    const files = answer.isWithOthers ? [file, ...others] : [file];
    const taken = takenOf(question, answer);
    if (taken.length === 0 || answer.replaces) {
      return files.map(one => ({
        file: one,
        path: PathExt.join(folder, one.name),
        replaces: taken.includes(one.name)
      }));
    }
    if (files.length === 1) {
      const path = PathExt.join(folder, freeFile);
      return [{ file, path, replaces: false }];
    }
    const made = PathExt.join(folder, freeFolder);
    await this._contents.save(made, { type: 'directory' });
    return files.map(one => ({
      file: one,
      path: PathExt.join(made, one.name),
      replaces: false
    }));
  }

  private async _send(all: readonly ISending[]): Promise<IPlace | null> {
    const trans = this._trans;
    const [{ file, path }] = all;
    const size = all.reduce((sum, one) => sum + one.file.size, 0);
    const id = Notification.emit(
      trans.__('Uploading %1…', file.name),
      'in-progress',
      { autoClose: false }
    );
    let done = 0;
    let told = 0;
    // What it leads to comes first, so that it is never there without that.
    for (const one of [...all].reverse()) {
      try {
        await send(this._contents, one.file, one.path, one.replaces, bytes => {
          const percent = Math.floor((100 * (done + bytes)) / (size || 1));
          if (percent > told) {
            told = percent;
            Notification.update({
              id,
              message: trans.__('Uploading %1: %2 %', file.name, percent)
            });
          }
        });
      } catch (error) {
        Notification.update({
          id,
          message: this._failed(one.file.name, error),
          type: 'error',
          autoClose: false
        });
        return null;
      }
      done += one.file.size;
    }
    const stored = this._contents.localPath(path);
    Notification.update({
      id,
      message: trans.__('%1 was uploaded.', PathExt.basename(stored)),
      type: 'success',
      autoClose: 3000
    });
    return { root: JUPYTER_ROOT, path: stored };
  }

  private _failed(name: string, error: unknown): string {
    const reason = error instanceof Error ? error.message : String(error);
    return this._trans.__('%1 was not uploaded. %2', name, reason);
  }
}
