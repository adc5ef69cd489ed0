import React from 'react';

import {
  kindsOf,
  mayBeNone,
  shapeOfValue,
  shapesOf
} from '../../fields/dtypes';
import { ChoiceField, NumberField, SwitchField, TextField } from './simple';
import { DictField } from './dict-field';
import { Hdf5Field } from './hdf5-field';
import { ListField } from './list-field';
import { PathField } from './path-field';
import { PreviewField } from './preview-field';
import { ShapeField } from './shape-field';
import type { IFieldProps } from './types';

const PATHS = ['filepath', 'yamlfilepath', 'dir'];
/** Loaders call its type a text. */
export const DATA_PATH = 'data_path';

/** The field that fits a type and a value. */
export function ValueField(props: IFieldProps): JSX.Element {
  if (props.options?.length) {
    return <ChoiceField {...props} />;
  }
  const shapes = shapesOf(props.type);
  const shape = shapeOfValue(props.value, shapes.keys());
  const hasParts = [...shapes.keys()].some(
    one => one !== 'none' && one !== 'single'
  );
  if (hasParts && shapes.size > 1) {
    return <ShapeField {...props} shapes={shapes} shape={shape} />;
  }
  return <ShapedField {...props} />;
}

/** The field of a value whose shape is settled. */
export function ShapedField(props: IFieldProps): JSX.Element {
  const shapes = shapesOf(props.type);
  switch (shapeOfValue(props.value, shapes.keys())) {
    case 'list':
      return shapes.has('list') ? (
        <ListField {...props} type={shapes.get('list')!} />
      ) : (
        <TextField {...props} />
      );
    case 'dict':
      return shapes.has('dict') ? (
        <DictField {...props} type={shapes.get('dict')!} />
      ) : (
        <TextField {...props} />
      );
    case 'preview':
      return <PreviewField {...props} />;
    default:
      return <SingleField {...props} />;
  }
}

function SingleField(props: IFieldProps): JSX.Element {
  const kinds = kindsOf(props.type);
  if (kinds.some(kind => PATHS.includes(kind))) {
    return <PathField {...props} />;
  }
  if (kinds.includes('h5path') || props.parameter === DATA_PATH) {
    return <Hdf5Field {...props} />;
  }
  const isTruth = props.value === 'true' || props.value === 'false';
  if (
    kinds.length === 1 &&
    kinds[0] === 'bool' &&
    isTruth &&
    !mayBeNone(props.type)
  ) {
    return <SwitchField {...props} />;
  }
  return kinds.includes('int') || kinds.includes('float') ? (
    <NumberField {...props} />
  ) : (
    <TextField {...props} />
  );
}
