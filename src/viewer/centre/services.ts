import type { CommandRegistry } from '@lumino/commands';
import type { ISignal } from '@lumino/signaling';

import type { IPlace, SavuClient } from '../../api';
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

/** Why no trials can be made of a scan, whatever list is open. */
export interface INoTrials {
  why: string;
  /** What changes that. */
  remedy: { label: string; run: () => void } | null;
}

/** What finding a centre needs of the server and of the other areas. */
export interface ICentreServices {
  sourceOf(place: IPlace): ISliceSource;
  /** What `setting` and `running` answer may have changed. */
  readonly changed: ISignal<unknown, { id: string | undefined }>;
  /** What `set` would do; null where there are no process lists. */
  setting(centre: number): ICentreAct | null;
  set(centre: number): void;
  /** Null where trials can be made. */
  readonly noTrials: INoTrials | null;
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
  const none = { isPossible: false, isDone: false, told: '' };
  return {
    ...settingServices(commands, scan),
    sourceOf: place => new ServerSource(client, place),
    noTrials: null,
    running: () => act(commands, CommandIDs.tryCentres, scan) ?? none,
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

/**
 * These services for a scan that only the browser sees: nothing runs on it, and the open list
 * takes its centre whatever it runs on.
 */
export function browserCentreServices(
  commands: CommandRegistry,
  noTrials: INoTrials
): ICentreServices {
  const fail = () => {
    throw new Error(noTrials.why);
  };
  return {
    ...settingServices(commands, {}),
    sourceOf: fail,
    noTrials,
    running: () => ({ isPossible: false, isDone: false, told: noTrials.why }),
    run: fail,
    jobs: null,
    showJob: fail
  };
}

function settingServices(
  commands: CommandRegistry,
  scan: Partial<IPlace>
): Pick<ICentreServices, 'changed' | 'setting' | 'set'> {
  return {
    changed: commands.commandChanged,
    setting: centre => act(commands, CommandIDs.setCentre, { ...scan, centre }),
    set: centre =>
      void commands.execute(CommandIDs.setCentre, { ...scan, centre })
  };
}

function act(
  commands: CommandRegistry,
  command: string,
  args: Partial<IPlace> & { centre?: number }
): ICentreAct | null {
  return commands.hasCommand(command)
    ? {
        isPossible: commands.isEnabled(command, args),
        isDone: commands.isToggled(command, args),
        told: commands.caption(command, args)
      }
    : null;
}
