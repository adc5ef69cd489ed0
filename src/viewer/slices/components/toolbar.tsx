import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import { centreIcon } from '../../icons';
import { WHOLE } from '../camera';
import { COLOUR_MAPS } from '../colours';
import type { Comparison } from '../comparing';
import type { IDataset } from '../datasets';
import type { SliceModel, Tool } from '../model';
import { useSignal } from './hooks';

interface IToolbarProps {
  model: SliceModel;
  trans: TranslationBundle;
  /** The datasets of the file. */
  datasets: readonly IDataset[];
  dataset: IDataset;
  onDataset: (path: string) => void;
  onMenu: (button: HTMLElement) => void;
  /** Finds the centre of rotation; null of what has none. */
  onCentre: (() => void) | null;
  /** Views that are linked, and how they are seen together. */
  count: number;
  comparison: Comparison;
  onComparison: (comparison: Comparison) => void;
  onCompare: (button: HTMLElement) => void;
  /** Ends comparing. */
  onAlone: () => void;
  isPanelOpen: boolean;
  onPanel: (isOpen: boolean) => void;
}

const MOST_VIEWS = 4;

/** What is shown, and how it is drawn. */
export function Toolbar(props: IToolbarProps): JSX.Element {
  const { model, trans, datasets, onDataset, onMenu } = props;
  useSignal(model.changed);
  const { colours, orientation, tool } = model;
  const turn = () =>
    model.setOrientation({
      turns: ((orientation.turns + 1) % 4) as 0 | 1 | 2 | 3
    });
  const choose = (next: Tool) => (model.tool = tool === next ? 'pan' : next);
  return (
    <div
      className="jp-SavuSlices-toolbar"
      role="toolbar"
      aria-label={trans.__('Slice')}
    >
      {datasets.length > 1 && (
        <select
          className="jp-SavuField-text jp-SavuSlices-dataset"
          aria-label={trans.__('Dataset')}
          title={props.dataset.path}
          value={props.dataset.path}
          onChange={event => onDataset(event.target.value)}
        >
          {datasets.map(({ path, label }) => (
            <option key={path} value={path} title={path}>
              {label}
            </option>
          ))}
        </select>
      )}
      <select
        className="jp-SavuField-text"
        aria-label={trans.__('Plane')}
        value={model.choice.name}
        onChange={({ target }) =>
          model.choosePlane(
            model.choices.find(({ name }) => name === target.value)!
          )
        }
      >
        {model.choices.map(({ name, label }) => (
          <option key={name} value={name}>
            {label}
          </option>
        ))}
      </select>
      <Separator />
      <Toggle
        label={trans.__('Region')}
        hint={trans.__('Draw a region: figures, or the part to preview (R)')}
        isOn={tool === 'region'}
        onClick={() => choose('region')}
      >
        ▭
      </Toggle>
      <Toggle
        label={trans.__('Profile')}
        hint={trans.__('Draw a line: values along it (P)')}
        isOn={tool === 'profile'}
        onClick={() => choose('profile')}
      >
        ╱
      </Toggle>
      {props.onCentre && (
        <Action
          label={trans.__('Centre')}
          hint={trans.__('Find the centre of rotation (C)')}
          onClick={props.onCentre}
        >
          <centreIcon.react tag="span" aria-hidden="true" />
        </Action>
      )}
      <Action
        label={trans.__('Fit')}
        hint={trans.__('Show the whole picture (0)')}
        onClick={() => model.setCamera(WHOLE)}
      >
        ⤢
      </Action>
      <Separator />
      <select
        className="jp-SavuField-text"
        aria-label={trans.__('Colours')}
        value={colours.map}
        onChange={event => model.setColours({ map: event.target.value })}
      >
        {Object.keys(COLOUR_MAPS).map(name => (
          <option key={name}>{name}</option>
        ))}
      </select>
      <Toggle
        label={trans.__('Invert')}
        hint={trans.__('Exchange dark and bright')}
        isOn={colours.isInverted}
        onClick={() => model.setColours({ isInverted: !colours.isInverted })}
      >
        ◐
      </Toggle>
      <Toggle
        label={trans.__('Logarithm')}
        hint={trans.__('Logarithmic colours')}
        isOn={colours.isLogarithmic}
        onClick={() =>
          model.setColours({ isLogarithmic: !colours.isLogarithmic })
        }
      >
        log
      </Toggle>
      <Separator />
      <Action
        label={trans.__('Rotate')}
        hint={trans.__('Rotate by 90° clockwise')}
        onClick={turn}
      >
        ↻
      </Action>
      <Toggle
        label={trans.__('Flip')}
        hint={trans.__('Exchange left and right')}
        isOn={orientation.isFlipped}
        onClick={() =>
          model.setOrientation({ isFlipped: !orientation.isFlipped })
        }
      >
        ⇋
      </Toggle>
      <Toggle
        label={trans.__('Stretch')}
        hint={trans.__('Fill the window instead of keeping pixels square')}
        isOn={orientation.isStretched}
        onClick={() =>
          model.setOrientation({ isStretched: !orientation.isStretched })
        }
      >
        ↔
      </Toggle>
      <span className="jp-SavuSlices-space" />
      <Comparing {...props} />
      <button
        className="jp-SavuButton"
        aria-haspopup="menu"
        title={trans.__('Save or copy the picture or its values')}
        onClick={event => onMenu(event.currentTarget)}
      >
        {trans.__('Save')} <span aria-hidden="true">▾</span>
      </button>
      <button
        className="jp-SavuButton"
        aria-expanded={props.isPanelOpen}
        title={trans.__('Histogram, figures and profile')}
        onClick={() => props.onPanel(!props.isPanelOpen)}
      >
        {trans.__('Figures')}
      </button>
    </div>
  );
}

