import type { TranslationBundle } from '@jupyterlab/translation';
import { closeIcon, saveIcon } from '@jupyterlab/ui-components';
import React from 'react';

import {
  centreIcon,
  compareIcon,
  figuresIcon,
  fitIcon,
  flipIcon,
  invertIcon,
  profileIcon,
  regionIcon,
  rotateIcon,
  stretchIcon
} from '../../icons';
import { WHOLE } from '../camera';
import { COLOUR_MAPS } from '../colours';
import type { Comparison } from '../comparing';
import type { IDataset } from '../datasets';
import type { SliceModel, Tool } from '../model';
import { Action, Named, Select } from './buttons';
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
        <Select
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
        </Select>
      )}
      <Select
        aria-label={trans.__('Plane')}
        title={model.choice.label}
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
      </Select>
      <Separator />
      <Action
        label={trans.__('Region')}
        hint={trans.__('Draw a region: figures, or the part to preview (R)')}
        icon={regionIcon}
        isOn={tool === 'region'}
        onClick={() => choose('region')}
      />
      <Action
        label={trans.__('Profile')}
        hint={trans.__('Draw a line: values along it (P)')}
        icon={profileIcon}
        isOn={tool === 'profile'}
        onClick={() => choose('profile')}
      />
      {props.onCentre && (
        <Action
          label={trans.__('Centre')}
          hint={trans.__('Find the centre of rotation (C)')}
          icon={centreIcon}
          onClick={props.onCentre}
        />
      )}
      <Action
        label={trans.__('Fit')}
        hint={trans.__('Show the whole picture (0)')}
        icon={fitIcon}
        onClick={() => model.setCamera(WHOLE)}
      />
      <Separator />
      <Select
        aria-label={trans.__('Colours')}
        title={trans.__('Colour map')}
        value={colours.map}
        onChange={event => model.setColours({ map: event.target.value })}
      >
        {Object.keys(COLOUR_MAPS).map(name => (
          <option key={name}>{name}</option>
        ))}
      </Select>
      <Action
        label={trans.__('Invert')}
        hint={trans.__('Exchange dark and bright')}
        icon={invertIcon}
        isOn={colours.isInverted}
        onClick={() => model.setColours({ isInverted: !colours.isInverted })}
      />
      <Action
        label={trans.__('Logarithm')}
        hint={trans.__('Logarithmic colours')}
        icon={trans.__('log')}
        isOn={colours.isLogarithmic}
        onClick={() =>
          model.setColours({ isLogarithmic: !colours.isLogarithmic })
        }
      />
      <Separator />
      <Action
        label={trans.__('Rotate')}
        hint={trans.__('Rotate by 90° clockwise')}
        icon={rotateIcon}
        onClick={turn}
      />
      <Action
        label={trans.__('Flip')}
        hint={trans.__('Exchange left and right')}
        icon={flipIcon}
        isOn={orientation.isFlipped}
        onClick={() =>
          model.setOrientation({ isFlipped: !orientation.isFlipped })
        }
      />
      <Action
        label={trans.__('Stretch')}
        hint={trans.__('Fill the window instead of keeping pixels square')}
        icon={stretchIcon}
        isOn={orientation.isStretched}
        onClick={() =>
          model.setOrientation({ isStretched: !orientation.isStretched })
        }
      />
      <div className="jp-SavuSlices-end" data-compared={props.count > 1}>
        <Comparing {...props} />
        <Named
          label={trans.__('Save')}
          hint={trans.__('Save or copy the picture or its values')}
          icon={saveIcon}
          hasMenu={true}
          onClick={event => onMenu(event.currentTarget)}
        />
        <Named
          label={trans.__('Figures')}
          hint={trans.__('Histogram, figures and profile')}
          icon={figuresIcon}
          isOpen={props.isPanelOpen}
          onClick={() => props.onPanel(!props.isPanelOpen)}
        />
      </div>
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
        <Select
          aria-label={trans.__('Way to compare')}
          value={comparison}
          onChange={event => onComparison(event.target.value as Comparison)}
        >
          {ways.map(([name, label]) => (
            <option key={name} value={name}>
              {label}
            </option>
          ))}
        </Select>
      )}
      {count > 1 && (
        <Action
          label={trans.__('End comparing')}
          hint={trans.__('Show this volume alone')}
          icon={closeIcon}
          onClick={onAlone}
        />
      )}
      {count < MOST_VIEWS && (
        <Named
          label={trans.__('Compare')}
          hint={trans.__(
            'Show the same slice of another dataset or of another open file'
          )}
          icon={compareIcon}
          hasMenu={true}
          onClick={event => onCompare(event.currentTarget)}
        />
      )}
    </>
  );
}

function Separator(): JSX.Element {
  return <span className="jp-SavuSlices-separator" aria-hidden="true" />;
}
