import { Notification } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';

import type { IJob, SavuClient } from '../api';
import { CommandIDs } from '../tokens';

/** Where the engine keeps the list that it runs, in the run folder. */
const LOG_FOLDER = 'run_log';

/** Shows the list that a job ran beside the list as it is now. */
export async function compareList(
  { list, folder, id }: IJob,
  client: Pick<SavuClient, 'processLists'>,
  commands: CommandRegistry,
  trans: TranslationBundle
): Promise<void> {
  const name = PathExt.basename(list.path);
  const { items } = await client
    .processLists({
      root: folder.root,
      below: PathExt.join(folder.path, LOG_FOLDER)
    })
    .catch(() => ({ items: [] }));
  if (items.length === 0) {
    Notification.warning(
      trans.__(
        'The run folder of %1 holds no list yet: it is written when the engine starts.',
        id
      )
    );
    return;
  }
  const { root, path } = items[0];
  await commands.execute(CommandIDs.compareLists, {
    left: { root, path, title: trans.__('%1 as run', name) },
    right: { root: list.root, path: list.path, title: trans.__('%1 now', name) }
  });
}
