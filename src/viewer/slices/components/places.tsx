/** Where a region and a line are, in numbers that can be typed. */
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { SliceModel } from '../model';
import { planeShape } from '../planes';
import type { Line } from '../source';
import type { Rectangle } from '../values';
import { NumberField } from './numberField';

interface IPlaceProps {
  model: SliceModel;
  trans: TranslationBundle;
}

/** The first and the last rows and columns of the region; of the whole plane, while there is none. */
export function RegionFields({ model, trans }: IPlaceProps): JSX.Element {
  const [rows, columns] = planeShape(model.volume, model.plane);
  const region = model.region ?? [0, rows, 0, columns];
  const set = (first: number, length: number, from: number, to: number) => {
    const within = (value: number) =>
      Math.max(0, Math.min(length - 1, Math.round(value)));
    const ends = [within(from), within(to)].sort((one, other) => one - other);
    const next: Rectangle = [region[0], region[1], region[2], region[3]];
    [next[first], next[first + 1]] = [ends[0], ends[1] + 1];
    model.region = next;
  };
  const lines: [string, string, string, number, number][] = [
    [trans.__('Rows'), trans.__('First row'), trans.__('Last row'), 0, rows],
    [
      trans.__('Columns'),
      trans.__('First column'),
      trans.__('Last column'),
      2,
      columns
    ]
  ];
  return (
    <div className="jp-SavuSlices-places">
      {lines.map(([name, first, last, at, length]) => (
        <React.Fragment key={name}>
          <span>{name}</span>
          <NumberField
            label={first}
            value={region[at]}
            onChange={from => set(at, length, from, region[at + 1] - 1)}
          />
          <NumberField
            label={last}
            value={region[at + 1] - 1}
            onChange={to => set(at, length, region[at], to)}
          />
        </React.Fragment>
      ))}
    </div>
  );
}

/** The row and the column of both ends of the line; of the middle row, while there is none. */
export function LineFields({ model, trans }: IPlaceProps): JSX.Element {
  const [rows, columns] = planeShape(model.volume, model.plane);
  const middle = rows >> 1;
  const line: Line = model.line ?? [middle, 0, middle, columns - 1];
  const set = (end: number, value: number) => {
    const last = (end % 2 ? columns : rows) - 1;
    const next: [number, number, number, number] = [...line];
    next[end] = Math.max(0, Math.min(last, value));
    model.line = next;
  };
  const lines: [string, string, string, number][] = [
    [
      trans.__('From'),
      trans.__('Row of the start'),
      trans.__('Column of the start'),
      0
    ],
    [
      trans.__('To'),
      trans.__('Row of the end'),
      trans.__('Column of the end'),
      2
    ]
  ];
  return (
    <div className="jp-SavuSlices-places">
      {lines.map(([name, row, column, at]) => (
        <React.Fragment key={name}>
          <span>{name}</span>
          {[row, column].map((label, k) => (
            <NumberField
              key={label}
              label={label}
              value={rounded(line[at + k])}
              onChange={value => set(at + k, value)}
            />
          ))}
        </React.Fragment>
      ))}
    </div>
  );
}

/** To a tenth of a pixel, which is as fine as anybody draws. */
function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
