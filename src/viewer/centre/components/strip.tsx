import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import { useSignal } from '../../slices/components/hooks';
import type { IColours } from '../../slices/colours';
import type { ISlice } from '../../slices/values';
import { drawSlice } from '../drawing';
import type { CentreFinder } from '../finder';
import type { IStrip } from '../trials';

interface IStripViewProps {
  finder: CentreFinder;
  strip: IStrip;
  trans: TranslationBundle;
}

/** Trial reconstructions in a row; the one pointed at is shown large, a click sets its centre. */
export function StripView(props: IStripViewProps): JSX.Element {
  const { finder, strip, trans } = props;
  const { trials, services } = finder;
  useSignal(strip.model.drawn);
  const node = React.useRef<HTMLDivElement>(null);
  React.useEffect(() => {
    // While it is pointed at, it stays where it is.
    if (!node.current?.matches(':hover')) {
      node.current?.children[trials.active].scrollIntoView({
        block: 'nearest',
        inline: 'nearest'
      });
    }
  }, [strip, trials.active]);
  const go = (index: number) => {
    finder.choose(index);
    const all = node.current?.querySelectorAll<HTMLElement>('button');
    all?.[trials.active].focus();
  };
  const take = (index: number) => {
    finder.choose(index);
    if (services.setting(strip.centres[index])?.isPossible) {
      services.set(strip.centres[index]);
    }
  };
  const keys: Record<string, () => void> = {
    ArrowLeft: () => go(trials.active - 1),
    ArrowRight: () => go(trials.active + 1),
    Home: () => go(0),
    End: () => go(strip.centres.length - 1)
  };
  const onKey = (event: React.KeyboardEvent) => {
    const act = keys[event.key];
    if (act) {
      act();
      event.preventDefault();
      event.stopPropagation();
    }
  };
  return (
    <div
      ref={node}
      className="jp-SavuCentre-strip"
      role="group"
      aria-label={trans.__('Reconstructions of row %1', strip.row)}
      onKeyDown={onKey}
      onPointerLeave={() => trials.look(null)}
    >
      {strip.centres.map((centre, index) => {
        const setting = services.setting(centre);
        return (
          <button
            key={centre}
            className="jp-SavuCentre-trial"
            aria-label={trans.__('Centre %1', centre)}
            aria-pressed={setting?.isDone ?? false}
            aria-current={trials.large === index}
            tabIndex={trials.active === index ? 0 : -1}
            title={setting?.told}
            onPointerEnter={() => {
              finder.shown = 'trials';
              trials.look(index);
            }}
            onClick={() => take(index)}
          >
            <SmallPicture
              slice={strip.pictures[index]}
              colours={strip.model.colours}
            />
            <span>{centre}</span>
          </button>
        );
      })}
    </div>
  );
}

function SmallPicture(props: {
  slice: ISlice;
  colours: IColours;
}): JSX.Element {
  const { slice, colours } = props;
  const canvas = React.useRef<HTMLCanvasElement>(null);
  React.useEffect(() => {
    if (canvas.current) {
      drawSlice(canvas.current, slice, colours);
    }
  }, [slice, colours]);
  return <canvas ref={canvas} aria-hidden="true" />;
}
