import { Notification } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';

import { CommandIDs } from '../../tokens';
import { isHdf5, mainFiles } from './choosing';
import type { LocalFiles } from './files';
import { LocalAccess } from './access';
import { sizeText } from './place';

/** Files that are opened at once. */
const MOST_FILES = 8;

/** Opens files from the user's computer, or says why not. */
export class LocalOpener {
  constructor(
    private readonly _files: LocalFiles,
    private readonly _commands: CommandRegistry,
    private readonly _trans: TranslationBundle,
    /** Bytes of the largest file that is opened. */
    private readonly _limit: () => number
  ) {}

  async open(files: readonly File[]): Promise<void> {
    const main = mainFiles(files);
    if (main.length > MOST_FILES) {
      Notification.warning(
        this._trans.__(
          'At most %1 files are opened at once; nothing was opened.',
          MOST_FILES
        )
      );
      return;
    }
    for (const file of main) {
      await this._open(file, files);
    }
  }

  private async _open(file: File, beside: readonly File[]): Promise<void> {
    const refusal = await this._refusal(file);
    if (refusal !== null) {
      Notification.error(refusal, { autoClose: false });
      return;
    }
    const { root, path } = this._files.add(file, beside);
    if (await this._isList(path)) {
      await this._offerList(path);
      this._files.remove(path);
      return;
    }
    await this._commands.execute(CommandIDs.openData, { root, path });
  }

  /** Why a file is not opened. */
  private async _refusal(file: File): Promise<string | null> {
    const { name, size } = file;
    const trans = this._trans;
    const limit = this._limit();
    if (size > limit) {
      return trans.__(
        '%1 has %2; files of up to %3 are opened in the browser (“Largest file” in the settings). Copy it to a folder that the server sees, and open it from the Data panel.',
        name,
        sizeText(size),
        sizeText(limit)
      );
    }
    try {
      return (await isHdf5(file))
        ? null
        : trans.__(
            '%1 is not an HDF5 file, so that it was not opened. Scans and results end with .nxs or .h5.',
            name
          );
    } catch (error) {
      return trans.__(
        '%1 cannot be read from this computer. %2',
        name,
        (error as Error).message
      );
    }
  }

  private async _isList(path: string): Promise<boolean> {
    const access = this._files.access(path);
    try {
      return access instanceof LocalAccess && (await access.kind()) === 'list';
    } catch {
      // The tab says what is wrong with it.
      return false;
    } finally {
      access.release();
    }
  }

  /** A process list is edited on the server. */
  private async _offerList(path: string): Promise<void> {
    if (!this._files.canUpload) {
      Notification.warning(
        this._trans.__(
          '%1 is a process list. Lists are edited and run in JupyterLab with jupyterlab-savu: put it where its server sees it, and open it there. Nothing was opened here.',
          PathExt.basename(path)
        ),
        { autoClose: false }
      );
      return;
    }
    const stored = await this._files.upload(
      path,
      this._trans.__(
        'This is a process list, which is edited where the server sees it.'
      )
    );
    if (stored) {
      await this._commands.execute('docmanager:open', { path: stored.path });
    }
  }
}
