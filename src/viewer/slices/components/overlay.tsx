import React from 'react';

import type { ISize, View } from '../camera';
import type { SliceModel } from '../model';
import { useSignal } from './hooks';

interface IOverlayProps {
  model: SliceModel;
  view: () => View;
  size: ISize;
}

/** The region and the line that the user drew, over the picture. */
export function Overlay({ model, view, size }: IOverlayProps): JSX.Element {
  useSignal(model.drawn);
  const { region, line } = model;
  const lens = view();
  const point = (x: number, y: number) => {
    const { x: across, y: down } = lens.toScreen({ x, y });
    return `${across.toFixed(1)},${down.toFixed(1)}`;
  };
  const corners = region && [
    point(region[2], region[0]),
    point(region[3], region[0]),
    point(region[3], region[1]),
    point(region[2], region[1])
  ];
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
      {corners && (
        <>
          <polygon className="jp-mod-under" points={corners.join(' ')} />
          <polygon points={corners.join(' ')} />
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
