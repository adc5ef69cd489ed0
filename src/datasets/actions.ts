import { Notification } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';

import { type IPlace, JUPYTER_ROOT, type SavuClient } from '../api';
import { CommandIDs, type IProcessLists, type ISavuJobs } from '../tokens';
import { isDataset, type Item } from './model';
import { confirmRun } from './run';

/** What can be done with a file that was found. */
export class DataActions {
  constructor(
    private readonly _commands: CommandRegistry,
    readonly lists: IProcessLists | null,
    private readonly _trans: TranslationBundle,
    private readonly _client: SavuClient | null = null,
    private readonly _jobs: ISavuJobs | null = null
  ) {}

  /** Whether lists can be run from here. */
  get canRun(): boolean {
    return this._client !== null && (this._jobs?.queues.length ?? 0) > 0;
  }

  /** Whether files of the user's own computer can be looked at. */
  get canOpenLocal(): boolean {
    return this._commands.hasCommand(CommandIDs.openLocal);
  }

  openLocal(): void {
    void this._commands.execute(CommandIDs.openLocal);
  }

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

  /** Runs a list on a scan, after asking; an open list runs as its editor shows it. */
  async run(list: IPlace, scan: IPlace): Promise<void> {
    const [client, jobs, trans] = [this._client, this._jobs, this._trans];
    const name = PathExt.basename(list.path);
    if (!client || !jobs) {
      return;
    }
    try {
      const { kind } = await client.file(list);
      if (kind !== 'list') {
        Notification.warning(
          trans.__('%1 is no process list, so that it cannot run.', name)
        );
        return;
      }
      if (list.root !== JUPYTER_ROOT) {
        Notification.warning(
          trans.__('Open %1 first: lists run from your own folder.', name)
        );
        return;
      }
      const stored = (await client.processList(list)).list;
      const open = this.lists?.find(list.path) ?? null;
      const queue = await confirmRun(
        {
          list: list.path,
          scan,
          queues: jobs.queues,
          isEdited: open?.isEdited ?? false
        },
        trans
      );
      if (queue !== null) {
        const content = open?.content ?? stored;
        await jobs.submit(queue, { path: list.path, content }, scan);
      }
    } catch (error) {
      Notification.error(
        trans.__('%1 was not run. %2', name, (error as Error).message)
      );
    }
  }

  /** Shows a list beside the current one. */
  compare({ root, path }: IPlace): void {
    const current = this.lists?.current;
    if (current) {
      void this._commands.execute(CommandIDs.compareLists, {
        left: { root, path },
        right: { root: JUPYTER_ROOT, path: current.path }
      });
    }
  }
}
