import { HTMLSelect } from '@jupyterlab/ui-components';
import React from 'react';

import { type IType, type Shape } from '../../fields/dtypes';
import { entriesOf, itemsOf, toDict, toList } from '../../fields/json-items';
import { useHost } from './host';
import { emptyValue } from './empty';
import type { IFieldProps } from './types';
import { ShapedField } from './value-field';

export interface IShapeFieldProps extends IFieldProps {
  shapes: ReadonlyMap<Shape, IType>;
  shape: Shape;
}

/** A value that may be one thing or several: which it is, and then the field for it. */
export function ShapeField(props: IShapeFieldProps): JSX.Element {
  const { shapes, shape, value } = props;
  const { trans } = useHost();
  const labels: Record<Shape, string> = {
    none: trans.__('None'),
    single: trans.__('One value'),
    list: trans.__('List'),
    dict: shapes.has('preview')
      ? trans.__('One for each data set')
      : trans.__('By key'),
    preview: trans.__('One for all data')
  };
  return (
    <div className="jp-SavuField-shaped">
      <HTMLSelect
        className="jp-SavuField-shape"
        aria-label={trans.__('Kind of %1', props.label)}
        disabled={props.disabled}
        value={shape}
        onChange={event => {
          const chosen = event.target.value as Shape;
          props.onChange(reshaped(value, chosen, shapes.get(chosen)!), false);
        }}
      >
        {!shapes.has(shape) && <option value={shape}>{labels[shape]}</option>}
        {[...shapes.keys()].map(one => (
          <option key={one} value={one}>
            {labels[one]}
          </option>
        ))}
      </HTMLSelect>
      {shape !== 'none' && <ShapedField {...props} />}
    </div>
  );
}

/** A value of another shape, which keeps what it can of the one before. */
function reshaped(value: string, shape: Shape, type: IType): string {
  const first =
    itemsOf(value)?.[0] ?? entriesOf(value)?.[0]?.[1] ?? (value || 'null');
  const single = first === 'null' || /^[[{]/.test(first) ? null : first;
  switch (shape) {
    case 'none':
      return 'null';
    case 'preview':
      return '[]';
    case 'dict':
      return single ? toDict([[firstKey(type), single]]) : '{}';
    case 'list': {
      const count = type.items && type.items.length > 1 ? type.items.length : 1;
      return single && type.kind === 'list'
        ? toList(Array.from({ length: count }, () => single))
        : emptyValue(type);
    }
    default:
      return single ?? emptyValue(type);
  }
}

function firstKey(type: IType): string {
  return type.items?.[0]?.kind === 'int' ? '0' : 'tomo';
}
