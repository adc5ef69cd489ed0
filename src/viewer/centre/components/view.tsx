import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import { describeTrouble } from '../../trouble';
import { backIcon } from '../../icons';
import { Trouble } from '../../messages';
import { Action } from '../../slices/components/buttons';
import { Picture } from '../../slices/components/picture';
import { useSignal } from '../../slices/components/hooks';
import type { CentreFinder, INoOverlay, Shown } from '../finder';
import type { ICentreAct } from '../services';
import { NumberField } from '../../slices/components/numberField';
import { OverlayView } from './overlay';
import { StripView } from './strip';
import { Progress } from './progress';
import { NoTrials, Trying } from './trying';

interface ICentreViewProps {
  finder: CentreFinder;
  trans: TranslationBundle;
  onClose: () => void;
}

/** Finds the centre of rotation: by opposite projections, or by trial reconstructions. */
export function CentreView(props: ICentreViewProps): JSX.Element {
  const { finder, trans, onClose } = props;
  useSignal(finder.changed);
  useSignal(finder.trials.changed);
  const { strip } = finder.trials;
  const { noTrials } = finder.services;
  const onKey = (event: React.KeyboardEvent) => {
    if (event.key === 'Escape') {
      onClose();
      event.preventDefault();
      event.stopPropagation();
    }
  };
  return (
    <div
      className="jp-SavuSlices jp-SavuCentre"
      role="region"
      aria-label={trans.__('Centre of rotation')}
      onKeyDown={onKey}
    >
      <Bar {...props} />
      <div className="jp-SavuCentre-stage">
        <Stage finder={finder} trans={trans} />
        <Progress finder={finder} trans={trans} />
      </div>
      {noTrials ? (
        <NoTrials {...noTrials} />
      ) : (
        <Trying finder={finder} trans={trans} />
      )}
      {strip && (
        <StripView key={strip.model.volume.path} {...props} strip={strip} />
      )}
    </div>
  );
}

/** What is shown, the centre, and what to do with it. */
function Bar({ finder, trans, onClose }: ICentreViewProps): JSX.Element {
  const { shown, centre, guess, services } = finder;
  const setting = services.setting(centre);
  const ways: [Shown, string, string, boolean][] = [
    [
      'difference',
      trans.__('Difference'),
      trans.__('White where the projection and the mirrored one agree'),
      true
    ],
    [
      'colours',
      trans.__('Red and cyan'),
      trans.__('Grey where the projection and the mirrored one agree'),
      true
    ]
  ];
  if (!services.noTrials) {
    ways.push([
      'trials',
      trans.__('Trials'),
      trans.__('Reconstructions around several centres'),
      finder.trials.strip !== null
    ]);
  }
  return (
    <div
      className="jp-SavuSlices-toolbar jp-SavuCentre-bar"
      role="toolbar"
      aria-label={trans.__('Centre')}
    >
      <Action
        label={trans.__('Back to the slices')}
        hint={trans.__('Back to the slices (Esc)')}
        icon={backIcon}
        onClick={onClose}
      />
      <div role="group" aria-label={trans.__('View of the centre')}>
        {ways.map(([way, label, hint, isThere]) => (
          <button
            key={way}
            className="jp-SavuButton"
            aria-pressed={shown === way}
            disabled={!isThere}
            title={hint}
            onClick={() => (finder.shown = way)}
          >
            {label}
          </button>
        ))}
      </div>
      <div className="jp-SavuCentre-value">
        <label>
          {trans.__('Centre')}
          <NumberField
            label={trans.__('Column of the axis')}
            value={centre}
            onChange={value => (finder.centre = value)}
          />
        </label>
        <button
          className="jp-SavuButton"
          disabled={guess === null}
          title={
            guess
              ? trans.__('Put the axis where the projections agree best')
              : trans.__('The projections do not tell where the axis is')
          }
          onClick={() => finder.takeGuess()}
        >
          {trans.__('Guess')}
        </button>
        {setting && (
          <Setting
            act={setting}
            trans={trans}
            onSet={() => services.set(centre)}
          />
        )}
      </div>
    </div>
  );
}

/** Sets the centre in the open list. */
function Setting(props: {
  act: ICentreAct;
  trans: TranslationBundle;
  onSet: () => void;
}): JSX.Element {
  const { trans, onSet } = props;
  const { isPossible, isDone, told } = props.act;
  return (
    <>
      <code title={told}>{isPossible && !isDone ? told : ''}</code>
      <button
        className="jp-SavuButton jp-mod-primary"
        disabled={!isPossible || isDone}
        title={told}
        onClick={onSet}
      >
        {isDone ? trans.__('In the list') : trans.__('Set in the list')}
      </button>
    </>
  );
}

/** The large picture, or why there is none. */
function Stage(props: Omit<ICentreViewProps, 'onClose'>): JSX.Element {
  const { finder, trans } = props;
  const { shown, overlay, lack, trouble, progress, trials } = finder;
  const { strip } = trials;
  if (shown === 'trials' && strip) {
    const centre = strip.centres[trials.large];
    return (
      <Picture
        model={strip.model}
        trans={trans}
        title={trans.__('Centre %1, row %2', centre, strip.row)}
        onKey={event => {
          const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
          if (step) {
            finder.choose(trials.active + step);
            event.preventDefault();
          }
        }}
      />
    );
  }
  if (overlay && shown !== 'trials') {
    return (
      <OverlayView
        finder={finder}
        overlay={overlay}
        way={shown}
        trans={trans}
      />
    );
  }
  if (trouble !== null) {
    return (
      <Trouble
        trouble={describeTrouble(trouble, finder.volume.title, trans)}
        trans={trans}
        onRetry={() => void finder.start()}
      />
    );
  }
  return (
    <div className="jp-SavuViewer-message" role="status">
      <p>
        {lack
          ? reason(lack, trans)
          : trans.__('Reading projection %1 of %2…', ...progress)}
      </p>
      {lack && !finder.services.noTrials && (
        <p>{trans.__('Trial reconstructions show the centre all the same.')}</p>
      )}
    </div>
  );
}

function reason(
  { why, covered }: INoOverlay,
  trans: TranslationBundle
): string {
  switch (why) {
    case 'no angles':
      return trans.__('The file does not tell the angles of its projections.');
    case 'no projections':
      return trans.__(
        'The file has no projections, only flat and dark fields.'
      );
    case 'no opposite':
      return trans.__(
        'The projections cover %1°, so that none is opposite the first one.',
        Number(covered.toFixed(1))
      );
  }
}
