import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { Comparison, LinkedViews } from '../comparing';
import { DifferenceOf } from '../drawable';
import type { SliceModel } from '../model';
import { short } from '../planes';
import { useSignal } from './hooks';
import { Picture } from './picture';
import { Scale } from './scale';

interface IStageProps {
  views: LinkedViews;
  comparison: Comparison;
  /** What stands over a picture when there are several. */
  titleOf: (model: SliceModel) => string;
  trans: TranslationBundle;
  onKey: (event: React.KeyboardEvent) => void;
}

const BLINK = 700;

/** The picture, or those that are compared. */
export function Stage(props: IStageProps): JSX.Element {
  const { views, comparison, titleOf, trans, onKey } = props;
  useSignal(views.changed);
  const { models } = views;
  if (models.length === 1) {
    return <Picture model={models[0]} trans={trans} onKey={onKey} />;
  }
  if (comparison === 'beside' || models.length > 2) {
    return (
      <div className="jp-SavuSlices-beside" data-count={models.length}>
        {models.map((model, index) => (
          <div key={index}>
            <Picture
              model={model}
              trans={trans}
              onKey={onKey}
              title={titleOf(model)}
            />
          </div>
        ))}
      </div>
    );
  }
  const [one, other] = models;
  const pair = { one, other, titleOf, trans, onKey };
  switch (comparison) {
    case 'curtain':
      return <Curtain {...pair} />;
    case 'blink':
      return <Blink {...pair} />;
    case 'difference':
      return <Difference {...pair} />;
  }
}

interface IPairProps extends Omit<IStageProps, 'views' | 'comparison'> {
  one: SliceModel;
  other: SliceModel;
}

/** The second picture is drawn to the right of a line that can be pushed. */
function Curtain(props: IPairProps): JSX.Element {
  const { one, other, titleOf, trans, onKey } = props;
  const [percent, setPercent] = React.useState(50);
  return (
    <Picture
      model={one}
      trans={trans}
      onKey={onKey}
      layers={[
        {
          drawable: one,
          style: { clipPath: `inset(0 ${100 - percent}% 0 0)` }
        },
        { drawable: other, style: { clipPath: `inset(0 0 0 ${percent}%)` } }
      ]}
      title={`${titleOf(one)} | ${titleOf(other)}`}
    >
      <input
        className="jp-SavuSlices-curtain"
        type="range"
        aria-label={trans.__('Curtain')}
        title={trans.__('Drag, or ← →')}
        step={0.5}
        value={percent}
        onChange={event => setPercent(Number(event.target.value))}
        onPointerDown={event => event.stopPropagation()}
        onKeyDown={event => event.stopPropagation()}
      />
    </Picture>
  );
}

/** One picture after the other in the same place. */
function Blink(props: IPairProps): JSX.Element {
  const { one, other, titleOf, trans, onKey } = props;
  const [isOther, setOther] = React.useState(false);
  React.useEffect(() => {
    const timer = window.setInterval(() => setOther(value => !value), BLINK);
    return () => window.clearInterval(timer);
  }, []);
  const shown = isOther ? other : one;
  return (
    <Picture
      model={one}
      trans={trans}
      onKey={onKey}
      layers={[
        {
          drawable: one,
          style: { visibility: isOther ? 'hidden' : 'visible' }
        },
        {
          drawable: other,
          style: { visibility: isOther ? 'visible' : 'hidden' }
        }
      ]}
      title={titleOf(shown)}
    />
  );
}

/** The values that the colours of a difference stand for. */
function Legend({ drawable }: { drawable: DifferenceOf }): JSX.Element {
  useSignal(drawable.drawn);
  const { colours } = drawable;
  const { low, high } = colours;
  return (
    <div className="jp-SavuSlices-legend">
      {short(low)}
      <Scale colours={colours} from={low} to={high} />
      {`+${short(high)}`}
    </div>
  );
}

function Difference(props: IPairProps): JSX.Element {
  const { one, other, titleOf, trans, onKey } = props;
  const [drawable, setDrawable] = React.useState<DifferenceOf | null>(null);
  React.useEffect(() => {
    const next = new DifferenceOf(one, other);
    setDrawable(next);
    return () => next.dispose();
  }, [one, other]);
  useSignal(one.changed);
  const isPossible = drawable?.slice !== null;
  return (
    <Picture
      model={one}
      trans={trans}
      onKey={onKey}
      layers={drawable ? [{ drawable }] : []}
      title={trans.__('%1 minus %2', titleOf(other), titleOf(one))}
      legend={drawable?.slice && <Legend drawable={drawable} />}
    >
      {!isPossible && one.slice && other.slice && !one.slice.scale && (
        <p className="jp-SavuSlices-note" role="status">
          {trans.__(
            'The slices have different sizes, so that they have no difference. Compare them side by side.'
          )}
        </p>
      )}
    </Picture>
  );
}
