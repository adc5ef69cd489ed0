import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { IPoint } from '../camera';
import type { SliceModel } from '../model';
import { axisName, axisValue, planeShape, short } from '../planes';
import { valueAt } from '../values';

interface IReadoutProps {
  model: SliceModel;
  cursor: IPoint | null;
  trans: TranslationBundle;
}

/** Where the mouse is, and the value there. */
export function Readout(props: IReadoutProps): JSX.Element | null {
  const { model, cursor, trans } = props;
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
  const slices = [model.detail, model.slice].filter(slice => slice !== null);
  const known = slices
    .map(slice => valueAt(slice, row, column))
    .find(value => value !== null);
  const unit = model.volume.unit ? ` ${model.volume.unit}` : '';
  return (
    <div className="jp-SavuSlices-readout">
      <span>{place.join(' · ')}</span>
      {known !== undefined && (
        <b>
          {Number.isNaN(known) ? trans.__('no number') : short(known!) + unit}
        </b>
      )}
    </div>
  );
}
