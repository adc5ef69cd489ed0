import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import { condensed } from '../histogram';
import type { SliceModel } from '../model';
import { short } from '../planes';
import { useSignal } from './hooks';
import { NumberField } from './numberField';
import { Scale } from './scale';

interface IContrastProps {
  model: SliceModel;
  trans: TranslationBundle;
}

const BARS = 128;
const HEIGHT = 64;

/** The histogram, and which of its values are drawn darkest and brightest. */
export function Contrast({ model, trans }: IContrastProps): JSX.Element {
  useSignal(model.changed);
  const { colours, histogram } = model;
  const { low, high } = colours;
  const width = high - low;
  const setLimits = (darkest: number, brightest: number) =>
    model.setColours({ low: darkest, high: brightest });
  return (
    <section>
      <h3>{trans.__('Contrast')}</h3>
      {histogram && (
        <>
          <Histogram model={model} trans={trans} />
          <Scale colours={colours} from={histogram.low} to={histogram.high} />
        </>
      )}
      <div className="jp-SavuSlices-limits">
        <NumberField
          label={trans.__('Darkest value')}
          value={low}
          onChange={next => setLimits(next, next < high ? high : next + width)}
        />
        <NumberField
          label={trans.__('Brightest value')}
          value={high}
          onChange={next => setLimits(low < next ? low : next - width, next)}
        />
      </div>
      <div className="jp-SavuSlices-automatic">
        <button
          className="jp-SavuButton jp-mod-outlined"
          title={trans.__(
            'All but the darkest and brightest half percent of this slice'
          )}
          onClick={() => model.fitContrast(model.isAutomatic)}
        >
          {trans.__('Fit to slice')}
        </button>
        <label>
          <input
            type="checkbox"
            checked={model.isAutomatic}
            onChange={event => model.fitContrast(event.target.checked)}
          />
          {trans.__('each slice')}
        </label>
      </div>
    </section>
  );
}

function Histogram({ model, trans }: IContrastProps): JSX.Element {
  const { colours } = model;
  const { low, high } = model.histogram!;
  const bars = React.useMemo(
    () => condensed(model.histogram!, BARS).map(count => Math.log1p(count)),
    [model.histogram]
  );
  const most = Math.max(...bars) || 1;
  const grip = React.useRef<'low' | 'high' | null>(null);
  const place = (value: number) =>
    Math.max(0, Math.min(1, (value - low) / (high - low))) * BARS;
  const take = (event: React.PointerEvent<SVGSVGElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const fraction = Math.max(0, Math.min(1, (event.clientX - left) / width));
    const value = low + fraction * (high - low);
    grip.current ??=
      Math.abs(value - colours.low) < Math.abs(value - colours.high)
        ? 'low'
        : 'high';
    // Values of any size stay apart.
    const least = (high - low) / (8 * BARS);
    if (grip.current === 'low') {
      model.setColours({ low: Math.min(value, colours.high - least) });
    } else {
      model.setColours({ high: Math.max(value, colours.low + least) });
    }
  };
  return (
    <svg
      className="jp-SavuSlices-histogram"
      viewBox={`0 0 ${BARS} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={trans.__('Histogram from %1 to %2', short(low), short(high))}
      onPointerDown={event => {
        event.currentTarget.setPointerCapture(event.pointerId);
        grip.current = null;
        take(event);
      }}
      onPointerMove={event => event.buttons && take(event)}
    >
      <rect
        className="jp-mod-range"
        x={place(colours.low)}
        width={Math.max(0, place(colours.high) - place(colours.low))}
        height={HEIGHT}
      />
      <path
        d={bars
          .map((bar, index) => {
            const height = (bar / most) * HEIGHT;
            return `M${index},${HEIGHT}v${-height}h1v${height}z`;
          })
          .join('')}
      />
      {[colours.low, colours.high].map((value, index) => (
        <line
          key={index}
          x1={place(value)}
          x2={place(value)}
          y1={0}
          y2={HEIGHT}
        />
      ))}
    </svg>
  );
}
