import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { Message } from '@lumino/messaging';
import { Panel, Widget } from '@lumino/widgets';

import type { IDataWidget, ISavuViewer } from '../tokens';
import { HeightHandle } from './handle';
import { KernelLink, kernelOf } from './link';
import { type IStoredView, isSame, readView, VIEW_MIME } from './stored';

/** Pixels from the visible part of a notebook at which a view begins to load. */
const AHEAD = 200;

/** The slice view in a cell of a notebook; it loads when it comes into sight. */
export class ViewOutput extends Panel implements IRenderMime.IRenderer {
  constructor(
    private readonly _viewer: ISavuViewer,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.addClass('jp-SavuOutput');
    // Letters that work in the view would be commands of the notebook.
    this.node.dataset.lmSuppressShortcuts = 'true';
    this.node.addEventListener('keydown', this._pass);
    this.node.addEventListener('wheel', this._scroll, { capture: true });
    this._sight = new IntersectionObserver(
      entries => entries.some(entry => entry.isIntersecting) && this._load(),
      { rootMargin: `${AHEAD}px 0px` }
    );
  }

  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    const stored = readView(model.data[VIEW_MIME]);
    this._model = model;
    if (stored === null || stored === 'newer') {
      this._explain(stored === 'newer');
      return;
    }
    if (this._stored && isSame(this._stored, stored)) {
      const isLinked = this._stored.name === stored.name;
      this._stored = stored;
      this._setHeight(stored.height);
      if (!isLinked) {
        void this._connect();
      }
      return;
    }
    this._clear();
    this._stored = stored;
    this._handle = new HeightHandle(
      this._trans.__('Height of the view'),
      stored.height
    );
    this._handle.moved.connect((_, height) => this._setHeight(height));
    this._handle.chosen.connect((_, height) => this._keepHeight(height));
    this.addWidget(this._handle);
    this._setHeight(stored.height);
    this._sight.observe(this.node);
  }

  dispose(): void {
    this._sight.disconnect();
    this._link?.dispose();
    super.dispose();
  }

  protected onAfterAttach(msg: Message): void {
    super.onAfterAttach(msg);
    if (this._stored && !this._view) {
      this._sight.observe(this.node);
    }
  }

  private _load(): void {
    this._sight.disconnect();
    if (this._stored && !this._view) {
      this._view = this._viewer.createWidget(this._stored.target);
      this._view.setLook(this._stored.look);
      this.insertWidget(0, this._view);
      void this._connect();
    }
  }

  /** Links the view with the kernel that made it, if it still runs. */
  private async _connect(): Promise<void> {
    const { _stored: stored, _view: view } = this;
    this._link?.dispose();
    this._link = null;
    if (!stored?.name || !view) {
      return;
    }
    const kernel = await kernelOf(this);
    if (kernel && this._stored?.name === stored.name && !view.isDisposed) {
      this._link = new KernelLink(
        view,
        kernel,
        stored.name,
        this._viewer.address
      );
    }
  }

  private _explain(isNewer: boolean): void {
    this._clear();
    const message = new Widget();
    message.addClass('jp-SavuOutput-message');
    message.node.textContent = isNewer
      ? this._trans.__(
          'A newer version of jupyterlab-savu has stored this view. Ask the person who set up this server to update it.'
        )
      : this._trans.__(
          'The notebook does not tell which data this view shows. Run the cell again.'
        );
    this.addWidget(message);
    this.node.style.height = '';
  }

  private _clear(): void {
    this._sight.disconnect();
    this._link?.dispose();
    this._stored = this._view = this._handle = this._link = null;
    for (const widget of [...this.widgets]) {
      widget.dispose();
    }
  }

  private _setHeight(height: number): void {
    this.node.style.height = `${height}px`;
    if (this._handle) {
      this._handle.height = height;
    }
  }

  /** The height that the user has chosen is saved with the notebook. */
  private _keepHeight(height: number): void {
    const { _model: model } = this;
    if (model) {
      const stored = model.data[VIEW_MIME] as ReadonlyPartialJSONObject;
      model.setData({
        data: { ...model.data, [VIEW_MIME]: { ...stored, height } }
      });
    }
  }

  /** With Ctrl or Cmd a key is JupyterLab's, for example to save. */
  private readonly _pass = (event: KeyboardEvent): void => {
    if ((event.ctrlKey || event.metaKey) && !event.defaultPrevented) {
      const told = new KeyboardEvent(event.type, event);
      if (this.node.parentElement?.dispatchEvent(told) === false) {
        event.preventDefault();
      }
      event.stopPropagation();
    }
  };

  /** The wheel scrolls the notebook until the picture is clicked; with Ctrl it zooms. */
  private readonly _scroll = (event: WheelEvent): void => {
    const focused = document.activeElement;
    const isChosen =
      this.node.contains(focused) && focused!.contains(event.target as Node);
    if (!isChosen && !event.ctrlKey && !event.metaKey) {
      event.stopPropagation();
    }
  };

  private _handle: HeightHandle | null = null;
  private _link: KernelLink | null = null;
  private _model: IRenderMime.IMimeModel | null = null;
  private readonly _sight: IntersectionObserver;
  private _stored: IStoredView | null = null;
  private _view: IDataWidget | null = null;
}
