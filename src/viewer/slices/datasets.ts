import type { TranslationBundle } from '@jupyterlab/translation';

import type { IVolumeItem } from '../../api';
import type { ISliceSource } from './source';

/** A dataset that can be chosen, in the words of users. */
export interface IDataset extends IVolumeItem {
  label: string;
  source: ISliceSource;
}

/**
 * The datasets of a file as they are offered: those of a run on the way from the scan to the
 * result, by the steps that made them; others as the file has them.
 */
export function datasetsOf(
  items: readonly IVolumeItem[],
  source: ISliceSource,
  trans: TranslationBundle
): IDataset[] {
  const isRun = items.some(({ step }) => step);
  const names = new Set(items.flatMap(({ step }) => step?.dataset ?? []));
  const label = ({ kind, step, title }: IVolumeItem) => {
    if (kind === 'scan') {
      return isRun ? trans.__('Raw') : trans.__('Projections');
    }
    if (!step) {
      return title;
    }
    const name = `${step.number} ${step.plugin}`;
    const full = names.size > 1 ? `${name} (${step.dataset})` : name;
    return kind === 'result' ? trans.__('%1: result', full) : full;
  };
  const datasets = items.map(item => ({
    ...item,
    label: label(item),
    source: item.file && source.beside ? source.beside(item.file) : source
  }));
  if (isRun) {
    datasets.sort((one, other) => place(one) - place(other));
  }
  return datasets;
}

/** What shows the same data as a dataset that is not offered any more. */
export function successor(
  datasets: readonly IDataset[],
  gone: IVolumeItem
): IDataset | undefined {
  const same = datasets.find(
    ({ step }) =>
      step &&
      gone.step &&
      step.number === gone.step.number &&
      step.dataset === gone.step.dataset
  );
  return same ?? datasets.find(({ kind }) => kind === gone.kind);
}

/**
 * The stages of a run that are worth a look side by side: the scan, what the last step before the
 * result made of it, and the result. Null where there are not two of them.
 */
export function stages(datasets: readonly IDataset[]): IDataset[] | null {
  const raw = datasets.find(({ kind }) => kind === 'scan');
  const made = datasets.filter(({ step }) => step);
  const result =
    made.find(({ kind }) => kind === 'result') ?? made[made.length - 1];
  const corrected = made
    .filter(
      ({ step, shape }) =>
        result?.step &&
        step!.number < result.step.number &&
        step!.dataset === result.step.dataset &&
        shape.length === result.shape.length
    )
    .pop();
  const found = [raw, corrected, result].filter(one => one !== undefined);
  return made.length > 0 && found.length > 1 ? found : null;
}

/** The scan first, then the steps; what no step made comes last. */
function place({ kind, step }: IVolumeItem): number {
  return kind === 'scan' ? -1 : (step?.number ?? Infinity);
}