/** Adds views to compare with, and says how they are seen together. */
function Comparing(props: IToolbarProps): JSX.Element {
  const { trans, count, comparison, onComparison, onCompare, onAlone } = props;
  const ways: [Comparison, string][] = [
    ['beside', trans.__('Side by side')],
    ['curtain', trans.__('Curtain')],
    ['blink', trans.__('Blink')],
    ['difference', trans.__('Difference')]
  ];
  return (
    <>
      {count === 2 && (
        <select
          className="jp-SavuField-text"
          aria-label={trans.__('Way to compare')}
          value={comparison}
          onChange={event => onComparison(event.target.value as Comparison)}
        >
          {ways.map(([name, label]) => (
            <option key={name} value={name}>
              {label}
            </option>
          ))}
        </select>
      )}
      {count > 1 && (
        <Action
          label={trans.__('End comparing')}
          hint={trans.__('Show this volume alone')}
          onClick={onAlone}
        >
          ✕
        </Action>
      )}
      {count < MOST_VIEWS && (
        <button
          className="jp-SavuButton"
          aria-haspopup="menu"
          title={trans.__(
            'Show the same slice of another dataset or of another open file'
          )}
          onClick={event => onCompare(event.currentTarget)}
        >
          {trans.__('Compare')} <span aria-hidden="true">▾</span>
        </button>
      )}
    </>
  );
}

interface IActionProps {
  label: string;
  hint: string;
  onClick: () => void;
  children: React.ReactNode;
}

function Action({ label, hint, onClick, children }: IActionProps): JSX.Element {
  return (
    <button
      className="jp-SavuButton jp-mod-icon"
      aria-label={label}
      title={hint}
      onClick={onClick}
    >
      <span aria-hidden="true">{children}</span>
    </button>
  );
}

function Toggle(props: IActionProps & { isOn: boolean }): JSX.Element {
  const { label, hint, isOn, onClick, children } = props;
  return (
    <button
      className="jp-SavuButton jp-mod-icon"
      aria-label={label}
      aria-pressed={isOn}
      title={hint}
      onClick={onClick}
    >
      <span aria-hidden="true">{children}</span>
    </button>
  );
}

function Separator(): JSX.Element {
  return <span className="jp-SavuSlices-separator" aria-hidden="true" />;
}
