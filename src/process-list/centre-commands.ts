import { Notification, type IWidgetTracker } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import { CommandIDs } from '../tokens';
import {
  centreOf,
  centreText,
  columnsOf,
  measuringOf,
  moverOf,
  reconstructionOf,
  trialOf
} from './centre';
import type { NexusDocument } from './document';
import type { ListEditor } from './editor';
import type { ProcessLists } from './lists';
import {
  currentEditor,
  followCurrent,
  runsOn,
  SCAN_ARGUMENTS
} from './picture-commands';

/** Columns; centres are told in hundredths of them. */
const SAME = 0.005;

/**
 * Adds the commands by which a column of a scan becomes the centre of rotation of the current
 * list, or several are tried. Their captions say what they would set, or why they cannot.
 */
export function addCentreCommands(
  commands: CommandRegistry,
  lists: ProcessLists,
  tracker: IWidgetTracker<NexusDocument>,
  trans: TranslationBundle
): void {
  const current = () => currentEditor(lists, tracker);
  const obstacle = (args: ReadonlyPartialJSONObject): string | null =>
    obstacleTo(current(), args, trans);

  commands.addCommand(CommandIDs.setCentre, {
    label: trans.__('Set Centre of Rotation'),
    caption: args => obstacle(args) ?? consequence(current()!, args, trans),
    describedBy: {
      args: {
        type: 'object',
        properties: {
          ...SCAN_ARGUMENTS,
          centre: {
            type: 'number',
            description: 'The column of the whole frame, from 0'
          }
        }
      }
    },
    isEnabled: args => obstacle(args) === null,
    isToggled: args => {
      const editor = current();
      const known = editor && runsOn(editor, args) && centreOf(editor.content);
      return (
        typeof known === 'number' &&
        Math.abs(known - Number(args.centre)) < SAME
      );
    },
    execute: args => {
      if (obstacle(args) === null) {
        setCentre(current()!, Number(args.centre), trans);
      }
    }
  });

  commands.addCommand(CommandIDs.tryCentres, {
    label: trans.__('Try Centres of Rotation'),
    caption: args =>
      obstacle(args) ??
      (current()?.running.queueFor('preview')
        ? ''
        : trans.__('The server offers no queue for this.')),
    describedBy: {
      args: {
        type: 'object',
        properties: {
          ...SCAN_ARGUMENTS,
          row: { type: 'number', description: 'The row of the frames, from 0' },
          centres: {
            type: 'array',
            items: { type: 'number' },
            description: 'Columns of the whole frame, from 0'
          }
        }
      }
    },
    isEnabled: args =>
      obstacle(args) === null && !!current()?.running.queueFor('preview'),
    execute: async args =>
      obstacle(args) === null
        ? tryCentres(current()!, Number(args.row), args.centres as number[])
        : null
  });

  followCurrent(lists, () => {
    commands.notifyCommandChanged(CommandIDs.setCentre);
    commands.notifyCommandChanged(CommandIDs.tryCentres);
  });
}

/** Why the centre of the list cannot be a column of a scan; null when it can. */
function obstacleTo(
  editor: ListEditor | null,
  args: ReadonlyPartialJSONObject,
  trans: TranslationBundle
): string | null {
  if (!editor) {
    return trans.__('Open the process list that shall take the centre.');
  }
  const { name, content } = editor;
  if (!runsOn(editor, args)) {
    return trans.__(
      '%1 runs on another scan: choose this one in its toolbar.',
      name
    );
  }
  if (editor.isReadOnly) {
    return trans.__('%1 cannot be changed.', name);
  }
  if (reconstructionOf(content) < 0) {
    return trans.__('%1 has no plugin with a centre of rotation.', name);
  }
  const mover = moverOf(content);
  if (mover) {
    return trans.__(
      '%1 comes before the reconstruction of %2 and moves the columns, so that no column of the scan is its centre.',
      mover.name,
      name
    );
  }
  return columnsOf(content)
    ? null
    : trans.__(
        'The preview of the loader in %1 does not say in numbers which columns it takes: write them as 100:900.',
        name
      );
}

/** What setting the centre changes, in words. */
function consequence(
  { content, name }: ListEditor,
  { centre, path }: ReadonlyPartialJSONObject,
  trans: TranslationBundle
): string {
  const value = `centre_of_rotation ${centreText(Number(centre), columnsOf(content)!)}`;
  // Which list it is cannot be told by its scan where no scan is named.
  const text = path === undefined ? trans.__('%1 in %2', value, name) : value;
  const names = namesOf(content, measuringOf(content));
  return names ? trans.__('%1, and %2 off', text, names) : text;
}

/** Sets the centre in one step, and switches off what would measure another one. */
function setCentre(
  editor: ListEditor,
  centre: number,
  trans: TranslationBundle
): void {
  const { content, list } = editor;
  const index = reconstructionOf(content);
  const measuring = measuringOf(content);
  const text = centreText(centre, columnsOf(content)!);
  if (measuring.length) {
    list.setActive(measuring, false);
    Notification.info(
      trans.__(
        '%1 is off now: the centre that it measures would take the place of yours.',
        namesOf(content, measuring)
      ),
      { autoClose: 5000 }
    );
  }
  list.setParameter(index, 'centre_of_rotation', text, measuring.length > 0);
  editor.select(index);
}

/** Reconstructs one row around several centres; the list stays. Answers the id of the job. */
async function tryCentres(
  editor: ListEditor,
  row: number,
  centres: readonly number[]
): Promise<string | null> {
  const { path, content, scan, services } = editor;
  const queue = editor.running.queueFor('preview');
  if (!queue || !scan || !services.jobs) {
    return null;
  }
  const trial = trialOf(content, centres, columnsOf(content)!);
  const job = await services.jobs.submit(
    queue.name,
    { path, content: trial },
    scan,
    { rows: String(row), isFollowed: true }
  );
  return job?.id ?? null;
}

function namesOf(
  { plugins }: ListEditor['content'],
  indices: readonly number[]
): string {
  return indices.map(index => plugins[index].name).join(', ');
}
