import { Notification } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { IVolumeItem } from '../../api';
import { describeTrouble, type ITrouble } from '../trouble';
import { Loading, Trouble } from '../messages';
import { SliceExplorer, type ISliceExplorerProps } from './components/explorer';
import { endComparing, LinkedViews } from './comparing';
import { datasetsOf, type IDataset, stages, successor } from './datasets';
import { SliceModel } from './model';
import { choices, parsePlane } from './planes';
import type { ISaveContext } from './saving';
import type { ISliceSource } from './source';

export interface ISlicePaneProps extends Pick<
  ISliceExplorerProps,
  'openMenu' | 'regionActs' | 'centre' | 'context' | 'run'
> {
  source: ISliceSource;
  datasets: readonly IVolumeItem[];
  /** The dataset to begin with. */
  first: string;
  /** Its slice to begin with; one in the middle unless given. */
  plane: string | null;
  /** Another number reads everything again; what is looked at stays. */
  generation: number;
  trans: TranslationBundle;
  /** Told of the model that is shown. */
  onModel: (model: SliceModel | null) => void;
  /** As `context`, of another file of the same folder. */
  contextBeside?: (name: string) => ISaveContext;
  /** The path of the file. */
  file: string;
  /** A volume to compare with at once. */
  compared: IVolumePlace | null;
  /** Volumes that are shown elsewhere, to compare with. */
  elsewhere: () => readonly IVolumePlace[];
}

/** A volume, and the path of its file. */
export interface IVolumePlace {
  file: string;
  source: ISliceSource;
  path: string;
  title: string;
}

/** The name of a file, with its folder where another has the same name. */
export function nameAmong(files: readonly string[], file: string): string {
  const name = PathExt.basename(file);
  return files.some(one => one !== file && PathExt.basename(one) === name)
    ? PathExt.join(PathExt.basename(PathExt.dirname(file)), name)
    : name;
}

/** Slices of the datasets of a file, one at a time. */
export function SlicePane(props: ISlicePaneProps): JSX.Element {
  const { source, file, first, generation, trans, onModel, compared } = props;
  const [chosen, setChosen] = React.useState({ source, first, path: first });
  // Another file, or another dataset to begin with, comes before what was chosen of the last.
  const isChosen = chosen.source === source && chosen.first === first;
  const path = isChosen ? chosen.path : first;
  const datasets = React.useMemo(
    () => datasetsOf(props.datasets, source, trans),
    [props.datasets, source]
  );
  const dataset = useStill(datasets, path);
  const choose = (next: string) => setChosen({ source, first, path: next });
  const [model, setModel] = React.useState<SliceModel | null>(null);
  const [views] = React.useState(() => new LinkedViews());
  const [places] = React.useState(
    () => new WeakMap<SliceModel, IVolumePlace>()
  );
  const [waiting, setWaiting] = React.useState<readonly IVolumePlace[]>([]);
  const [trouble, setTrouble] = React.useState<ITrouble | null>(null);
  const [attempt, retry] = React.useReducer((value: number) => value + 1, 0);

  React.useEffect(() => {
    let isCurrent = true;
    setTrouble(null);
    dataset.source.volume(dataset.path).then(
      volume => {
        if (isCurrent) {
          const all = choices(volume, trans);
          const plane =
            props.plane && dataset.path === first
              ? parsePlane(volume, all, props.plane)
              : null;
          const next = new SliceModel(dataset.source, volume, all, plane);
          const [previous, ...compared] = views.models;
          if (previous) {
            next.follow(previous);
          }
          for (const old of views.models) {
            views.remove(old);
          }
          previous?.dispose();
          [next, ...compared].forEach(one => views.add(one));
          setModel(next);
          next.start();
          onModel(next);
        }
      },
      error =>
        isCurrent && setTrouble(describeTrouble(error, dataset.label, trans))
    );
    return () => {
      isCurrent = false;
    };
  }, [source, dataset.path, dataset.file, attempt]);
  React.useEffect(() => {
    model?.reload();
  }, [generation]);
  React.useEffect(
    () => () => {
      onModel(null);
      views.models.forEach(one => one.dispose());
    },
    []
  );

  const isReady = model !== null;
  const compare = async (place: IVolumePlace) => {
    try {
      const volume = await place.source.volume(place.path);
      const added = new SliceModel(
        place.source,
        volume,
        choices(volume, trans)
      );
      places.set(added, place);
      views.add(added);
      added.start();
    } catch (error) {
      Notification.error((error as Error).message);
    }
  };
  React.useEffect(() => {
    if (isReady && compared) {
      void compare(compared);
    }
  }, [isReady, compared]);
  React.useEffect(() => {
    if (waiting.length && model?.volume.path === path) {
      setWaiting([]);
      // One after the other, so that they stand in this order.
      void waiting.reduce(
        (before, place) => before.then(() => compare(place)),
        Promise.resolve()
      );
    }
  }, [model, waiting]);
  const placeOf = ({ source, path, label }: IDataset): IVolumePlace => ({
    file,
    source,
    path,
    title: label
  });
  const context =
    (dataset.file && props.contextBeside?.(dataset.file)) || props.context;
  const together = stages(datasets);
  const partners = () => {
    const others = [
      ...datasets.filter(item => item !== dataset).map(placeOf),
      ...props.elsewhere()
    ];
    const all = [file, ...others.map(place => place.file)];
    const each = others.map(place => ({
      label: `${place.title} (${nameAmong(all, place.file)})`,
      run: () => void compare(place)
    }));
    if (!together) {
      return each;
    }
    const [raw, ...made] = together;
    const walk = {
      label: together.map(({ label }) => label).join(' | '),
      run: () => {
        endComparing(views);
        choose(raw.path);
        setWaiting(made.map(placeOf));
      }
    };
    return [walk, ...each];
  };
  const fileOf = (one: SliceModel) => places.get(one)?.file ?? file;
  const titleOf = (one: SliceModel) => {
    const nameOf = (view: SliceModel) =>
      places.get(view)?.title ?? dataset.label;
    const title = nameOf(one);
    const files = views.models.map(fileOf);
    const name = nameAmong(files, fileOf(one));
    // What all have in common would push what tells them apart out of sight.
    if (new Set(files).size === 1) {
      return title;
    }
    const isSameData = views.models.every(view => nameOf(view) === title);
    return isSameData ? name : `${title} (${name})`;
  };

  if (trouble) {
    return <Trouble trouble={trouble} trans={trans} onRetry={retry} />;
  }
  return model ? (
    <SliceExplorer
      {...props}
      context={context}
      datasets={datasets}
      dataset={dataset}
      model={model}
      views={views}
      titleOf={titleOf}
      partners={partners}
      onDataset={choose}
    />
  ) : (
    <Loading name={dataset.label} trans={trans} />
  );
}

/** The dataset at a path, or what shows the same when it is not offered any more. */
function useStill(datasets: readonly IDataset[], path: string): IDataset {
  const last = React.useRef<IDataset | null>(null);
  last.current =
    datasets.find(item => item.path === path) ??
    (last.current && successor(datasets, last.current)) ??
    datasets[0];
  return last.current;
}
