import type { IStateDB } from '@jupyterlab/statedb';

import { SavuChoices } from '../savus';
import { clientOf } from './server';

const ready = {
  name: 'savu-4',
  title: 'Savu 4.2',
  state: 'ready',
  version: '4.2',
  problem: null,
  plugins: 98,
  missing: 37
};

function stateOf(stored: Record<string, string>): IStateDB {
  let kept: unknown = stored;
  return {
    fetch: () => Promise.resolve(kept),
    save: (_: string, value: unknown) => {
      kept = value;
      return Promise.resolve();
    }
  } as unknown as IStateDB;
}

describe('SavuChoices', () => {
  it('keeps the Savu of each list, also when it is renamed', async () => {
    const { client } = clientOf(() => [200, { savus: [ready] }]);
    const state = stateOf({ 'old.nxs': 'savu-4', 'gone.nxs': 'savu-3' });
    const savus = new SavuChoices(client, state);
    await savus.ready;
    expect(savus.get('old.nxs')).toBe('savu-4');
    expect(savus.get('gone.nxs')).toBeNull();
    await savus.follow('old.nxs', 'new.nxs');
    await savus.choose('old.nxs', null);
    const later = new SavuChoices(client, state);
    await later.ready;
    expect(later.get('new.nxs')).toBe('savu-4');
    expect(later.get('old.nxs')).toBeNull();
  });

  it('asks again while a Savu is starting', async () => {
    jest.useFakeTimers();
    let answers = 0;
    const { client } = clientOf(() => [
      200,
      { savus: [answers++ ? ready : { ...ready, state: 'starting' }] }
    ]);
    const savus = new SavuChoices(client, null);
    await savus.ready;
    expect(savus.connected[0].state).toBe('starting');
    await jest.advanceTimersByTimeAsync(10_000);
    expect(savus.connected[0].state).toBe('ready');
    expect(answers).toBe(2);
    jest.useRealTimers();
  });

  it('asks for the plugins of the Savu that is meant', async () => {
    const { client, requests } = clientOf(() => [
      200,
      { items: [], savus: [] }
    ]);
    const savus = new SavuChoices(client, null);
    await savus.ready;
    await savus.catalogue('savu-4').summaries();
    expect(requests[requests.length - 1].query.savu).toBe('savu-4');
    await savus.catalogue(null).summaries();
    expect(requests[requests.length - 1].query.savu).toBeUndefined();
    expect(savus.catalogue('savu-4')).toBe(savus.catalogue('savu-4'));
  });
});
