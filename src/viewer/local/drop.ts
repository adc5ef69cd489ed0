import { type IDisposable, DisposableDelegate } from '@lumino/disposable';

/** Parts that have a use of their own for files. */
const TAKEN = '.jp-DirListing, .cm-editor';
const EVENTS = ['dragenter', 'dragover', 'dragleave', 'drop'] as const;

/** Lets files from the desktop be dropped on an element, which says so while they are over it. */
export function acceptFiles(
  node: HTMLElement,
  hint: string,
  open: (files: File[]) => void
): IDisposable {
  const overlay = document.createElement('div');
  overlay.className = 'jp-SavuFileDrop';
  overlay.setAttribute('aria-hidden', 'true');
  const text = document.createElement('span');
  text.className = 'jp-SavuFileDrop-hint';
  text.textContent = hint;
  overlay.append(text);

  const onDrag = (event: DragEvent) => {
    const data = event.dataTransfer;
    const isOurs =
      !event.defaultPrevented && !(event.target as Element).closest(TAKEN);
    const leads = event.relatedTarget as Node | null;
    const isLeaving = event.type === 'dragleave' && !node.contains(leads);
    if (!data?.types.includes('Files') || !isOurs || isLeaving) {
      overlay.remove();
      return;
    }
    event.preventDefault();
    data.dropEffect = 'copy';
    if (event.type !== 'drop') {
      node.append(overlay);
      return;
    }
    overlay.remove();
    open([...data.files]);
  };
  EVENTS.forEach(type => node.addEventListener(type, onDrag));
  return new DisposableDelegate(() => {
    overlay.remove();
    EVENTS.forEach(type => node.removeEventListener(type, onDrag));
  });
}
