import { type ISignal, Signal } from '@lumino/signaling';

import {
  ApiError,
  type IPlugin,
  type IPluginFacts,
  type IPluginSummary,
  type SavuClient
} from '../api';

/** What is known about the plugins; asked for once and kept. */
export class Catalogue {
  /** `savu` names a connected Savu whose plugins these are; null is what is shipped. */
  constructor(
    private readonly _client: SavuClient,
    private readonly _savu: string | null = null
  ) {}

  /** Told when facts have arrived. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** All plugins. */
  summaries(): Promise<IPluginSummary[]> {
    this._summaries ??= this._client.plugins(this._savu).catch(error => {
      this._summaries = null;
      throw error;
    });
    return this._summaries;
  }

  /**
   * The facts of a plugin: null when there is no such plugin, undefined while
   * they are on their way.
   */
  facts(name: string): IPluginFacts | null | undefined {
    if (!this._requested.has(name)) {
      void this.load(name).catch(error => {
        console.warn(`The facts of ${name} could not be read.`, error);
      });
    }
    return this._facts.get(name);
  }

  /** The facts of a plugin, once they are there. */
  load(name: string): Promise<IPluginFacts | null> {
    let request = this._requested.get(name);
    if (!request) {
      request = this._load(name);
      this._requested.set(name, request);
    }
    return request;
  }

  private async _load(name: string): Promise<IPluginFacts | null> {
    let facts: IPluginFacts | null;
    try {
      facts = await this._client.plugin(name, this._savu);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 404) {
        this._requested.delete(name);
        throw error;
      }
      facts = null;
    }
    this._facts.set(name, facts);
    this._changed.emit();
    return facts;
  }

  private _summaries: Promise<IPluginSummary[]> | null = null;
  private readonly _requested = new Map<string, Promise<IPluginFacts | null>>();
  private readonly _facts = new Map<string, IPluginFacts | null>();
  private readonly _changed = new Signal<this, void>(this);
}

/** A plugin with its default values, to be put into a list. */
export function newPlugin(facts: IPluginFacts): IPlugin {
  return {
    position: '1',
    name: facts.name,
    id: facts.id,
    active: true,
    parameters: Object.fromEntries(
      facts.parameters.map(parameter => [parameter.name, parameter.default])
    ),
    extra: {}
  };
}
