import type { IDataset, IPluginFacts, IPluginSummary, IQueue } from '../../api';
import { Catalogue, newPlugin } from '../catalogue';
import { Checks, resultsOf } from '../checks';
import { ScanChoices } from '../scans';
import { clientOf, failure } from './server';

function summary(name: string, more: Partial<IPluginSummary> = {}) {
  return {
    name,
    id: name,
    category: 'filters',
    kind: 'processing' as const,
    summary: '',
    parameters: [],
    engines: [],
    ...more
  };
}

const FACTS: IPluginFacts = {
  ...summary('MedianFilter', { id: 'savu.plugins.filters.median_filter' }),
  parameters: [
    {
      name: 'kernel',
      dtype: 'float',
      visibility: 'basic',
      default: '3.0',
      display: true,
      description: ''
    }
  ],
  dois: [],
  limits: {}
};

describe('Catalogue', () => {
  it('asks for each plugin once and tells when the facts are there', async () => {
    const { client, requests } = clientOf(() => [200, FACTS]);
    const catalogue = new Catalogue(client);
    let told = 0;
    catalogue.changed.connect(() => told++);
    expect(catalogue.facts('MedianFilter')).toBeUndefined();
    expect(catalogue.facts('MedianFilter')).toBeUndefined();
    expect(await catalogue.load('MedianFilter')).toEqual(FACTS);
    expect(catalogue.facts('MedianFilter')).toEqual(FACTS);
    expect(requests).toHaveLength(1);
    expect(told).toBe(1);
  });

  it('knows what is unknown, and asks again after a fault', async () => {
    let status = 500;
    const { client } = clientOf(() => failure(status, 'no'));
    const catalogue = new Catalogue(client);
    await expect(catalogue.load('Old')).rejects.toThrow('no');
    status = 404;
    expect(await catalogue.load('Old')).toBeNull();
    expect(catalogue.facts('Old')).toBeNull();
  });

  it('makes plugins with their default values', () => {
    expect(newPlugin(FACTS)).toEqual({
      position: '1',
      name: 'MedianFilter',
      id: 'savu.plugins.filters.median_filter',
      active: true,
      parameters: { kernel: '3.0' },
      extra: {}
    });
  });
});

