import { Dialog, Notification, showDialog } from '@jupyterlab/apputils';
import type { FileBrowserModel } from '@jupyterlab/filebrowser';
import type { Contents } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';

import { type IPlace, JUPYTER_ROOT } from '../../api';
import { sizeText } from './place';

/** Puts files from the user's computer into the folder that the file browser shows. */
export class Uploader {
  constructor(
    private readonly _model: Pick<FileBrowserModel, 'path' | 'upload'>,
    private readonly _contents: Pick<Contents.IManager, 'localPath'>,
    private readonly _trans: TranslationBundle,
    /** Bytes that are uploaded at most. */
    private readonly _limit: () => number
  ) {}

  /** Where the first file is now; null when it was not uploaded, which the user knows then. */
  async upload(files: readonly File[], why: string): Promise<IPlace | null> {
    const trans = this._trans;
    const [{ name }] = files;
    const size = files.reduce((sum, file) => sum + file.size, 0);
    if (size > this._limit()) {
      await showDialog({
        title: trans.__('%1 is too large to be uploaded here', name),
        body: trans.__(
          'It has %1; up to %2 are uploaded through the browser (“Largest upload” in the settings). Copy it to a folder that the server sees, and open it from the Data panel. Nothing was changed.',
          sizeText(size),
          sizeText(this._limit())
        ),
        buttons: [Dialog.okButton()]
      });
      return null;
    }
    const folder = this._contents.localPath(this._model.path);
    const { button } = await showDialog({
      title: trans.__('Upload %1?', name),
      body: [
        why,
        trans.__(
          '%1 will be copied to %2.',
          files.length === 1
            ? sizeText(size)
            : trans.__('%1 files, %2,', files.length, sizeText(size)),
          folder ? `“${folder}”` : trans.__("Jupyter's folder")
        )
      ].join(' '),
      buttons: [
        Dialog.cancelButton(),
        Dialog.okButton({ label: trans.__('Upload') })
      ]
    });
    return button.accept ? this._send(files) : null;
  }

  private async _send(files: readonly File[]): Promise<IPlace | null> {
    const trans = this._trans;
    const [{ name }] = files;
    const told = Notification.emit(
      trans.__('Uploading %1…', name),
      'in-progress',
      { autoClose: false }
    );
    const end = (message: string, type: 'success' | 'error') =>
      Notification.update({
        id: told,
        message,
        type,
        actions: [],
        autoClose: type === 'success' ? 3000 : false
      });
    try {
      const stored: Contents.IModel[] = [];
      for (const file of files) {
        stored.push(await this._model.upload(file));
      }
      const path = this._contents.localPath(stored[0].path);
      end(trans.__('%1 was uploaded.', name), 'success');
      return { root: JUPYTER_ROOT, path };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      end(trans.__('%1 was not uploaded. %2', name, reason), 'error');
      return null;
    }
  }
}
