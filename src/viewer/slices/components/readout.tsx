import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { IPoint } from '../camera';
import type { IDrawable } from '../drawable';
import type { SliceModel } from '../model';
import { axisName, axisValue, planeShape, short } from '../planes';
import { valueAt } from '../values';

interface IReadoutProps {
  model: SliceModel;
  /** What is drawn; the value of each is told. */
  drawables: readonly IDrawable[];
  cursor: IPoint | null;
  trans: TranslationBundle;
}

/** Where the mouse is, and the value there. */
export function Readout(props: IReadoutProps): JSX.Element | null {
  const { model, drawables, cursor, trans } = props;
  const [rows, columns] = planeShape(model.volume, model.plane);
  const row = Math.floor(cursor?.y ?? -1);
  const column = Math.floor(cursor?.x ?? -1);
  if (row < 0 || column < 0 || row >= rows || column >= columns) {
    return null;
  }
  const place = [row, column].map((index, k) => {
    const axis = model.plane.shown[k];
    const value = axisValue(model.volume, axis, index);
    const name = axisName(model.volume, axis, trans);
    return value === null || value.split(' ')[0] === String(index)
      ? `${name} ${index}`
      : `${name} ${index} (${value})`;
  });
  const known = drawables
    .map(({ detail, slice }) =>
      [detail, slice]
        .map(one => one && valueAt(one, row, column))
        .find(value => value !== null)
    )
    .filter(value => value !== undefined);
  const unit = model.volume.unit ? ` ${model.volume.unit}` : '';
  const told = known.map(value =>
    Number.isNaN(value) ? trans.__('no number') : short(value) + unit
  );
  return (
    <div className="jp-SavuSlices-readout">
      <span>{place.join(' · ')}</span>
      {told.length > 0 && <b>{told.join(' | ')}</b>}
    </div>
  );
}
