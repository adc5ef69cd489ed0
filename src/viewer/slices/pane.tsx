import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { IVolumeItem } from '../../api';
import { describeTrouble, type ITrouble } from '../trouble';
import { Trouble } from '../messages';
import { SliceExplorer, type ISliceExplorerProps } from './components/explorer';
import { SliceModel } from './model';
import { choices } from './planes';
import type { ISliceSource } from './source';

export interface ISlicePaneProps extends Pick<
  ISliceExplorerProps,
  'openMenu' | 'regionAct' | 'context'
> {
  source: ISliceSource;
  datasets: readonly IVolumeItem[];
  /** The dataset to begin with. */
  first: string;
  /** Another number reads everything again; what is looked at stays. */
  generation: number;
  trans: TranslationBundle;
  /** Told of the model that is shown. */
  onModel: (model: SliceModel | null) => void;
}

/** Slices of the datasets of a file, one at a time. */
export function SlicePane(props: ISlicePaneProps): JSX.Element {
  const { source, first, generation, trans, onModel } = props;
  const [path, setPath] = React.useState(first);
  const [model, setModel] = React.useState<SliceModel | null>(null);
  const [trouble, setTrouble] = React.useState<ITrouble | null>(null);
  const [attempt, retry] = React.useReducer((value: number) => value + 1, 0);

  React.useEffect(() => setPath(first), [first]);
  React.useEffect(() => {
    let isCurrent = true;
    setTrouble(null);
    source.volume(path).then(
      volume => {
        if (isCurrent) {
          const next = new SliceModel(source, volume, choices(volume, trans));
          setModel(previous => {
            if (previous) {
              next.follow(previous);
              previous.dispose();
            }
            return next;
          });
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
    },
    []
  );

  if (trouble) {
    return <Trouble trouble={trouble} trans={trans} onRetry={retry} />;
  }
  return model ? (
    <SliceExplorer {...props} model={model} onDataset={setPath} />
  ) : (
    <div className="jp-SavuSlices" />
  );
}
