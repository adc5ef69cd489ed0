import { MimeData } from '@lumino/coreutils';
import { Drag } from '@lumino/dragdrop';

import { dragImage, DropTarget, whenDragged } from '../dragging';
import { PLUGINS_MIME } from './clipboard';
import { ROW_HEIGHT } from './components/cards';
import type { ListEditor } from './editor';
import type { IExcerpt } from './shared';

/** Drags plugins until they are dropped. */
export async function dragPlugins(
  excerpt: IExcerpt,
  action: 'copy' | 'move',
  source: ListEditor | null,
  x: number,
  y: number
): Promise<void> {
  const mimeData = new MimeData();
  mimeData.setData(PLUGINS_MIME, excerpt);
  const drag = new Drag({
    mimeData,
    dragImage: dragImage(excerpt.plugins.map(({ name }) => name)),
    proposedAction: action,
    supportedActions: 'copy-move',
    source
  });
  await drag.start(x, y);
}

/** Lets plugins be dragged: within a list they move, to another list they are copied. */
export class PluginDrag extends DropTarget {
  constructor(
    node: HTMLElement,
    private readonly _editor: ListEditor
  ) {
    super(node, ['pointerdown']);
  }

  handleEvent(event: Event): void {
    if (event.type === 'pointerdown') {
      this._press(event as PointerEvent);
    } else {
      this._over(event as Drag.Event);
    }
  }

  private _press(event: PointerEvent): void {
    const card = (event.target as Element).closest('.jp-SavuCard');
    if (!card) {
      return;
    }
    const cards = Array.from(this.node.querySelectorAll('.jp-SavuCard'));
    const index = cards.indexOf(card);
    whenDragged(event, (x, y) => {
      const editor = this._editor;
      if (!editor.selection.includes(index)) {
        editor.select(index);
      }
      const excerpt = editor.list.excerpt(editor.selection);
      void dragPlugins(excerpt, 'move', editor, x, y);
    });
  }

  private _over(event: Drag.Event): void {
    const editor = this._editor;
    if (!event.mimeData.hasData(PLUGINS_MIME) || editor.isReadOnly) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    const isOver =
      event.type === 'lm-dragenter' || event.type === 'lm-dragover';
    this.node.classList.toggle('jp-mod-pluginTarget', isOver);
    if (event.type === 'lm-dragleave') {
      return;
    }
    const gap = this._gapAt(event.clientY);
    this.node.style.setProperty('--jp-savu-drop-row', String(gap));
    const isOwn = event.source === editor;
    event.dropAction = isOwn ? 'move' : 'copy';
    if (event.type !== 'lm-drop') {
      return;
    }
    if (isOwn) {
      const above = editor.selection.filter(index => index < gap).length;
      editor.move(gap - above);
    } else {
      editor.insert(gap, event.mimeData.getData(PLUGINS_MIME) as IExcerpt);
    }
  }

  /** The gap between two plugins that is nearest; 0 is above the first. */
  private _gapAt(y: number): number {
    const rows = this.node.querySelector('.jp-SavuList-rows');
    const top = rows?.getBoundingClientRect().top ?? 0;
    const gap = Math.round((y - top) / ROW_HEIGHT);
    return Math.max(0, Math.min(gap, this._editor.list.length));
  }
}
