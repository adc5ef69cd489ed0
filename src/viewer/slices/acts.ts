import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';

import { CommandIDs, type IDataTarget } from '../../tokens';
import type { IRegionActs } from './components/panel';
import type { SliceModel } from './model';
import { isScan } from './planes';

/** Lets a region of a scan become what the open process list loads. */
export function regionActs(
  commands: CommandRegistry,
  target: IDataTarget,
  trans: TranslationBundle
): IRegionActs {
  const of = (model: SliceModel) => {
    const preview = previewOf(model);
    const { root, path } = target;
    const args = { root, path, preview };
    if (!preview || !commands.isEnabled(CommandIDs.setPreview, args)) {
      return null;
    }
    return {
      label: trans.__('Load only this region'),
      hint: commands.caption(CommandIDs.setPreview, args) || null,
      run: () => void commands.execute(CommandIDs.setPreview, args)
    };
  };
  return { changed: commands.commandChanged, of };
}

/**
 * A region as entries of a preview, for those dimensions of a scan that it restricts. Null for
 * what is not a scan: of a result, one cannot tell which columns were seen from where.
 */
export function previewOf(model: SliceModel): (string | null)[] | null {
  const { region, plane, volume } = model;
  if (!region || !isScan(volume)) {
    return null;
  }
  const entries: (string | null)[] = volume.shape.map(() => null);
  plane.shown.forEach((axis, k) => {
    const [start, stop] = region.slice(2 * k, 2 * k + 2);
    if (axis > 0) {
      entries[axis] = `${start}:${stop}`;
    }
  });
  return entries;
}
