import { Notification, ReactWidget } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { UseSignal } from '@jupyterlab/ui-components';
import { type ISignal, Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';
import React from 'react';

import type { IVolumeItem } from '../api';
import type { IDataTarget, IDataWidget, ILook } from '../tokens';
import type { IFileAccess } from './access';
import { Browser } from './browser';
import { Header, type Mode } from './header';
import { Loading, Trouble } from './messages';
import { runOf } from './run';
import type { IRun } from './slices/components/live';
import { applyLook, lookOf } from './slices/looking';
import type { SliceModel } from './slices/model';
import { type IVolumePlace, SlicePane } from './slices/pane';
import { describeTrouble, type ITrouble } from './trouble';
import type { IViewerServices } from './service';

/** Shows the data of one file; the file can be exchanged. */
export class DataView extends ReactWidget implements IDataWidget {
  constructor(
    private _trans: TranslationBundle,
    private _services: IViewerServices,
    target: IDataTarget
  ) {
    super();
    this._target = target;
    this.addClass('jp-SavuViewer');
  }

  get target(): IDataTarget {
    return this._target;
  }
  set target(target: IDataTarget) {
    this._target = target;
    this.reload();
    this._targetChanged.emit();
  }

  get targetChanged(): ISignal<DataView, void> {
    return this._targetChanged;
  }

  /** The slices that are shown; null while there are none. */
  get model(): SliceModel | null {
    return this._model;
  }

  get look(): ILook | null {
    return this._model && lookOf(this._model);
  }

  get lookChanged(): ISignal<DataView, void> {
    return this._lookChanged;
  }

  setLook(look: Partial<ILook>): void {
    const { dataset } = look;
    if (dataset && (this.look?.dataset ?? dataset) !== dataset) {
      this._wanted = look;
      this.target = { ...this._target, dataset };
    } else if (this._model) {
      applyLook(this._model, look);
    } else {
      this._wanted = { ...this._wanted, ...look };
    }
  }

  /** Shows other data in a view that is linked with this one. */
  compare(target: IDataTarget | null): void {
    this._compared = target;
    this._changed.emit();
  }

  dispose(): void {
    if (!this.isDisposed) {
      super.onBeforeDetach(Widget.Msg.BeforeDetach);
    }
    super.dispose();
  }

  /** What is looked at stays when a tab is moved, or a cell scrolls out of a long notebook. */
  protected onBeforeDetach(): void {
    // `dispose` takes the picture down.
  }

  /** Reads the file again. */
  reload(): void {
    this._generation++;
    this._changed.emit();
  }

  protected render(): JSX.Element {
    return (
      <UseSignal signal={this._changed}>
        {() => (
          <DataViewer
            trans={this._trans}
            target={this._target}
            compared={this._compared}
            generation={this._generation}
            services={this._services}
            onReload={() => this.reload()}
            onModel={model => this._follow(model)}
            onTarget={target => {
              this.target = target;
            }}
          />
        )}
      </UseSignal>
    );
  }

  private _follow(model: SliceModel | null): void {
    this._model?.changed.disconnect(this._tell, this);
    this._model = model;
    model?.changed.connect(this._tell, this);
    if (model && this._wanted) {
      applyLook(model, this._wanted);
      this._wanted = null;
    }
    this._tell();
  }

  private _tell(): void {
    this._lookChanged.emit();
  }

  private _changed = new Signal<DataView, void>(this);
  private _compared: IDataTarget | null = null;
  private _generation = 0;
  private _lookChanged = new Signal<DataView, void>(this);
  private _model: SliceModel | null = null;
  private _target: IDataTarget;
  private _targetChanged = new Signal<DataView, void>(this);
  /** What to go to when there are slices. */
  private _wanted: Partial<ILook> | null = null;
}

export interface IDataViewerProps {
  trans: TranslationBundle;
  services: IViewerServices;
  target: IDataTarget;
  /** Other data to show in a view that is linked with this one. */
  compared: IDataTarget | null;
  generation: number;
  onReload: () => void;
  onModel: (model: SliceModel | null) => void;
  /** Exchanges what is shown. */
  onTarget: (target: IDataTarget) => void;
}

type Content =
  | { is: 'loading' }
  | { is: 'trouble'; trouble: ITrouble }
  | {
      is: 'ready';
      key: string;
      access: IFileAccess;
      datasets: IVolumeItem[];
      /** The dataset whose slices are shown first; null when none has slices. */
      first: string | null;
    };

/** The data of one file: slices of its volumes, or everything that is in it. */
export function DataViewer(props: IDataViewerProps): JSX.Element {
  const { trans, services, target, compared, generation, onReload } = props;
  const [content, setContent] = React.useState<Content>({ is: 'loading' });
  const [mode, setMode] = React.useState<Mode>('slices');
  const [attempt, retry] = React.useReducer((value: number) => value + 1, 0);
  const node = React.useRef<HTMLDivElement>(null);
  const width = useFirstWidth(node);
  const isSeen = width > 0;
  const name = PathExt.basename(target.path);
  const key = [target.root, target.path, target.dataset ?? ''].join('\n');

  React.useEffect(() => {
    if (!isSeen) {
      return;
    }
    let current = true;
    const show = (next: Content) => current && setContent(next);
    // What is shown stays until there is something else to show.
    setContent(old => (old.is === 'ready' ? old : { is: 'loading' }));
    const access = services.access(target, props.onTarget);
    load(access, target.dataset).then(
      ({ datasets, first }) => {
        show({ is: 'ready', key, access, datasets, first });
        if (current) {
          setMode(first === null ? 'browser' : 'slices');
        }
      },
      error =>
        show({ is: 'trouble', trouble: describeTrouble(error, name, trans) })
    );
    return () => {
      current = false;
      access.release();
    };
  }, [key, isSeen, attempt]);
  React.useEffect(() => {
    if (content.is === 'trouble') {
      retry();
    }
  }, [generation]);

  const run = useRun(services, target, trans);
  const isFirst = React.useRef(true);
  React.useEffect(() => {
    if (isFirst.current || content.is !== 'ready') {
      isFirst.current = false;
      return;
    }
    // A run links its datasets when they are complete.
    const { access } = content;
    access.source.volumes().then(
      datasets =>
        setContent(now =>
          now.is === 'ready' && now.access === access && datasets.length
            ? { ...now, datasets }
            : now
        ),
      // The slices themselves tell why they cannot be read.
      () => undefined
    );
  }, [generation, run?.state]);

  const [partner, setPartner] = React.useState<IVolumePlace | null>(null);
  React.useEffect(() => {
    let current = true;
    setPartner(null);
    if (compared) {
      partnerOf(services.access(compared), compared).then(
        place => current && setPartner(place),
        error => Notification.error((error as Error).message)
      );
    }
    return () => {
      current = false;
    };
  }, [compared]);

  return (
    <div className="jp-SavuViewer-content" ref={node}>
      {content.is === 'loading' && <Loading name={name} trans={trans} />}
      {content.is === 'trouble' && (
        <Trouble trouble={content.trouble} trans={trans} onRetry={onReload} />
      )}
      {content.is === 'ready' && (
        <>
          <Header
            mode={mode}
            hasSlices={content.first !== null}
            trans={trans}
            onMode={setMode}
            onReload={onReload}
          />
          {content.access.Note && <content.access.Note />}
          <div className="jp-SavuViewer-body" hidden={mode !== 'slices'}>
            {content.first !== null && (
              <SlicePane
                source={content.access.source}
                datasets={content.datasets}
                first={content.first}
                plane={target.plane ?? null}
                file={target.path}
                compared={partner}
                generation={generation}
                trans={trans}
                openMenu={services.openMenu}
                run={run}
                regionActs={services.regionActs(target)}
                centre={services.centre(target)}
                context={services.context(target)}
                contextBeside={file =>
                  services.context({
                    root: target.root,
                    path: PathExt.join(PathExt.dirname(target.path), file)
                  })
                }
                onModel={props.onModel}
                elsewhere={() => services.elsewhere(target)}
              />
            )}
          </div>
          {mode === 'browser' && (
            <div className="jp-SavuViewer-body">
              <Browser
                key={content.key}
                access={content.access}
                target={target}
                generation={generation}
                width={width}
                name={name}
                trans={trans}
              />
            </div>
          )}
        </>
      )}
    </div>
  );
}

/** What is known of the job that makes a file, as it gets further. */
function useRun(
  { jobs, openResult }: IViewerServices,
  target: IDataTarget,
  trans: TranslationBundle
): IRun | null {
  const told = () =>
    jobs ? runOf(jobs, target, id => openResult?.(id), trans) : null;
  const [run, setRun] = React.useState(told);
  React.useEffect(() => {
    const update = () =>
      setRun(old => {
        const next = told();
        // Most changes are of other jobs.
        return JSON.stringify(old) === JSON.stringify(next) ? old : next;
      });
    update();
    jobs?.changed.connect(update);
    return () => {
      jobs?.changed.disconnect(update);
    };
  }, [jobs, target.root, target.path]);
  return run;
}

/** The width of an element when it is first seen; 0 while its tab is behind others. */
function useFirstWidth(node: React.RefObject<HTMLElement>): number {
  const [width, setWidth] = React.useState(0);
  React.useEffect(() => {
    if (width > 0 || !node.current) {
      return;
    }
    const observer = new ResizeObserver(([{ contentRect }]) =>
      setWidth(contentRect.width)
    );
    observer.observe(node.current);
    return () => observer.disconnect();
  }, [node, width]);
  return width;
}

/** Finds what to show: slices of the dataset that is wanted, or of the most telling one. */
async function load(
  access: IFileAccess,
  dataset: string | null | undefined
): Promise<{ datasets: IVolumeItem[]; first: string | null }> {
  await access.check();
  const datasets = await access.source.volumes();
  if (dataset) {
    const wanted = dataset.replace(/^\/*/, '/');
    const isKnown = datasets.some(item => item.path === wanted);
    return { datasets, first: isKnown ? wanted : null };
  }
  const isTelling =
    datasets.length > 0 &&
    (datasets[0].kind !== 'other' || datasets[0].shape.length > 2);
  return { datasets, first: isTelling ? datasets[0].path : null };
}

/** What of a file is compared; null when it has no slices. */
async function partnerOf(
  access: IFileAccess,
  { path: file, dataset }: IDataTarget
): Promise<IVolumePlace | null> {
  const { datasets, first } = await load(access, dataset);
  const item = datasets.find(({ path }) => path === first);
  return item
    ? { file, source: access.source, path: item.path, title: item.title }
    : null;
}
