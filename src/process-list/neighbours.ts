import { PathExt } from '@jupyterlab/coreutils';
import type { IDocumentManager } from '@jupyterlab/docmanager';

/**
 * Keeps our files ours where another extension has replaced the document
 * manager's `open`, as jupyterlab-h5web does to open all HDF5 files itself.
 */
export function keepOpening(
  manager: IDocumentManager,
  extensions: readonly string[]
): void {
  if (!Object.hasOwn(manager, 'open')) {
    return;
  }
  const replaced = manager.open;
  const original: IDocumentManager['open'] =
    Object.getPrototypeOf(manager).open;
  manager.open = (path, ...rest) =>
    (extensions.includes(PathExt.extname(path)) ? original : replaced).call(
      manager,
      path,
      ...rest
    );
}
