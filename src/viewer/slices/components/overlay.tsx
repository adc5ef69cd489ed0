import React from 'react';

import type { ISize, View } from '../camera';
import type { SliceModel } from '../model';
import type { Rectangle } from '../values';
import { useSignal } from './hooks';

interface IOverlayProps {
  model: SliceModel;
  view: () => View;
  size: ISize;
}

/** The region and the line that the user drew, over the picture. */
export function Overlay(props: IOverlayProps): JSX.Element | null {
  const { model, view, size } = props;
  useSignal(model.drawn);
  const { region, line } = model;
  if (!region && !line) {
    // Whatever lies over the picture is put together with it for each slice.
    return null;
  }
  const lens = view();
  const point = (x: number, y: number) => {
    const { x: across, y: down } = lens.toScreen({ x, y });
    return `${across.toFixed(1)},${down.toFixed(1)}`;
  };
  const frame = ([top, bottom, left, right]: Rectangle) =>
    [
      point(left, top),
      point(right, top),
      point(right, bottom),
      point(left, bottom)
    ].join(' ');
  const ends = line && [
    point(line[1] + 0.5, line[0] + 0.5),
    point(line[3] + 0.5, line[2] + 0.5)
  ];
  return (
    <svg
      className="jp-SavuSlices-overlay"
      width={size.width}
      height={size.height}
      aria-hidden="true"
    >
      {region && (
        <>
          <polygon className="jp-mod-under" points={frame(region)} />
          <polygon points={frame(region)} />
        </>
      )}
      {ends && (
        <>
          <polyline className="jp-mod-under" points={ends.join(' ')} />
          <polyline points={ends.join(' ')} />
        </>
      )}
    </svg>
  );
}
