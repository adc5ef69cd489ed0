import type { Drag } from '@lumino/dragdrop';

import type { IPlace } from '../api';
import { draggedFile, DropTarget } from '../dragging';
import type { DataActions } from './actions';
import { isDataset, type DataModel } from './model';

/** Lets a process list be dropped on a scan, to run on it. */
export class ListDrop extends DropTarget {
  constructor(
    node: HTMLElement,
    private readonly _model: DataModel,
    private readonly _actions: DataActions
  ) {
    super(node);
  }

  handleEvent(event: Event): void {
    const drag = event as Drag.Event;
    const list = draggedFile(drag);
    if (!list || !this._actions.canRun) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    const row =
      event.type === 'lm-dragleave'
        ? null
        : (event.target as Element).closest<HTMLElement>('.jp-SavuData-row');
    const scan = row ? this._scanOf(row, list) : null;
    this._mark(event.type === 'lm-drop' || !scan ? null : row);
    drag.dropAction = scan ? drag.proposedAction : 'none';
    if (event.type === 'lm-drop' && scan) {
      void this._actions.run(list, scan);
    }
  }

  /** The scan of a row; null for a row of another kind, or of the dragged file itself. */
  private _scanOf(row: HTMLElement, dragged: IPlace): IPlace | null {
    const { root, path } = row.dataset;
    const scan = this._model
      .section('scans')
      .items.find(item => item.root === root && item.path === path);
    const isItself = dragged.root === root && dragged.path === path;
    return scan && isDataset(scan) && !isItself ? scan : null;
  }

  private _mark(row: HTMLElement | null): void {
    for (const other of this.node.querySelectorAll('.jp-mod-dropTarget')) {
      other.classList.toggle('jp-mod-dropTarget', other === row);
    }
    row?.classList.add('jp-mod-dropTarget');
  }
}
