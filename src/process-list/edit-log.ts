import type * as Y from 'yjs';

type StackItem = Y.UndoManager['undoStack'][number];

/** Under this name a step of undo says what it is. */
const TOLD = 'told';

/** The steps of undo and redo with what each of them did. */
export class EditLog {
  constructor(private readonly _manager: Y.UndoManager) {
    const tell = ({ stackItem }: { stackItem: StackItem }) => {
      stackItem.meta.set(TOLD, this.next);
    };
    _manager.on('stack-item-added', tell);
    _manager.on('stack-item-updated', tell);
  }

  /** What the next step does. */
  next = '';

  /** The steps that were done, the first one first. */
  get done(): string[] {
    return this._manager.undoStack.map(told);
  }

  /** The steps that were undone, the one to be redone first. */
  get undone(): string[] {
    return this._manager.redoStack.map(told).reverse();
  }

  /** Whether there was a step to undo. */
  undo(): boolean {
    this.next = this.done.pop() ?? '';
    return this._manager.undo() !== null;
  }

  /** Whether there was a step to redo. */
  redo(): boolean {
    [this.next = ''] = this.undone;
    return this._manager.redo() !== null;
  }

  /** Undoes or redoes until so many steps are done. */
  goTo(count: number): void {
    while (this.done.length > count && this.undo()) {
      // one step back
    }
    while (this.done.length < count && this.redo()) {
      // one step on
    }
  }
}

function told(item: StackItem): string {
  return String(item.meta.get(TOLD) ?? '');
}
