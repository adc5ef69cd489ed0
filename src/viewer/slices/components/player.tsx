import type { TranslationBundle } from '@jupyterlab/translation';
import { pauseIcon, runIcon } from '@jupyterlab/ui-components';
import React from 'react';

import type { SliceModel } from '../model';
import { axisName, axisValue, isTuned, nearestIndex } from '../planes';
import { Action, Select } from './buttons';
import { useSignal } from './hooks';

interface IPlayerProps {
  model: SliceModel;
  trans: TranslationBundle;
  isPlaying: boolean;
  onPlay: (isPlaying: boolean) => void;
}

const RATES = [1, 2, 5, 10, 20, 50];
const STEPS = [1, 2, 5, 10];

/** Where one is along each axis that is not shown, and the way through the slices by itself. */
export function Player(props: IPlayerProps): JSX.Element | null {
  const { model, trans, isPlaying, onPlay } = props;
  useSignal(model.changed);
  const [rate, setRate] = React.useState(10);
  const [step, setStep] = React.useState(1);
  usePlaying(model, isPlaying, rate, step);
  const { volume, plane } = model;
  const axes = volume.shape
    .map((_, axis) => axis)
    .filter(axis => !plane.shown.includes(axis))
    .sort(
      (one, other) => Number(other === plane.walk) - Number(one === plane.walk)
    );
  if (axes.length === 0) {
    return null;
  }
  return (
    <div className="jp-SavuSlices-player">
      {axes.map(axis => (
        <AxisSlider key={axis} model={model} axis={axis} trans={trans}>
          {axis === plane.walk && (
            <>
              <Action
                label={isPlaying ? trans.__('Pause') : trans.__('Play')}
                hint={
                  isPlaying
                    ? trans.__('Pause (space)')
                    : trans.__('Play (space)')
                }
                icon={isPlaying ? pauseIcon : runIcon}
                onClick={() => onPlay(!isPlaying)}
              />
              <Choice
                label={trans.__('Slices per second')}
                values={RATES}
                text={value => trans.__('%1/s', value)}
                value={rate}
                onChange={setRate}
              />
              <Choice
                label={trans.__('Step between slices')}
                values={STEPS}
                text={value => trans.__('step %1', value)}
                value={step}
                onChange={setStep}
              />
            </>
          )}
        </AxisSlider>
      ))}
    </div>
  );
}

interface IAxisSliderProps {
  model: SliceModel;
  axis: number;
  trans: TranslationBundle;
  children: React.ReactNode;
}

function AxisSlider(props: IAxisSliderProps): JSX.Element {
  const { model, axis, trans, children } = props;
  const { volume, plane } = model;
  const name = axisName(volume, axis, trans);
  const index = plane.at[axis];
  const last = volume.shape[axis] - 1;
  const value = axisValue(volume, axis, index);
  const isTried = isTuned(volume.axes[axis].name) && value !== null;
  const move = (event: React.ChangeEvent<HTMLInputElement>) => {
    if (event.target.value !== '') {
      model.move(axis, Number(event.target.value));
    }
  };
  return (
    <div className="jp-SavuSlices-axis" role="group" aria-label={name}>
      <span className="jp-SavuSlices-axisName" title={name}>
        {name}
      </span>
      <span className="jp-SavuSlices-track">
        <input
          type="range"
          aria-label={trans.__('Slice along %1', name)}
          aria-valuetext={value ? `${index} (${value})` : String(index)}
          title={trans.__('← → in the picture; with Shift ten at once')}
          min={0}
          max={last}
          value={index}
          onChange={move}
        />
        {isTried && <Ticks model={model} axis={axis} />}
      </span>
      {isTried ? (
        <ValueField model={model} axis={axis} label={name} value={value} />
      ) : (
        <input
          className="jp-SavuField-text"
          type="number"
          aria-label={trans.__('Index along %1', name)}
          min={0}
          max={last}
          value={index}
          onChange={move}
        />
      )}
      <span className="jp-SavuSlices-of">
        {isTried
          ? trans.__('%1 of %2', index + 1, last + 1)
          : trans.__('of %1', last + 1)}
        {!isTried && value !== null && value !== String(index) && (
          <b>{value}</b>
        )}
      </span>
      {children && <span className="jp-SavuSlices-play">{children}</span>}
    </div>
  );
}

