import type { IPluginSummary } from '../../api';
import { findPlugins } from '../search';
// The same files and cases that the search of the shell and the API is tested with.
import catalogue from '../../../server-ext/savu_core/catalogue.json';
import texts from '../../../server-ext/savu_core/descriptions.json';
import cases from '../../../server-ext/tests/data/search_cases.json';

interface ICase {
  query: string;
  found?: string[];
  first?: string;
  holds?: string[];
}

const summaries = texts as unknown as Record<string, { summary?: string }>;
const plugins: IPluginSummary[] = catalogue.plugins.map(plugin => ({
  name: plugin.name,
  id: plugin.id,
  category: plugin.category,
  kind: 'processing',
  summary: summaries[plugin.name]?.summary ?? '',
  parameters: plugin.parameters.map(({ name }) => name),
  engines: []
}));

function found(query: string, all = plugins): string[] {
  return findPlugins(all, query).map(({ name }) => name);
}

describe('findPlugins', () => {
  it.each(cases as ICase[])('finds $query', one => {
    const names = found(one.query);
    expect(names).toEqual(one.found ?? names);
    expect(names).toEqual(expect.arrayContaining(one.holds ?? []));
    expect(names[0]).toBe(one.first ?? names[0]);
  });

  it('finds all by name without words', () => {
    expect(found(' ')).toEqual(plugins.map(({ name }) => name).sort());
  });

  it('puts what runs here before what matches alike', () => {
    const running = plugins.map(plugin => ({
      ...plugin,
      engines: plugin.name.endsWith('Gpu') ? ['embedded'] : []
    }));
    expect(found('astrarecon', running)).toEqual([
      'AstraReconGpu',
      'AstraReconCpu'
    ]);
  });
});
