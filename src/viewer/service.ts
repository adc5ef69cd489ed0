import type { JupyterFrontEnd } from '@jupyterlab/application';
import { MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import { DockPanel, type Widget } from '@lumino/widgets';

import { JUPYTER_ROOT } from '../api';
import type {
  IDataTarget,
  IOpenOptions,
  ISavuJobs,
  ISavuViewer
} from '../tokens';
import type { IFileAccess } from './access';
import type { ICentreServices } from './centre/services';
import { DataView } from './dataView';
import { dataIcon } from '../icons';
import { LOCAL_ROOT } from './local/place';
import type { IRegionActs } from './slices/components/panel';
import { labAddress } from './slices/context';
import type { ISlicePaneProps, IVolumePlace } from './slices/pane';
import type { ISaveContext } from './slices/saving';

/** What views need of JupyterLab and of the other areas. */
export interface IViewerServices {
  /** Lets files from the desktop be dropped on an element. */
  acceptFiles: ISavuViewer['acceptFiles'];
  /** `show` exchanges what the view shows. */
  access: (
    target: IDataTarget,
    show?: (target: IDataTarget) => void
  ) => IFileAccess;
  openMenu: ISlicePaneProps['openMenu'];
  /** What can be done with a region of the data. */
  regionActs: (target: IDataTarget) => IRegionActs | null;
  /** What finding the centre of rotation of a scan needs; null where it cannot be found. */
  centre: (target: IDataTarget) => (() => ICentreServices) | null;
  context: (target: IDataTarget) => ISaveContext;
  /** The user's jobs, where there are any. */
  jobs?: ISavuJobs | null;
  /** Shows what a job has made, also while it runs. */
  openResult?: (id: string) => void;
  /** The volumes that other views show. */
  elsewhere: (target: IDataTarget) => readonly IVolumePlace[];
}

/** A tab that shows data. */
export type DataTab = MainAreaWidget<DataView>;

/** The tabs that show data. */
export class SavuViewer implements ISavuViewer {
  constructor(
    private _shell: JupyterFrontEnd.IShell,
    private _trans: TranslationBundle,
    private _services: IViewerServices
  ) {}

  readonly tracker = new WidgetTracker<DataTab>({
    namespace: 'savu-data'
  });

  get address(): string {
    return labAddress();
  }

  createWidget(target: IDataTarget): DataView {
    const view = new DataView(this._trans, this._services, target);
    this._views.add(view);
    view.disposed.connect(() => this._views.delete(view));
    return view;
  }

  acceptFiles(node: HTMLElement): IDisposable {
    return this._services.acceptFiles(node);
  }

  async open(
    target: IDataTarget,
    { purpose, beside, compared }: IOpenOptions = {}
  ): Promise<Widget> {
    const view = this._find(target, purpose);
    const known = view && tabOf(view);
    if (known) {
      if (!sameData(view.target, target) || purpose) {
        view.target = target;
      }
      view.compare(compared ?? null);
      this._show(known, beside);
      return known;
    }
    const widget = this._createTab(target);
    widget.content.compare(compared ?? null);
    if (purpose) {
      this._purposes.set(widget, purpose);
    }
    const neighbour = beside && this._viewBeside(beside);
    this._shell.add(widget, 'main', {
      activate: !beside,
      mode: beside ? (neighbour ? 'tab-after' : 'split-right') : undefined,
      ref: (neighbour ?? beside)?.id
    });
    await this.tracker.add(widget);
    this._show(widget, beside);
    return widget;
  }

  /** What opens a tab again, with a name that stays while its data changes. */
  memory(tab: DataTab): [string, IDataTarget & { purpose: string | null }] {
    const { target } = tab.content;
    const purpose = this._purposes.get(tab) ?? null;
    return [purpose ?? `${target.root}:${target.path}`, { ...target, purpose }];
  }

  /** The volumes that views of other files show. */
  volumes(except: IDataTarget): IVolumePlace[] {
    return [...this._views].flatMap(({ model, target }) =>
      model && !sameFile(target, except)
        ? [
            {
              file: target.path,
              source: model.source,
              path: model.volume.path,
              title: model.volume.title
            }
          ]
        : []
    );
  }

  /** The view in the given widget, or in its content. */
  viewIn(widget: Widget | null): DataView | null {
    return (
      [...this._views].find(view => widget?.contains(view) ?? false) ?? null
    );
  }

  /** The view of a purpose; without one any view of the file, however it was opened. */
  private _find(target: IDataTarget, purpose?: string): DataView | undefined {
    if (purpose) {
      return this.tracker.find(tab => this._purposes.get(tab) === purpose)
        ?.content;
    }
    const views = [...this._views].filter(
      view => sameFile(view.target, target) && tabOf(view) !== null
    );
    const isOwn = (view: DataView) =>
      !this._purposes.has(tabOf(view) as DataTab);
    return views.find(isOwn) ?? views[0];
  }

  /** Without a widget that keeps the focus, the tab takes it. */
  private _show(widget: Widget, beside?: Widget): void {
    if (!beside) {
      this._shell.activateById(widget.id);
    } else if (widget.parent instanceof DockPanel) {
      widget.parent.selectWidget(widget);
    }
  }

  /** A tab with data that can be seen together with the widget. */
  private _viewBeside(widget: Widget): Widget | undefined {
    return [...this._views]
      .filter(view => view.isVisible)
      .map(view => tabOf(view))
      .find(tab => tab !== null && tab !== widget) as Widget | undefined;
  }

  private _createTab(target: IDataTarget): DataTab {
    const content = this.createWidget(target);
    const widget = new MainAreaWidget({ content });
    widget.id = `jp-savu-data-${++this._count}`;
    widget.title.icon = dataIcon;
    widget.title.closable = true;
    widget.toolbar.hide();
    const name = () => {
      widget.title.label = PathExt.basename(content.target.path);
      widget.title.caption = captionOf(content.target);
      void this.tracker.save(widget);
    };
    name();
    content.targetChanged.connect(name);
    return widget;
  }

  private _count = 0;
  private _purposes = new WeakMap<DataTab, string>();
  private _views = new Set<DataView>();
}

function sameFile(one: IDataTarget, other: IDataTarget): boolean {
  return one.root === other.root && one.path === other.path;
}

function sameData(one: IDataTarget, other: IDataTarget): boolean {
  return (
    sameFile(one, other) && (one.dataset ?? null) === (other.dataset ?? null)
  );
}

function captionOf({ root, path }: IDataTarget): string {
  if (root === LOCAL_ROOT) {
    return PathExt.basename(path);
  }
  return root === JUPYTER_ROOT ? path : `${root}: ${path}`;
}

/** The ancestor that is a tab of the main area. */
function tabOf(widget: Widget): Widget | null {
  let tab: Widget | null = widget;
  while (tab && !(tab.parent instanceof DockPanel)) {
    tab = tab.parent;
  }
  return tab;
}
