import { addIcon, closeIcon } from '@jupyterlab/ui-components';
import React from 'react';

import type { IPreviewDimension } from '../../../api';
import { withItem } from '../../fields/json-items';
import {
  ALL,
  type Part,
  PARTS,
  partsOf,
  previewEntries,
  previewOf,
  withPart
} from '../../fields/preview-entries';
import { IconButton } from '../buttons';
import { useHost } from './host';
import { usePreviewShape } from './preview-shape';
import { TextField } from './simple';
import { TextInput } from './text-input';
import type { IFieldProps } from './types';

/** A preview: a line for each dimension of the scan with what is taken of it. */
export function PreviewField(props: IFieldProps): JSX.Element {
  const { label, disabled, value } = props;
  const { trans, reshapedBy } = useHost();
  const taken = usePreviewShape(value);
  const entries = previewEntries(value);
  if (!entries) {
    return <TextField {...props} />;
  }
  const dimensions: (IPreviewDimension | null)[] =
    taken?.dimensions && taken.dimensions.length >= entries.length
      ? taken.dimensions
      : entries.map(() => null);
  const shown = dimensions.map((_, index) => entries[index] ?? ALL);
  // Without a scan nobody knows how many dimensions there are.
  const isFree =
    dimensions.every(one => (one?.length ?? null) === null) ||
    entries.length >
      dimensions.filter(one => (one?.length ?? null) !== null).length;
  const set = (next: readonly string[], continued = false) =>
    props.onChange(
      // Lines that nobody knows of would vanish, were they all taken for everything.
      isFree ? JSON.stringify(next) : previewOf(next),
      continued
    );
  return (
    <div
      role="group"
      aria-label={label}
      className="jp-SavuPreview"
      id={props.id}
      aria-describedby={props.describedBy}
    >
      {shown.length > 0 && (
        <div className="jp-SavuPreview-head" aria-hidden={true}>
          <span>{trans.__('dimension')}</span>
          {PARTS.map(part => (
            <span key={part}>{part}</span>
          ))}
          <span className="jp-SavuPreview-count">{trans.__('taken')}</span>
        </div>
      )}
      {shown.map((entry, index) => (
        <DimensionRow
          key={index}
          field={props}
          entry={entry}
          name={dimensions[index]?.name ?? `dim${index + 1}`}
          dimension={dimensions[index]}
          onPart={(part, text, continued) =>
            set(withItem(shown, index, withPart(entry, part, text)), continued)
          }
          onRemove={
            isFree
              ? () => set(shown.filter((_, at) => at !== index))
              : undefined
          }
        />
      ))}
      <div className="jp-SavuPreview-foot">
        {/* What goes away with the answer would take the focus along. */}
        {isFree && taken !== undefined && (
          <button
            type="button"
            className="jp-SavuButton"
            aria-label={trans.__('Add a dimension to %1', label)}
            disabled={disabled}
            onClick={() => set([...shown, ALL])}
          >
            <addIcon.react tag="span" className="jp-SavuButton-icon" />
            {trans.__('Dimension')}
          </button>
        )}
        <span role="status">{summary(taken?.shape ?? null)}</span>
      </div>
    </div>
  );

  function summary(shape: readonly (number | null)[] | null): string {
    if (shape && shape.length > 0) {
      return trans.__('Shape: %1', shape.join(' × '));
    }
    if (taken?.problem) {
      return taken.problem;
    }
    if (entries!.length === 0) {
      return trans.__('Everything is taken.');
    }
    return reshapedBy === null
      ? ''
      : trans.__('The shape comes from %1, and is not known here.', reshapedBy);
  }
}

interface IDimensionRowProps {
  field: IFieldProps;
  entry: string;
  name: string;
  dimension: IPreviewDimension | null;
  onPart: (part: Part, text: string, continued: boolean) => void;
  onRemove?: () => void;
}

function DimensionRow(props: IDimensionRowProps): JSX.Element {
  const { field, entry, name, dimension } = props;
  const { trans } = useHost();
  const parts = partsOf(entry);
  const isIndex =
    parts.start !== '' && parts.stop === '' && !entry.includes(':');
  const placeholders = {
    start: 'start',
    stop: isIndex ? trans.__('(one)') : 'end',
    step: '1',
    chunk: '1'
  };
  const problem = dimension?.problem ?? null;
  return (
    <>
      <div className="jp-SavuPreview-row" role="group" aria-label={name}>
        <span className="jp-SavuPreview-name" title={name}>
          <span>{name}</span>
          {dimension !== null && dimension.length !== null && (
            <span className="jp-SavuPreview-length">{dimension.length}</span>
          )}
        </span>
        {PARTS.map(part => (
          <TextInput
            key={part}
            label={`${field.label} ${name} ${part}`}
            isInvalid={problem !== null}
            disabled={field.disabled}
            text={parts[part]}
            placeholder={placeholders[part]}
            onChange={(text, continued) => props.onPart(part, text, continued)}
          />
        ))}
        <span className="jp-SavuPreview-count">
          {props.onRemove ? (
            <IconButton
              icon={closeIcon}
              label={trans.__('Remove %1 from %2', name, field.label)}
              disabled={field.disabled}
              onClick={props.onRemove}
            />
          ) : (
            (dimension?.count ?? '–')
          )}
        </span>
      </div>
      {problem && (
        <div className="jp-SavuParameters-message jp-mod-error">{problem}</div>
      )}
    </>
  );
}
