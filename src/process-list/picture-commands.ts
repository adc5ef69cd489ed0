import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { IWidgetTracker } from '@jupyterlab/apputils';

import { CommandIDs } from '../tokens';
import type { NexusDocument } from './document';
import type { ListEditor } from './editor';
import type { ProcessLists } from './lists';

/** Adds the commands by which what is seen in a picture is taken over into the current list. */
export function addPictureCommands(
  commands: CommandRegistry,
  lists: ProcessLists,
  tracker: IWidgetTracker<NexusDocument>,
  trans: TranslationBundle
): void {
  /** The editor of the current list, if it runs on the given scan and can be changed. */
  const editorFor = (args: ReadonlyPartialJSONObject): ListEditor | null => {
    const document = tracker.find(
      ({ content }) => content.editor === lists.current
    );
    const editor = document?.content.editor;
    const scan = editor?.scan;
    const isSame = scan?.root === args.root && scan?.path === args.path;
    return editor && isSame && !editor.isReadOnly ? editor : null;
  };
  const place = {
    root: { type: 'string' },
    path: { type: 'string', description: 'The scan that is looked at' }
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
          ...place,
          preview: {
            type: 'array',
            description:
              'For each dimension of the scan, start:stop, or null to leave it as it is'
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
        const loader = loaderOf(editor);
        editor.list.setParameter(loader, 'preview', text);
        editor.select(loader);
      }
    }
  });

  commands.addCommand(CommandIDs.setCentre, {
    label: trans.__('Set Centre of Rotation'),
    describedBy: {
      args: {
        type: 'object',
        properties: {
          ...place,
          centre: {
            type: 'number',
            description: 'The column of the whole frame, from 0'
          }
        }
      }
    },
    isEnabled: args => {
      const editor = editorFor(args);
      return !!editor && reconstructionOf(editor) >= 0;
    },
    execute: args => {
      const editor = editorFor(args);
      const index = editor ? reconstructionOf(editor) : -1;
      if (editor && index >= 0) {
        const centre = Number(args.centre) - firstColumn(editor);
        const text = Number.isInteger(centre)
          ? `${centre}.0`
          : String(Math.round(centre * 100) / 100);
        editor.list.setParameter(index, 'centre_of_rotation', text);
        editor.select(index);
      }
    }
  });
}

/** The first plugin that has a preview of its own. */
function loaderOf({ content }: ListEditor): number {
  return content.plugins.findIndex(({ parameters }) => 'preview' in parameters);
}

function reconstructionOf({ content }: ListEditor): number {
  return content.plugins.findIndex(
    ({ active, parameters }) => active && 'centre_of_rotation' in parameters
  );
}

/**
 * The preview of the loader with some entries replaced, as JSON text; null where there is no
 * loader, or its preview has another form.
 */
function previewText(editor: ListEditor, entries: unknown): string | null {
  const loader = editor.content.plugins[loaderOf(editor)];
  if (!loader || !Array.isArray(entries)) {
    return null;
  }
  const known = entriesOf(loader.parameters.preview);
  return (
    known &&
    JSON.stringify(entries.map((entry, index) => entry ?? known[index] ?? ':'))
  );
}

/** The entries of a preview; null for a form that has none, such as one a dataset. */
function entriesOf(text: string): string[] | null {
  const value: unknown = JSON.parse(text);
  return Array.isArray(value) ? value.map(String) : null;
}

/** The first column that is loaded: centres count from there. */
function firstColumn(editor: ListEditor): number {
  const loader = editor.content.plugins[loaderOf(editor)];
  const columns = loader && entriesOf(loader.parameters.preview)?.[2];
  return Number(columns?.match(/^\s*(\d+):/)?.[1] ?? 0);
}

/** As `savu_config` shows it. */
function shown(text: string): string {
  return `[${(JSON.parse(text) as string[]).join(', ')}]`;
}
