import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { IWidgetTracker } from '@jupyterlab/apputils';

import { CommandIDs, type IOpenProcessList } from '../tokens';
import type { NexusDocument } from './document';
import type { ListEditor } from './editor';
import type { ProcessLists } from './lists';
import { entriesOf, loaderOf } from './loading';

/** What says which scan a picture shows. */
export const SCAN_ARGUMENTS = {
  root: { type: 'string' },
  path: {
    type: 'string',
    description: 'The scan that is looked at; without it, any'
  }
};

/** The editor of the list that was used last. */
export function currentEditor(
  lists: ProcessLists,
  tracker: IWidgetTracker<NexusDocument>
): ListEditor | null {
  const document = tracker.find(
    ({ content }) => content.editor === lists.current
  );
  return document?.content.editor ?? null;
}

/** Whether a list runs on the scan that arguments name; any list does where they name none. */
export function runsOn(
  { scan }: ListEditor,
  { root, path }: ReadonlyPartialJSONObject
): boolean {
  return path === undefined || (scan?.root === root && scan?.path === path);
}

/** Calls `notify` whenever the current list, its content or its scan has changed, and at once. */
export function followCurrent(lists: ProcessLists, notify: () => void): void {
  let followed: IOpenProcessList | null = null;
  const follow = () => {
    followed?.changed.disconnect(notify);
    followed = lists.current;
    followed?.changed.connect(notify);
    notify();
  };
  lists.currentChanged.connect(follow);
  lists.scanChanged.connect(notify);
  follow();
}

/** Adds the command by which a part of a picture is taken over into the current list. */
export function addPreviewCommand(
  commands: CommandRegistry,
  lists: ProcessLists,
  tracker: IWidgetTracker<NexusDocument>,
  trans: TranslationBundle
): void {
  /** The editor of the current list, if it runs on the given scan, or shall, and can be changed. */
  const editorFor = (args: ReadonlyPartialJSONObject): ListEditor | null => {
    const editor = currentEditor(lists, tracker);
    return editor &&
      (args.choosesScan || runsOn(editor, args)) &&
      !editor.isReadOnly
      ? editor
      : null;
  };

  commands.addCommand(CommandIDs.setPreview, {
    label: trans.__('Load Only This Region'),
    caption: args => {
      const editor = editorFor(args);
      const text = editor && previewText(editor, args.preview);
      return text ? `preview ${shown(text)}` : '';
    },
    describedBy: {
      args: {
        type: 'object',
        properties: {
          ...SCAN_ARGUMENTS,
          preview: {
            type: 'array',
            description:
              'For each dimension of the scan, start:stop, or null to leave it as it is'
          },
          choosesScan: {
            type: 'boolean',
            description: 'Whether the list runs on this scan from then on'
          }
        }
      }
    },
    isEnabled: args => {
      const editor = editorFor(args);
      return !!editor && previewText(editor, args.preview) !== null;
    },
    execute: args => {
      const editor = editorFor(args);
      const text = editor && previewText(editor, args.preview);
      if (editor && text) {
        if (args.choosesScan) {
          const scan = { root: String(args.root), path: String(args.path) };
          void lists.chooseScan(editor.path, scan);
        }
        const loader = loaderOf(editor.content);
        editor.list.setParameter(loader, 'preview', text);
        editor.select(loader);
      }
    }
  });

  followCurrent(lists, () =>
    commands.notifyCommandChanged(CommandIDs.setPreview)
  );
}

/**
 * The preview of the loader with some entries replaced, as JSON text; null where there is no
 * loader, or its preview has another form.
 */
function previewText(editor: ListEditor, entries: unknown): string | null {
  const loader = editor.content.plugins[loaderOf(editor.content)];
  if (!loader || !Array.isArray(entries)) {
    return null;
  }
  const known = entriesOf(loader.parameters.preview);
  return (
    known &&
    JSON.stringify(entries.map((entry, index) => entry ?? known[index] ?? ':'))
  );
}

/** As `savu_config` shows it. */
function shown(text: string): string {
  return `[${(JSON.parse(text) as string[]).join(', ')}]`;
}
