import type { IDocumentManager } from '@jupyterlab/docmanager';
import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useEffect, useMemo, useState } from 'react';

import type {
  IFilledValue,
  IMark,
  IPlace,
  IProcessList,
  ITemplate,
  SavuClient
} from '../../api';
import type { Catalogue } from '../catalogue';
import type { Drafts } from '../fields/drafts';
import { parseType } from '../fields/dtypes';
import { surroundingsOf } from '../surroundings';
import { FieldHost, type IFieldHost } from './fields/host';
import { ValueField } from './fields/value-field';

/** So long after the last change the server is asked. */
const DELAY_MS = 150;

export interface ITemplateState {
  /** Null until the server has answered. */
  template: ITemplate | null;
  failure: string | null;
  values: readonly IFilledValue[];
  setValue: (mark: IMark, value: string) => void;
}

/**
 * What of a list is to be filled in, and what comes of it.
 *
 * @param text - the `.savu` file whose values come before the list's own.
 */
export function useTemplate(
  client: SavuClient,
  list: IProcessList | null,
  text: string | null
): ITemplateState {
  const [values, setValues] = useState<readonly IFilledValue[]>([]);
  const [template, setTemplate] = useState<ITemplate | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    if (!list) {
      return;
    }
    let isCurrent = true;
    const ask = () =>
      client.resolveTemplate(list, text, values).then(
        told => {
          if (isCurrent) {
            setTemplate(told);
            setFailure(null);
          }
        },
        (error: Error) => isCurrent && setFailure(error.message)
      );
    const timer = window.setTimeout(ask, template ? DELAY_MS : 0);
    return () => {
      isCurrent = false;
      window.clearTimeout(timer);
    };
  }, [client, list, text, values]);
  const setValue = ({ plugin, parameter }: IMark, value: string) =>
    setValues(known => [
      ...known.filter(
        one => one.plugin !== plugin || one.parameter !== parameter
      ),
      { plugin, parameter, value }
    ]);
  return { template, failure, values, setValue };
}

export interface ITemplateFieldsProps {
  state: ITemplateState;
  list: IProcessList;
  /** The path of the list. */
  path: string;
  scan: IPlace | null;
  client: SavuClient;
  catalogue: Catalogue;
  documents: IDocumentManager | null;
  trans: TranslationBundle;
  drafts: Drafts;
}

/** A field for each value that is to be filled in. */
export function TemplateFields(props: ITemplateFieldsProps): JSX.Element {
  const { state, trans } = props;
  const { template, failure } = state;
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
  const { mark, state, list, path, scan, trans } = props;
  const { client, catalogue, documents, drafts } = props;
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
  const chosen = state.values.find(
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
              onChange={value => state.setValue(mark, value)}
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
