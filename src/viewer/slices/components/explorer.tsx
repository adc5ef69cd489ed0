import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import { useFinder } from '../../centre/components/useFinder';
import { CentreView } from '../../centre/components/view';
import type { ICentreServices } from '../../centre/services';
import { describeTrouble } from '../../trouble';
import { type Comparison, endComparing, type LinkedViews } from '../comparing';
import type { IDataset } from '../datasets';
import type { SliceModel } from '../model';
import { savers, type ISaveContext } from '../saving';
import { useSignal } from './hooks';
import { type IRun, LiveNote, Watched } from './live';
import { Panel, type IRegionActs } from './panel';
import { Player } from './player';
import { Stage } from './stage';
import { Toolbar } from './toolbar';

export interface ISliceExplorerProps {
  model: SliceModel;
  trans: TranslationBundle;
  datasets: readonly IDataset[];
  /** The one that is shown. */
  dataset: IDataset;
  onDataset: (path: string) => void;
  openMenu: (
    button: HTMLElement,
    items: readonly { label: string; run: () => void }[]
  ) => void;
  regionActs: IRegionActs | null;
  /** What finding a centre of rotation needs; null where it cannot be found. */
  centre: (() => ICentreServices) | null;
  context: ISaveContext;
  /** The job that writes or wrote the file; null when it is of no known one. */
  run?: IRun | null;
  /** The model, and what it is compared with. */
  views: LinkedViews;
  titleOf: (model: SliceModel) => string;
  /** What the slices can be compared with. */
  partners: () => readonly { label: string; run: () => void }[];
}

/** Slices of one volume, with everything to look at them. */
export function SliceExplorer(props: ISliceExplorerProps): JSX.Element {
  const { model, trans, datasets, onDataset, openMenu, regionActs, views } =
    props;
  const { dataset, run = null } = props;
  useSignal(model.changed);
  useSignal(views.changed);
  const [isPlaying, setPlaying] = React.useState(false);
  const [isPanelOpen, setPanelOpen] = React.useState(true);
  const [comparison, setComparison] = React.useState<Comparison>('beside');
  const node = React.useRef<HTMLDivElement>(null);
  const centre = useFinder(model, props.centre, trans, node);
  const findCentre = () => {
    setPlaying(false);
    centre?.open();
  };
  const focus = (picture: number) =>
    node.current
      ?.querySelectorAll<HTMLElement>('.jp-SavuSlices-picture')
      [picture]?.focus();
  const onKey = (event: React.KeyboardEvent) => {
    const play = () => setPlaying(!isPlaying);
    if (pressed(event, model, { play, findCentre, focus })) {
      event.preventDefault();
      event.stopPropagation();
    }
  };
  const save = (button: HTMLElement) =>
    openMenu(
      button,
      savers(model, props.context, trans).map(({ label, run }) => ({
        label,
        run: () =>
          void run().then(
            told => told && Notification.success(told, { autoClose: 3000 }),
            error => Notification.error((error as Error).message)
          )
      }))
    );
  if (centre?.finder) {
    const { finder, close } = centre;
    return <CentreView finder={finder} trans={trans} onClose={close} />;
  }
  return (
    <div className="jp-SavuSlices" ref={node}>
      <Toolbar
        model={model}
        trans={trans}
        datasets={datasets}
        dataset={dataset}
        onDataset={onDataset}
        onMenu={save}
        isPanelOpen={isPanelOpen}
        onPanel={setPanelOpen}
        count={views.models.length}
        onCentre={centre && findCentre}
        comparison={comparison}
        onComparison={setComparison}
        onCompare={button => openMenu(button, props.partners())}
        onAlone={() => endComparing(views)}
      />
      <div className="jp-SavuSlices-middle">
        <div className="jp-SavuSlices-stage">
          <Stage
            views={views}
            comparison={comparison}
            titleOf={props.titleOf}
            trans={trans}
            onKey={onKey}
          />
          <LiveNote key={model.volume.path} {...{ model, trans, run }} />
          {views.models.slice(1).map((one, index) => (
            <Watched key={index} model={one} run={run} />
          ))}
          {model.trouble !== null && (
            <SliceTrouble model={model} trans={trans} />
          )}
        </div>
        {isPanelOpen && (
          <Panel model={model} trans={trans} regionActs={regionActs} />
        )}
      </div>
      <Player
        model={model}
        trans={trans}
        isPlaying={isPlaying}
        onPlay={setPlaying}
      />
    </div>
  );
}

function SliceTrouble(props: {
  model: SliceModel;
  trans: TranslationBundle;
}): JSX.Element {
  const { model, trans } = props;
  const { title, advice, detail } = describeTrouble(
    model.trouble,
    model.volume.title,
    trans
  );
  const { walk, at } = model.plane;
  const drawn = walk === null ? undefined : model.drawnPlane?.at[walk];
  const stale =
    drawn !== undefined && drawn !== at[walk!]
      ? trans.__('You still see index %1.', drawn)
      : '';
  return (
    <div className="jp-SavuSlices-trouble" role="alert">
      <b>{title}</b>
      <p>
        {detail ?? advice} {stale}
      </p>
      <button
        className="jp-SavuButton jp-mod-outlined"
        onClick={() => model.reload()}
      >
        {trans.__('Retry')}
      </button>
    </div>
  );
}

interface IViewActs {
  play: () => void;
  findCentre: () => void;
  /** Moves the focus to one of the pictures. */
  focus: (picture: number) => void;
}

/** What a key does in the picture; false for other keys. */
function pressed(
  event: React.KeyboardEvent,
  model: SliceModel,
  { play, findCentre, focus }: IViewActs
): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) {
    return false;
  }
  const far = event.shiftKey ? 10 : 1;
  const { walk, at } = model.plane;
  const last = walk === null ? 0 : model.volume.shape[walk] - 1;
  const acts: Record<string, () => void> = {
    ArrowLeft: () => model.walk(-far),
    ArrowRight: () => model.walk(far),
    ArrowDown: () => model.walk(-far),
    ArrowUp: () => model.walk(far),
    PageDown: () => model.walk(-10),
    PageUp: () => model.walk(10),
    Home: () => walk !== null && model.move(walk, 0),
    End: () => walk !== null && model.move(walk, last),
    ' ': play,
    c: findCentre,
    r: () => (model.tool = model.tool === 'region' ? 'pan' : 'region'),
    p: () => (model.tool = model.tool === 'profile' ? 'pan' : 'profile'),
    '0': () => model.setCamera({ zoom: 1, x: 0.5, y: 0.5 }),
    '+': () =>
      model.setCamera({ ...model.camera, zoom: model.camera.zoom * 1.25 }),
    '-': () =>
      model.setCamera({
        ...model.camera,
        zoom: Math.max(1, model.camera.zoom / 1.25)
      }),
    '1': () => focus(0),
    '2': () => focus(1),
    '3': () => focus(2),
    '4': () => focus(3),
    Escape: () => {
      model.region = model.line = null;
      model.tool = 'pan';
    }
  };
  const act =
    acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!act || (walk !== null && at.length === 0)) {
    return false;
  }
  act();
  return true;
}
