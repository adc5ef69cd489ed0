import React from 'react';

import { bands, type IColours } from '../colours';

interface IScaleProps {
  colours: IColours;
  from: number;
  to: number;
}

/**
 * The colours of values, the lowest at the left. Its parts are plain: the browser draws it anew for
 * each slice, and a gradient would take it as long as the picture.
 */
export function Scale({ colours, from, to }: IScaleProps): JSX.Element {
  const place = (value: number) =>
    Number((((value - from) / (to - from || 1)) * 100).toFixed(1));
  return (
    <svg
      className="jp-SavuSlices-scale"
      viewBox="0 0 100 1"
      preserveAspectRatio="none"
      shapeRendering="crispEdges"
      aria-hidden="true"
    >
      {bands(colours, from, to).map(({ start, end, colour }, index) => (
        <rect
          key={index}
          x={place(start)}
          width={place(end) - place(start)}
          height={1}
          fill={colour}
        />
      ))}
    </svg>
  );
}
