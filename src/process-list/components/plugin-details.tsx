import { Clipboard } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { IPluginFacts, IPluginSummary } from '../../api';
import type { Catalogue } from '../catalogue';
import { toText } from '../values';
import { EngineBadges } from './badges';

export interface IPluginDetailsProps {
  plugin: IPluginSummary;
  catalogue: Catalogue;
  trans: TranslationBundle;
}

/** What a plugin does, where it runs, its parameters, and what to cite. */
export function PluginDetails(props: IPluginDetailsProps): JSX.Element {
  const { plugin, catalogue, trans } = props;
  const facts = catalogue.facts(plugin.name);
  return (
    <section
      className="jp-SavuPlugin"
      aria-label={trans.__('About %1', plugin.name)}
    >
      <h3>{plugin.name}</h3>
      <p>
        {plugin.summary || trans.__('No description is shipped with this one.')}
      </p>
      <p className="jp-SavuPlugin-line">
        <span>{plugin.category}</span>
        <EngineBadges engines={plugin.engines} trans={trans} />
      </p>
      {plugin.unavailable !== undefined && (
        <p className="jp-SavuPlugin-line">
          {trans.__('This Savu cannot import it: %1', plugin.unavailable)}
        </p>
      )}
      {plugin.engines.length === 0 && (
        <p className="jp-SavuPlugin-line">
          {trans.__(
            'It can be put into a list and saved, and runs where Savu itself is installed.'
          )}
        </p>
      )}
      {facts && <Glance facts={facts} trans={trans} />}
      {facts && <Citations facts={facts} trans={trans} />}
    </section>
  );
}

interface IFactsProps {
  facts: IPluginFacts;
  trans: TranslationBundle;
}

function Glance({ facts, trans }: IFactsProps): JSX.Element | null {
  const shown = facts.parameters.filter(
    ({ visibility, display }) =>
      display && ['basic', 'intermediate'].includes(visibility)
  );
  if (shown.length === 0) {
    return null;
  }
  return (
    <>
      <h4>{trans.__('Parameters')}</h4>
      <dl className="jp-SavuPlugin-parameters">
        {shown.map(({ name, dtype, default: value, description }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <code>{toText(value, dtype) || "''"}</code> {description}
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

/** The publications that a plugin builds on, as links and as BibTeX where that is known. */
export function Citations({ facts, trans }: IFactsProps): JSX.Element | null {
  const { dois, bibtex = [] } = facts;
  if (dois.length === 0 && bibtex.length === 0) {
    return null;
  }
  return (
    <>
      <h4>{trans.__('To cite')}</h4>
      <DoiLinks dois={dois} />
      {bibtex.length > 0 && (
        <button
          type="button"
          className="jp-SavuButton jp-mod-outlined"
          onClick={() => Clipboard.copyToSystem(bibtex.join('\n\n'))}
        >
          {trans.__('Copy BibTeX')}
        </button>
      )}
    </>
  );
}

export function DoiLinks({ dois }: { dois: readonly string[] }): JSX.Element {
  return (
    <ul className="jp-SavuPlugin-dois">
      {dois.map(doi => (
        <li key={doi}>
          <a
            href={`https://doi.org/${doi}`}
            target="_blank"
            rel="noopener noreferrer"
          >
            doi:{doi}
          </a>
        </li>
      ))}
    </ul>
  );
}
