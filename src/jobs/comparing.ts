import { Notification } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';

import type { IJob, IPlace, SavuClient } from '../api';
import { CommandIDs, type ISavuViewer } from '../tokens';
import type { JobWords } from './words';

/** Where the engine keeps the list that it runs, in the run folder. */
const LOG_FOLDER = 'run_log';

/** At most so many jobs are compared. */
const SIDES = 2;

/** The jobs that are chosen once one more is chosen, or one of them no longer. */
export function toggled(chosen: readonly string[], id: string): string[] {
  return chosen.includes(id)
    ? chosen.filter(one => one !== id)
    : [...chosen, id].slice(-SIDES);
}

/** What runs are compared with. */
export interface IComparingServices {
  client: Pick<SavuClient, 'processLists'>;
  commands: CommandRegistry;
  /** Null where data cannot be shown. */
  viewer: ISavuViewer | null;
  trans: TranslationBundle;
  words: JobWords;
}

/** Shows what runs have in common, and in what they differ. */
export class JobComparer {
  constructor(private _services: IComparingServices) {}

  /** Shows the list that a job ran beside the list as it is now. */
  async withNow(job: IJob): Promise<void> {
    const { trans } = this._services;
    const ran = await this._listOf(job);
    if (ran) {
      const name = PathExt.basename(job.list.path);
      const { root, path } = job.list;
      this._show(
        { ...ran, title: trans.__('%1 as run', name) },
        { root, path, title: trans.__('%1 now', name) }
      );
    }
  }

  /** Shows the lists of two runs side by side, the older one first. */
  async lists(one: IJob, other: IJob): Promise<void> {
    const sides = [];
    for (const job of inOrder(one, other)) {
      const list = await this._listOf(job);
      if (!list) {
        return;
      }
      sides.push({ ...list, title: this._services.words.run(job) });
    }
    this._show(sides[0], sides[1]);
  }

  /** Whether `results` has something to show. */
  haveResults(one: IJob, other: IJob): boolean {
    return !!(this._services.viewer && one.result && other.result);
  }

  /** Shows the results of two runs in linked views, the older one first. */
  async results(one: IJob, other: IJob): Promise<void> {
    const [first, second] = inOrder(one, other);
    if (first.result && second.result) {
      await this._services.viewer?.open(first.result, {
        compared: second.result
      });
    }
  }

  /** The list that a job ran; where there is none, the user is told. */
  private async _listOf({ folder, id }: IJob): Promise<IPlace | null> {
    const { client, trans } = this._services;
    const { items } = await client
      .processLists({
        root: folder.root,
        below: PathExt.join(folder.path, LOG_FOLDER)
      })
      .catch(() => ({ items: [] }));
    if (items.length === 0) {
      Notification.warning(
        trans.__(
          'The run folder of %1 holds no list: it is written when the engine starts, and goes with the data.',
          id
        )
      );
      return null;
    }
    const [{ root, path }] = items;
    return { root, path };
  }

  private _show(left: ITitledPlace, right: ITitledPlace): void {
    void this._services.commands.execute(CommandIDs.compareLists, {
      left: { ...left },
      right: { ...right }
    });
  }
}

interface ITitledPlace extends IPlace {
  title: string;
}

/** The ids of jobs sort by time. */
function inOrder(one: IJob, other: IJob): [IJob, IJob] {
  return one.id < other.id ? [one, other] : [other, one];
}