/** Values that fit below a slider. */
const MOST_TICKS = 9;

/** The values that were tried, below their places on the slider; some of many. */
function Ticks({ model, axis }: { model: SliceModel; axis: number }) {
  const { volume, plane } = model;
  const length = volume.shape[axis];
  const every = Math.ceil(length / MOST_TICKS);
  const shown = Array.from({ length }, (_, index) => index).filter(
    index => index % every === 0
  );
  return (
    <span className="jp-SavuSlices-ticks" aria-hidden="true">
      {shown.map(index => (
        <span
          key={index}
          data-current={index === plane.at[axis]}
          style={placeOf(index / Math.max(1, length - 1))}
          onClick={() => model.move(axis, index)}
        >
          {axisValue(volume, axis, index)}
        </span>
      ))}
    </span>
  );
}

/** Inside the track, also at its ends. */
function placeOf(fraction: number): React.CSSProperties {
  const percent = 100 * fraction;
  return { left: `${percent}%`, transform: `translateX(-${percent}%)` };
}

interface IValueFieldProps {
  model: SliceModel;
  axis: number;
  label: string;
  value: string;
}

/** The value of a parameter that was tried; another one goes to the nearest. */
function ValueField(props: IValueFieldProps): JSX.Element {
  const { model, axis, label, value } = props;
  const [text, setText] = React.useState<string | null>(null);
  const commit = () => {
    const index = text === null ? null : nearestIndex(model.volume, axis, text);
    if (index !== null) {
      model.move(axis, index);
    }
    setText(null);
  };
  return (
    <input
      className="jp-SavuField-text jp-SavuSlices-value"
      aria-label={label}
      title={value}
      value={text ?? value}
      onFocus={event => event.target.select()}
      onChange={event => setText(event.target.value)}
      onBlur={commit}
      onKeyDown={event => {
        if (event.key === 'Enter') {
          commit();
        } else if (event.key === 'Escape') {
          setText(null);
        }
      }}
    />
  );
}

interface IChoiceProps {
  label: string;
  values: readonly number[];
  text: (value: number) => string;
  value: number;
  onChange: (value: number) => void;
}

function Choice(props: IChoiceProps): JSX.Element {
  const { label, values, text, value, onChange } = props;
  return (
    <Select
      aria-label={label}
      title={label}
      value={value}
      onChange={event => onChange(Number(event.target.value))}
    >
      {values.map(option => (
        <option key={option} value={option}>
          {text(option)}
        </option>
      ))}
    </Select>
  );
}

/** Steps on at a rate; a picture that is late holds the next one up. From the end on, from the start. */
function usePlaying(
  model: SliceModel,
  isPlaying: boolean,
  rate: number,
  step: number
): void {
  React.useEffect(() => {
    const { walk } = model.plane;
    if (!isPlaying || walk === null) {
      return;
    }
    const pause = 1000 / rate;
    let due = performance.now() + pause;
    let timer = 0;
    const wait = () => {
      const isDrawn =
        String(model.drawnPlane?.at) === String(model.plane.at) ||
        model.trouble !== null;
      window.clearTimeout(timer);
      if (isDrawn) {
        timer = window.setTimeout(advance, due - performance.now());
      }
    };
    const advance = () => {
      // Time that was lost is not made up for.
      due = Math.max(due, performance.now() - pause) + pause;
      const next = model.plane.at[walk] + step;
      model.move(walk, next < model.volume.shape[walk] ? next : 0);
      wait();
    };
    model.drawn.connect(wait);
    model.changed.connect(wait);
    wait();
    return () => {
      window.clearTimeout(timer);
      model.drawn.disconnect(wait);
      model.changed.disconnect(wait);
    };
  }, [model, model.plane.walk, isPlaying, rate, step]);
}