describe('Checks', () => {
  const problem = {
    severity: 'error' as const,
    message: 'no loader',
    plugin: null,
    parameter: null
  };
  const tuning = (plugin: number, values: number) => ({
    plugin,
    parameter: 'ratio',
    values
  });
  const input = () => ({
    list: { plugins: [] },
    scan: { root: 'jupyter', path: 'scan.nxs' },
    queues: [
      { name: 'preview', title: 'Preview', engine: 'embedded' } as IQueue
    ],
    savu: null
  });
  const naming = (queues: string, message: string) => `${queues}: ${message}`;

  it('asks for the list as it is, with its scan and its queue', async () => {
    const { client, requests } = clientOf(() => [
      200,
      { problems: [problem], tunings: [tuning(0, 7), tuning(2, 3)] }
    ]);
    const checks = new Checks(client, input, naming);
    await checks.run();
    expect(checks.problems).toEqual([problem]);
    expect(resultsOf(checks.tunings)).toBe(21);
    expect(requests[0].body).toEqual({
      list: { plugins: [] },
      data: { root: 'jupyter', path: 'scan.nxs' },
      queue: 'preview',
      savu: null
    });
    checks.dispose();
  });

  it('names the queues whose engine alone has a problem', async () => {
    const queue = (name: string, engine: string) =>
      ({ name, title: name.toUpperCase(), engine }) as IQueue;
    const queues = [
      queue('preview', 'embedded'),
      queue('full', 'savu'),
      queue('night', 'savu')
    ];
    const other = { ...problem, message: 'no Pymca', plugin: 3 };
    const late = { ...problem, message: 'too large', plugin: 1 };
    const missing = { ...problem, message: 'no tomopy', plugin: 2 };
    const mild = { ...missing, severity: 'warning' as const };
    const { client, requests } = clientOf(({ body }) => {
      const problems =
        (body as { queue: string }).queue === 'preview'
          ? [problem, mild, other]
          : [problem, late, missing];
      return [200, { problems, tunings: [tuning(0, 7)] }];
    });
    const checks = new Checks(client, () => ({ ...input(), queues }), naming);
    await checks.run();
    expect(requests).toHaveLength(2);
    expect(checks.problems).toEqual([
      problem,
      { ...late, severity: 'warning', message: 'FULL, NIGHT: too large' },
      { ...mild, message: 'FULL, NIGHT: no tomopy' },
      { ...other, severity: 'warning', message: 'PREVIEW: no Pymca' }
    ]);
    expect(checks.problemsIn(queues[0])).toEqual([problem, mild, other]);
    expect(checks.problemsIn(queues[2])).toEqual([problem, late, missing]);
    expect(resultsOf(checks.tunings)).toBe(7);
    checks.dispose();
  });

  it('drops the answer to an older question', async () => {
    const answers: ((problems: object[]) => void)[] = [];
    const { client } = clientOf(
      () =>
        new Promise(resolve =>
          answers.push(problems => resolve([200, { problems, tunings: [] }]))
        )
    );
    const checks = new Checks(client, input, naming);
    const first = checks.run();
    const second = checks.run();
    while (answers.length < 2) {
      await Promise.resolve();
    }
    answers[1]([]);
    await second;
    answers[0]([problem]);
    await first;
    expect(checks.problems).toEqual([]);
    checks.dispose();
  });

  it('says why it could not check, and knows no problems then', async () => {
    const { client } = clientOf(() => failure(503, 'Try again later.'));
    const checks = new Checks(client, input, naming);
    await checks.run();
    expect(checks.problems).toBeNull();
    expect(checks.failure).toBe('Try again later.');
    checks.dispose();
  });

  it('checks by itself when the server answers again', async () => {
    let connected = false;
    const { client, requests } = clientOf(() => {
      if (!connected) {
        throw new TypeError('Failed to fetch');
      }
      return [200, { problems: [], tunings: [] }];
    });
    jest.useFakeTimers();
    const checks = new Checks(client, input, naming);
    await checks.run();
    expect(checks.failure).toContain('did not answer');
    connected = true;
    await jest.advanceTimersByTimeAsync(10_000);
    expect(requests).toHaveLength(2);
    jest.useRealTimers();
    checks.dispose();
  });
});

describe('ScanChoices', () => {
  const scan = (path: string) => ({ path }) as IDataset;
  const place = (path: string) => ({ root: 'jupyter', path });

  function choicesWith(scans: IDataset[], stored: object = {}) {
    const state = new Map<string, unknown>([['jupyterlab-savu:scans', stored]]);
    const { client } = clientOf(() => [
      200,
      { items: scans, next: null, truncated: false }
    ]);
    const make = () =>
      new ScanChoices(client, {
        fetch: async (id: string) => state.get(id),
        save: async (id: string, value: unknown) => void state.set(id, value)
      } as unknown as ConstructorParameters<typeof ScanChoices>[1]);
    return { choices: make(), again: make };
  }

  it('remembers the choice over sessions', async () => {
    const { choices, again } = choicesWith([]);
    await choices.choose('a.nxs', place('scan.nxs'));
    const later = again();
    await later.ready;
    expect(later.get('a.nxs')).toEqual(place('scan.nxs'));
    expect(later.get('b.nxs')).toBeNull();
  });

  it('takes the only scan beside the list, and no other', async () => {
    const one = choicesWith([scan('f/scan.nxs'), scan('f/deep/b.nxs')]).choices;
    await one.guess('f/a.nxs');
    expect(one.get('f/a.nxs')).toEqual(place('f/scan.nxs'));

    const two = choicesWith([scan('f/scan.nxs'), scan('f/b.nxs')]).choices;
    await two.guess('f/a.nxs');
    expect(two.get('f/a.nxs')).toBeNull();
  });

  it('never guesses against a choice', async () => {
    const { choices } = choicesWith([scan('scan.nxs')], {
      'a.nxs': place('other.nxs')
    });
    await choices.guess('a.nxs');
    expect(choices.get('a.nxs')).toEqual(place('other.nxs'));
  });

  it('follows a list to its new name', async () => {
    const { choices } = choicesWith([]);
    await choices.choose('a.nxs', place('scan.nxs'));
    await choices.follow('a.nxs', 'b.nxs');
    expect(choices.get('b.nxs')).toEqual(place('scan.nxs'));
  });
});
