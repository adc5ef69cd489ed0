import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { ISize, View } from '../camera';
import type { SliceModel } from '../model';
import { planeShape } from '../planes';
import { useSignal } from './hooks';

interface IRemarkProps {
  model: SliceModel;
  size: ISize;
  view: () => View;
  trans: TranslationBundle;
}

/** A plane that is narrower on the screen is hard to see. */
const NARROW = 16;

/** Says why there is little or nothing to see. */
export function Remark(props: IRemarkProps): JSX.Element | null {
  const { model, size, view, trans } = props;
  useSignal(model.drawn);
  const { slice, histogram, orientation, camera } = model;
  if (!slice || size.width === 0) {
    return null;
  }
  if (!histogram && slice.missing.length === 0) {
    return (
      <p className="jp-SavuSlices-remark" role="status">
        {trans.__('There is no number in this slice, only NaN or infinity.')}
      </p>
    );
  }
  const [rows, columns] = planeShape(model.volume, model.plane);
  const isNarrow =
    view().scale * Math.min(rows, columns) < NARROW && camera.zoom === 1;
  if (orientation.isStretched || !isNarrow) {
    return null;
  }
  return (
    <p className="jp-SavuSlices-remark">
      {trans.__('%1 × %2 pixels', rows, columns)}
      <button
        className="jp-SavuButton jp-mod-outlined"
        // The picture takes the mouse, and the space bar plays.
        onPointerDown={event => event.stopPropagation()}
        onKeyDown={event => event.stopPropagation()}
        onClick={() => model.setOrientation({ isStretched: true })}
      >
        {trans.__('Fill the window')}
      </button>
    </p>
  );
}
