import React, { useEffect, useMemo, useReducer } from 'react';

import type { IMark, IPlace, IProcessList } from '../../api';
import type { IEditorServices } from '../editor';
import type { Drafts } from '../fields/drafts';
import { parseType } from '../fields/dtypes';
import type { Filling } from '../filling';
import { surroundingsOf } from '../surroundings';
import { FieldHost, type IFieldHost } from './fields/host';
import { ValueField } from './fields/value-field';

/** Draws again when what comes of the values is known. */
export function useFilling(
  filling: Filling,
  list: IProcessList | null,
  text: string | null
): void {
  const [, draw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    filling.changed.connect(draw);
    return () => {
      filling.changed.disconnect(draw);
    };
  }, [filling]);
  useEffect(() => {
    if (list) {
      filling.fill(list, text);
    }
  }, [filling, list, text]);
}

export interface ITemplateFieldsProps {
  filling: Filling;
  list: IProcessList;
  /** The path of the list. */
  path: string;
  scan: IPlace | null;
  services: IEditorServices;
  drafts: Drafts;
}

/** A field for each value that is to be filled in. */
export function TemplateFields(props: ITemplateFieldsProps): JSX.Element {
  const { trans } = props.services;
  const { template, failure } = props.filling;
  return (
    <div className="jp-SavuTemplate-fields">
      {failure && (
        <p className="jp-SavuParameters-message jp-mod-error" role="alert">
          {failure}
        </p>
      )}
      {template?.marks.length === 0 && (
        <p>{trans.__('Nothing in the list is marked to be filled in.')}</p>
      )}
      {template?.marks.map(mark => (
        <MarkRow
          key={`${mark.plugin} ${mark.parameter}`}
          mark={mark}
          {...props}
        />
      ))}
      {template && template.unused.length > 0 && (
        <p className="jp-SavuParameters-message jp-mod-warning">
          {trans.__(
            'The file has values for what the list does not ask for: %1',
            template.unused.join(', ')
          )}
        </p>
      )}
    </div>
  );
}

function MarkRow(props: ITemplateFieldsProps & { mark: IMark }): JSX.Element {
  const { mark, filling, list, path, scan, services, drafts } = props;
  const { client, catalogue, documents, trans } = services;
  const facts = catalogue
    .facts(mark.name)
    ?.parameters.find(({ name }) => name === mark.parameter);
  const host = useMemo(
    (): IFieldHost => ({
      client,
      trans,
      documents,
      drafts,
      path,
      plugin: mark.name,
      ...surroundingsOf(list.plugins, mark.plugin, scan)
    }),
    [client, trans, documents, drafts, path, list, scan, mark.name, mark.plugin]
  );
  const chosen = filling.values.find(
    ({ plugin, parameter }) =>
      plugin === mark.plugin && parameter === mark.parameter
  );
  const place = mark.everywhere
    ? trans.__('all %1', mark.name)
    : `${mark.position} ${mark.name}`;
  const id = `savu-fill-${mark.plugin}-${mark.parameter}`;
  return (
    <FieldHost value={host}>
      <div className="jp-SavuParameters-row">
        <label htmlFor={id}>
          <span className="jp-SavuTemplate-place">{place}</span>
          {mark.parameter}
        </label>
        <div className="jp-SavuParameters-field">
          <div className="jp-SavuParameters-value">
            <ValueField
              type={parseType(facts?.dtype ?? '')}
              value={chosen?.value ?? mark.value}
              label={trans.__('%1 of %2', mark.parameter, place)}
              id={id}
              describedBy={`${id}-about`}
              isInvalid={mark.expected !== null}
              disabled={false}
              options={facts?.options}
              example={facts?.example}
              parameter={mark.parameter}
              onChange={value => filling.setValue(mark, value)}
            />
          </div>
          {facts?.unit && (
            <span className="jp-SavuParameters-unit">{facts.unit}</span>
          )}
        </div>
        <div className="jp-SavuParameters-about" id={`${id}-about`}>
          {mark.expected !== null && (
            <div className="jp-SavuParameters-message jp-mod-error">
              {trans.__('Expected: %1', mark.expected)}
            </div>
          )}
          {facts?.description}
        </div>
      </div>
    </FieldHost>
  );
}
