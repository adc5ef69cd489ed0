import type { CommandRegistry } from '@lumino/commands';
import type { ISignal } from '@lumino/signaling';

import type { IFrames, IPlace, SavuClient } from '../../api';
import { CommandIDs, type IDataTarget, type ISavuJobs } from '../../tokens';
import { type ISliceSource, ServerSource } from '../slices/source';

/** What can be done with a centre, or with several. */
export interface ICentreAct {
  isPossible: boolean;
  /** Whether the open list has that centre already. */
  isDone: boolean;
  /** What would be set, or why nothing can be. */
  told: string;
}

/** What finding a centre needs of the server and of the other areas. */
export interface ICentreServices {
  frames(path: string): Promise<IFrames>;
  sourceOf(place: IPlace): ISliceSource;
  /** What `setting` and `running` answer may have changed. */
  readonly changed: ISignal<unknown, { id: string | undefined }>;
  /** What `set` would do. */
  setting(centre: number): ICentreAct;
  set(centre: number): void;
  /** What `run` would do. */
  running(): ICentreAct;
  /** Reconstructs a row around each of some centres; answers the id of the job. */
  run(row: number, centres: readonly number[]): Promise<string | null>;
  /** Null where there are no jobs. */
  readonly jobs: ISavuJobs | null;
  showJob(id: string): void;
}

/** These services for a scan on the server. */
export function centreServices(
  commands: CommandRegistry,
  client: SavuClient,
  jobs: ISavuJobs | null,
  { root, path }: IDataTarget
): ICentreServices {
  const scan = { root, path };
  const act = (command: string, args: { centre?: number }): ICentreAct => {
    const all = { ...scan, ...args };
    const isThere = commands.hasCommand(command);
    return {
      isPossible: isThere && commands.isEnabled(command, all),
      isDone: isThere && commands.isToggled(command, all),
      told: isThere ? commands.caption(command, all) : ''
    };
  };
  return {
    frames: dataset => client.frames(scan, dataset),
    sourceOf: place => new ServerSource(client, place),
    changed: commands.commandChanged,
    setting: centre => act(CommandIDs.setCentre, { centre }),
    set: centre =>
      void commands.execute(CommandIDs.setCentre, { ...scan, centre }),
    running: () => act(CommandIDs.tryCentres, {}),
    run: (row, centres) =>
      commands.execute(CommandIDs.tryCentres, {
        ...scan,
        row,
        centres: [...centres]
      }),
    jobs,
    showJob: id => void commands.execute(CommandIDs.showJobs, { id })
  };
}
