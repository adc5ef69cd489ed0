import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import { short } from '../planes';
import type { IProfile } from '../source';

interface IProfileChartProps {
  profile: IProfile;
  trans: TranslationBundle;
}

const [WIDTH, HEIGHT] = [240, 90];

/** Values along a line, and the one at the mouse. */
export function ProfileChart(props: IProfileChartProps): JSX.Element {
  const { profile, trans } = props;
  const { values, distances } = profile;
  const [index, setIndex] = React.useState<number | null>(null);
  const known = values.filter(value => value !== null) as number[];
  const low = Math.min(...known);
  const high = Math.max(...known);
  const length = distances[distances.length - 1] || 1;
  const x = (distance: number) => (distance / length) * WIDTH;
  const y = (value: number) =>
    HEIGHT - 2 - ((value - low) / (high - low || 1)) * (HEIGHT - 4);
  const path = values
    .map((value, k) =>
      value === null
        ? ''
        : `${k && values[k - 1] !== null ? 'L' : 'M'}${x(distances[k]).toFixed(1)},${y(value).toFixed(1)}`
    )
    .join('');
  const point = (event: React.PointerEvent<SVGSVGElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const fraction = (event.clientX - left) / width;
    setIndex(
      Math.max(
        0,
        Math.min(values.length - 1, Math.round(fraction * (values.length - 1)))
      )
    );
  };
  const shown = index === null ? null : values[index];
  return (
    <figure className="jp-SavuSlices-profile">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={trans.__(
          'Profile of %1 values from %2 to %3',
          values.length,
          short(low),
          short(high)
        )}
        onPointerMove={point}
        onPointerLeave={() => setIndex(null)}
      >
        <path d={path} />
        {index !== null && (
          <line
            x1={x(distances[index])}
            x2={x(distances[index])}
            y1={0}
            y2={HEIGHT}
          />
        )}
      </svg>
      <figcaption>
        {index === null
          ? trans.__(
              '%1 px long, %2 to %3',
              length.toFixed(1),
              short(low),
              short(high)
            )
          : trans.__(
              '%1 at %2 px',
              shown === null ? trans.__('no number') : short(shown),
              distances[index].toFixed(1)
            )}
      </figcaption>
    </figure>
  );
}
