/**
 * What was typed and is not in the list yet. Fields keep what is typed for a
 * moment, so that a keystroke costs one field and not the whole list; before
 * the list is saved or run, they hand it over.
 */
export class Drafts {
  /** A field that may hold a draft; answers how to forget it. */
  add(handOver: () => void): () => void {
    this._fields.add(handOver);
    return () => this._fields.delete(handOver);
  }

  /** Puts all drafts into the list. */
  flush(): void {
    this._fields.forEach(handOver => handOver());
  }

  private readonly _fields = new Set<() => void>();
}
