import { type ISignal, Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';

import { HEIGHTS, limited } from './stored';

const STEP = 20;
const FAR = 100;

/** The lower edge of something, by which its height is changed. */
export class HeightHandle extends Widget {
  constructor(label: string, height: number) {
    super();
    this._height = height;
    this.addClass('jp-SavuOutput-handle');
    const { node } = this;
    node.tabIndex = 0;
    node.title = label;
    node.setAttribute('role', 'separator');
    node.setAttribute('aria-orientation', 'horizontal');
    node.setAttribute('aria-label', label);
    node.setAttribute('aria-valuemin', String(HEIGHTS.least));
    node.setAttribute('aria-valuemax', String(HEIGHTS.most));
    this._tell();
    node.addEventListener('pointerdown', this._begin);
    node.addEventListener('keydown', this._press);
  }

  get height(): number {
    return this._height;
  }
  set height(height: number) {
    this._height = limited(height);
    this._tell();
  }

  /** The height while it is dragged. */
  get moved(): ISignal<this, number> {
    return this._moved;
  }

  /** The height that was chosen. */
  get chosen(): ISignal<this, number> {
    return this._chosen;
  }

  private readonly _begin = (event: PointerEvent): void => {
    if (event.button !== 0) {
      return;
    }
    const { node } = this;
    const [from, before] = [event.clientY, this._height];
    const move = ({ clientY }: PointerEvent) =>
      this._move(before + clientY - from);
    const end = () => {
      node.removeEventListener('pointermove', move);
      node.removeEventListener('pointerup', end);
      node.removeEventListener('pointercancel', end);
      if (this._height !== before) {
        this._chosen.emit(this._height);
      }
    };
    node.setPointerCapture(event.pointerId);
    node.addEventListener('pointermove', move);
    node.addEventListener('pointerup', end);
    node.addEventListener('pointercancel', end);
  };

  private readonly _press = (event: KeyboardEvent): void => {
    const step = event.shiftKey ? FAR : STEP;
    const by: Record<string, number> = { ArrowUp: -step, ArrowDown: step };
    if (by[event.key]) {
      event.preventDefault();
      event.stopPropagation();
      this._move(this._height + by[event.key]);
      this._chosen.emit(this._height);
    }
  };

  private _move(height: number): void {
    this.height = height;
    this._moved.emit(this._height);
  }

  private _tell(): void {
    this.node.setAttribute('aria-valuenow', String(this._height));
  }

  private readonly _chosen = new Signal<this, number>(this);
  private _height: number;
  private readonly _moved = new Signal<this, number>(this);
}
