import { Notification } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import type { Drag } from '@lumino/dragdrop';

import type { IPlace } from '../api';
import { draggedFile, DropTarget } from '../dragging';
import type { ListEditor } from './editor';

/** Lets a scan be chosen by dropping it on the editor. */
export class ScanDrop extends DropTarget {
  constructor(
    node: HTMLElement,
    private readonly _editor: ListEditor
  ) {
    super(node);
  }

  handleEvent(event: Event): void {
    const drag = event as Drag.Event;
    const place = draggedFile(drag);
    if (!place) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    this.node.classList.toggle(
      'jp-mod-dropTarget',
      event.type === 'lm-dragenter' || event.type === 'lm-dragover'
    );
    if (event.type === 'lm-dragover') {
      drag.dropAction = drag.proposedAction;
    } else if (event.type === 'lm-drop') {
      drag.dropAction = 'link';
      void this._choose(place);
    }
  }

  /** Chooses a dropped file if it is a scan. */
  private async _choose(place: IPlace): Promise<void> {
    const { client, scans, trans } = this._editor.services;
    const name = PathExt.basename(place.path);
    try {
      const { kind } = await client.file(place);
      if (kind === 'scan') {
        await scans.choose(this._editor.path, place);
      } else {
        Notification.warning(
          trans.__('%1 is not a scan, so that a list cannot run on it.', name)
        );
      }
    } catch (error) {
      Notification.error(
        trans.__('%1 was not chosen. %2', name, (error as Error).message)
      );
    }
  }
}
