import { Notification } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
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
  'openMenu' | 'regionAct' | 'centre' | 'context'
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
  const [path, setPath] = React.useState(first);
  const [model, setModel] = React.useState<SliceModel | null>(null);
  const [views] = React.useState(() => new LinkedViews());
  const [files] = React.useState(() => new WeakMap<SliceModel, string>());
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

  const isReady = model !== null;
  const compare = async (place: IVolumePlace) => {
    try {
      const volume = await place.source.volume(place.path);
      const added = new SliceModel(
        place.source,
        volume,
        choices(volume, trans)
      );
      files.set(added, place.file);
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
  const partners = () => {
    const places = [
      ...props.datasets
        .filter(item => item.path !== path)
        .map(item => ({ ...item, source, file })),
      ...props.elsewhere()
    ];
    const all = [file, ...places.map(place => place.file)];
    return places.map(place => ({
      label: `${place.title} (${nameAmong(all, place.file)})`,
      run: () => void compare(place)
    }));
  };
  const fileOf = (one: SliceModel) => files.get(one) ?? file;
  const titleOf = (one: SliceModel) => {
    const { title } = one.volume;
    const name = nameAmong(views.models.map(fileOf), fileOf(one));
    const isSameData = views.models.every(
      other => other.volume.title === title
    );
    // What all have in common would push what tells them apart out of sight.
    return isSameData && views.models.length > 1 ? name : `${title} (${name})`;
  };

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
