import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { IVolumeItem } from '../../api';
import { describeTrouble, type ITrouble } from '../trouble';
import { Trouble } from '../messages';
import { SliceExplorer, type ISliceExplorerProps } from './components/explorer';
import { LinkedViews } from './comparing';
import { SliceModel } from './model';
import { choices, parsePlane } from './planes';
import type { ISliceSource } from './source';

export interface ISlicePaneProps extends Pick<
  ISliceExplorerProps,
  'openMenu' | 'regionAct' | 'context'
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
  /** Volumes that are shown elsewhere, to compare with. */
  elsewhere: () => readonly IVolumePlace[];
}

/** A volume, and the name of its file. */
export interface IVolumePlace {
  name: string;
  source: ISliceSource;
  path: string;
  title: string;
}

/** Slices of the datasets of a file, one at a time. */
export function SlicePane(props: ISlicePaneProps): JSX.Element {
  const { source, first, generation, trans, onModel } = props;
  const [path, setPath] = React.useState(first);
  const [model, setModel] = React.useState<SliceModel | null>(null);
  const [views] = React.useState(() => new LinkedViews());
  const [names] = React.useState(() => new WeakMap<SliceModel, string>());
  const [trouble, setTrouble] = React.useState<ITrouble | null>(null);
  const [attempt, retry] = React.useReducer((value: number) => value + 1, 0);

  React.useEffect(() => setPath(first), [first]);
  React.useEffect(() => {
    let isCurrent = true;
    setTrouble(null);
    source.volume(path).then(
      volume => {
        if (isCurrent) {
          const all = choices(volume, trans);
          const plane =
            props.plane && path === first
              ? parsePlane(volume, all, props.plane)
              : null;
          const next = new SliceModel(source, volume, all, plane);
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
      error => isCurrent && setTrouble(describeTrouble(error, path, trans))
    );
    return () => {
      isCurrent = false;
    };
  }, [source, path, attempt]);
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

  const compare = async (place: IVolumePlace) => {
    try {
      const volume = await place.source.volume(place.path);
      const added = new SliceModel(
        place.source,
        volume,
        choices(volume, trans)
      );
      names.set(added, place.name);
      views.add(added);
      added.start();
    } catch (error) {
      Notification.error((error as Error).message);
    }
  };
  const partners = () =>
    [
      ...props.datasets
        .filter(item => item.path !== path)
        .map(item => ({ ...item, source, name: props.context.name })),
      ...props.elsewhere()
    ].map(place => ({
      label: `${place.title} (${place.name})`,
      run: () => void compare(place)
    }));
  const titleOf = (one: SliceModel) =>
    `${one.volume.title} (${names.get(one) ?? props.context.name})`;

  if (trouble) {
    return <Trouble trouble={trouble} trans={trans} onRetry={retry} />;
  }
  return model ? (
    <SliceExplorer
      {...props}
      model={model}
      views={views}
      titleOf={titleOf}
      partners={partners}
      onDataset={setPath}
    />
  ) : (
    <div className="jp-SavuSlices" />
  );
}
