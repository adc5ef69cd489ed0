import type { IDocumentManager } from '@jupyterlab/docmanager';
import type { TranslationBundle } from '@jupyterlab/translation';
import { createContext, useContext } from 'react';

import type { IPlace, SavuClient } from '../../../api';
import type { Drafts } from '../../fields/drafts';

/** What is there when a plugin begins. */
export interface ISurroundings {
  scan: IPlace | null;
  /** Where the loader before it, or the plugin itself, looks for the frames. */
  dataPath: string | null;
  /** The preview of the loader before it, as JSON text. */
  loaded: string | null;
  /** The name of a plugin that gives the data another shape before. */
  reshapedBy: string | null;
  /** The names of the data sets. */
  datasets: readonly string[];
}

/** What fields need to know of where they stand. */
export interface IFieldHost extends ISurroundings {
  client: SavuClient;
  trans: TranslationBundle;
  drafts: Drafts;
  documents: IDocumentManager | null;
  /** The path of the list, at whose folder files are looked for first. */
  path: string;
  /** The name of the plugin. */
  plugin: string;
}

const Host = createContext<IFieldHost | null>(null);

export const FieldHost = Host.Provider;

export function useHost(): IFieldHost {
  const host = useContext(Host);
  if (!host) {
    throw new Error('A field stands in no host.');
  }
  return host;
}
