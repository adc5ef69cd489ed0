import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';

import { JUPYTER_ROOT } from '../api';
import { CommandIDs, type IProcessLists } from '../tokens';
import { isDataset, type Item } from './model';

/** What can be done with a file that was found. */
export class DataActions {
  constructor(
    private readonly _commands: CommandRegistry,
    readonly lists: IProcessLists | null,
    private readonly _trans: TranslationBundle
  ) {}

  /** Opens a file as what it is. */
  async open(item: Item): Promise<void> {
    const { root, path } = item;
    try {
      if (root === JUPYTER_ROOT) {
        await this._commands.execute('docmanager:open', { path });
      } else if (isDataset(item)) {
        await this._commands.execute(CommandIDs.openData, { root, path });
      } else {
        // Jupyter's documents live in its own folder: a copy is opened.
        const document = await this._commands.execute(
          CommandIDs.newProcessList,
          {
            from: { root, path }
          }
        );
        if (document) {
          Notification.info(
            this._trans.__(
              '%1 of “%2” was copied into your folder, and the copy opened. The original stays as it is.',
              path,
              root
            )
          );
        }
      }
    } catch (error) {
      Notification.error(
        this._trans.__('%1 was not opened. %2', path, (error as Error).message)
      );
    }
  }

  /** Whether a scan is the one that the current list runs on. */
  isUsed({ root, path }: Item): boolean {
    const { current } = this.lists ?? {};
    const scan = current ? this.lists?.scanOf(current.path) : null;
    return scan?.root === root && scan.path === path;
  }

  /** Lets the current list run on a scan. */
  async use({ root, path }: Item): Promise<void> {
    const list = this.lists?.current;
    if (list) {
      await this.lists?.chooseScan(list.path, { root, path });
    }
  }
}
