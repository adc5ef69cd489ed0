import { Clipboard } from '@jupyterlab/apputils';

import type { ListEditor } from './editor';
import type { IExcerpt } from './shared';

/** Plugins in the form of the API, with all that their file held. */
export const PLUGINS_MIME = 'application/vnd.savu.plugins';

/** Puts the selected plugins on JupyterLab's clipboard. */
export function copy(editor: ListEditor): void {
  if (editor.selection.length > 0) {
    const clipboard = Clipboard.getInstance();
    clipboard.clear();
    clipboard.setData(PLUGINS_MIME, editor.list.excerpt(editor.selection));
  }
}

/** Copies the selected plugins and takes them out. */
export function cut(editor: ListEditor): void {
  if (editor.selection.length > 0) {
    copy(editor);
    editor.remove();
  }
}

/** Puts the plugins on the clipboard in behind the selected ones. */
export function paste(editor: ListEditor): void {
  const excerpt = copied();
  if (excerpt) {
    const { selection } = editor;
    const last = selection.length > 0 ? selection[selection.length - 1] : -1;
    editor.insert(last + 1, excerpt);
  }
}

/** The plugins on the clipboard. */
export function copied(): IExcerpt | null {
  const clipboard = Clipboard.getInstance();
  return clipboard.hasData(PLUGINS_MIME)
    ? (clipboard.getData(PLUGINS_MIME) as IExcerpt)
    : null;
}
