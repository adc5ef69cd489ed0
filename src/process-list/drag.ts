import { MimeData } from '@lumino/coreutils';
import { Drag } from '@lumino/dragdrop';

import { PLUGINS_MIME } from './clipboard';
import { ROW_HEIGHT } from './components/cards';
import { DROP_EVENTS } from './drop';
import type { ListEditor } from './editor';
import type { IExcerpt } from './shared';

/** So many pixels a pointer goes before a press becomes a drag. */
const THRESHOLD = 5;

/** Lets plugins be dragged: within a list they move, to another list they are copied. */
export class PluginDrag implements EventListenerObject {
  constructor(
    private readonly _node: HTMLElement,
    private readonly _editor: ListEditor
  ) {}

  attach(): void {
    for (const type of ['pointerdown', ...DROP_EVENTS]) {
      this._node.addEventListener(type, this);
    }
  }

  detach(): void {
    this._release();
    this._drag?.dispose();
    for (const type of ['pointerdown', ...DROP_EVENTS]) {
      this._node.removeEventListener(type, this);
    }
  }

  handleEvent(event: Event): void {
    switch (event.type) {
      case 'pointerdown':
        this._press(event as PointerEvent);
        break;
      case 'pointermove':
        this._move(event as PointerEvent);
        break;
      case 'pointerup':
      case 'pointercancel':
        this._release();
        break;
      default:
        this._over(event as Drag.Event);
    }
  }

  private _press(event: PointerEvent): void {
    const card = (event.target as Element).closest('.jp-SavuCard');
    if (event.button !== 0 || !card) {
      return;
    }
    const cards = Array.from(this._node.querySelectorAll('.jp-SavuCard'));
    this._pressed = {
      index: cards.indexOf(card),
      x: event.clientX,
      y: event.clientY
    };
    for (const type of PRESS_EVENTS) {
      document.addEventListener(type, this, true);
    }
  }

  private _release(): void {
    this._pressed = null;
    for (const type of PRESS_EVENTS) {
      document.removeEventListener(type, this, true);
    }
  }

  private _move({ clientX, clientY }: PointerEvent): void {
    const pressed = this._pressed;
    if (
      pressed &&
      Math.hypot(clientX - pressed.x, clientY - pressed.y) >= THRESHOLD
    ) {
      this._release();
      this._start(pressed.index, clientX, clientY);
    }
  }

  private _start(index: number, x: number, y: number): void {
    const editor = this._editor;
    if (!editor.selection.includes(index)) {
      editor.select(index);
    }
    const excerpt = editor.list.excerpt(editor.selection);
    const mimeData = new MimeData();
    mimeData.setData(PLUGINS_MIME, excerpt);
    this._drag = new Drag({
      mimeData,
      dragImage: imageOf(excerpt),
      proposedAction: 'move',
      supportedActions: 'copy-move',
      source: editor
    });
    void this._drag.start(x, y).then(() => {
      this._drag = null;
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
    this._node.classList.toggle('jp-mod-pluginTarget', isOver);
    if (event.type === 'lm-dragleave') {
      return;
    }
    const gap = this._gapAt(event.clientY);
    this._node.style.setProperty('--jp-savu-drop-row', String(gap));
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
    const rows = this._node.querySelector('.jp-SavuList-rows');
    const top = rows?.getBoundingClientRect().top ?? 0;
    const gap = Math.round((y - top) / ROW_HEIGHT);
    return Math.max(0, Math.min(gap, this._editor.list.length));
  }

  private _pressed: { index: number; x: number; y: number } | null = null;
  private _drag: Drag | null = null;
}

const PRESS_EVENTS = ['pointermove', 'pointerup', 'pointercancel'];

function imageOf({ plugins }: IExcerpt): HTMLElement {
  const image = document.createElement('div');
  image.className = 'jp-SavuDrag';
  for (const { name } of plugins) {
    const line = document.createElement('div');
    line.textContent = name;
    image.append(line);
  }
  return image;
}
