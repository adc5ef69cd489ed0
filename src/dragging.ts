import { MimeData } from '@lumino/coreutils';
import { Drag } from '@lumino/dragdrop';

import { type IPlace, JUPYTER_ROOT } from './api';

/** What Lumino tells the node that something is dragged over. */
const DROP_EVENTS = ['lm-dragenter', 'lm-dragleave', 'lm-dragover', 'lm-drop'];

/** What the file browser drags: paths of files. It moves such files, so that only it may offer them. */
const PATHS = 'application/x-jupyter-icontents';
/** What our panels drag: the place of a file. */
const PLACE = 'application/vnd.savu.place';

/** So many pixels a pointer goes before a press becomes a drag. */
const THRESHOLD = 5;

/** Calls back once the pointer that is down on something has been moved. */
export function whenDragged(
  press: PointerEvent,
  start: (x: number, y: number) => void
): void {
  if (press.button !== 0) {
    return;
  }
  const ended = new AbortController();
  const options = { capture: true, signal: ended.signal };
  const onMove = ({ clientX, clientY }: PointerEvent) => {
    const distance = Math.hypot(
      clientX - press.clientX,
      clientY - press.clientY
    );
    if (distance >= THRESHOLD) {
      ended.abort();
      start(clientX, clientY);
    }
  };
  document.addEventListener('pointermove', onMove, options);
  for (const type of ['pointerup', 'pointercancel']) {
    document.addEventListener(type, () => ended.abort(), options);
  }
}

/** What is dropped on a node, while its widget is attached. */
export abstract class DropTarget implements EventListenerObject {
  /**
   * @param types - what it listens to beside what is dragged over the node.
   */
  constructor(
    protected readonly node: HTMLElement,
    types: readonly string[] = []
  ) {
    this._types = [...types, ...DROP_EVENTS];
  }

  abstract handleEvent(event: Event): void;

  attach(): void {
    for (const type of this._types) {
      this.node.addEventListener(type, this);
    }
  }

  detach(): void {
    for (const type of this._types) {
      this.node.removeEventListener(type, this);
    }
  }

  private readonly _types: readonly string[];
}

/** What follows the pointer. */
export function dragImage(names: readonly string[]): HTMLElement {
  const image = document.createElement('div');
  image.className = 'jp-SavuDrag';
  for (const name of names) {
    const line = document.createElement('div');
    line.textContent = name;
    image.append(line);
  }
  return image;
}

/** Drags a file until it is dropped. */
export async function dragFile(
  { root, path }: IPlace,
  name: string,
  x: number,
  y: number
): Promise<void> {
  const mimeData = new MimeData();
  mimeData.setData(PLACE, { root, path });
  const drag = new Drag({
    mimeData,
    dragImage: dragImage([name]),
    proposedAction: 'link',
    supportedActions: 'all'
  });
  await drag.start(x, y);
}

/** The file that is dragged, whether from our panels or from the file browser. */
export function draggedFile({ mimeData }: Drag.Event): IPlace | null {
  if (mimeData.hasData(PLACE)) {
    return mimeData.getData(PLACE) as IPlace;
  }
  if (mimeData.hasData(PATHS)) {
    const [path] = mimeData.getData(PATHS) as string[];
    return { root: JUPYTER_ROOT, path };
  }
  return null;
}
