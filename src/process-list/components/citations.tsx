import { Clipboard } from '@jupyterlab/apputils';
import React from 'react';

import type { ListEditor } from '../editor';
import { DoiLinks } from './plugin-details';

/** What the plugins of a list ask to be cited by. */
export function ListCitations({ editor }: { editor: ListEditor }): JSX.Element {
  const { catalogue, trans } = editor.services;
  const cited = editor.list.plugins
    .filter(({ active }) => active)
    .flatMap(({ position, name }) => {
      const { dois = [], bibtex = [] } = catalogue.facts(name) ?? {};
      return dois.length + bibtex.length > 0
        ? [{ position, name, dois, bibtex }]
        : [];
    });
  if (cited.length === 0) {
    return (
      <p>
        {trans.__(
          'The plugins of this list that are switched on name no publications.'
        )}
      </p>
    );
  }
  const links = [...new Set(cited.flatMap(({ dois }) => dois))].map(
    doi => `https://doi.org/${doi}`
  );
  const entries = [...new Set(cited.flatMap(({ bibtex }) => bibtex))];
  return (
    <>
      <p>
        {trans.__(
          'Publications that the plugins of this list build on. Cite them with what you make with it.'
        )}
      </p>
      {cited.map(({ position, name, dois }) => (
        <section key={position}>
          <h3>
            {position} {name}
          </h3>
          <DoiLinks dois={dois} />
        </section>
      ))}
      <div className="jp-SavuSheet-actions">
        <button
          type="button"
          className="jp-SavuButton jp-mod-outlined"
          onClick={() => Clipboard.copyToSystem(links.join('\n'))}
        >
          {trans._n('Copy the link', 'Copy %1 links', links.length)}
        </button>
        {entries.length > 0 && (
          <button
            type="button"
            className="jp-SavuButton jp-mod-outlined"
            onClick={() => Clipboard.copyToSystem(entries.join('\n\n'))}
          >
            {trans.__('Copy BibTeX')}
          </button>
        )}
      </div>
    </>
  );
}
