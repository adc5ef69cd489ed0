import type { IMark, IProcessList, ITemplate, SavuClient } from '../../api';
import { Filling } from '../filling';

const LIST: IProcessList = { plugins: [] };
const MARK = { plugin: 1, parameter: 'ratio' } as IMark;

/** A server whose text of a file is the values that it was asked for. */
function setUp() {
  const asked: string[] = [];
  let failure: Error | null = null;
  const client = {
    resolveTemplate: async (
      _: IProcessList,
      text: string | null,
      values: readonly { value: string }[]
    ) => {
      asked.push(values.map(({ value }) => value).join());
      if (failure) {
        throw failure;
      }
      return { marks: [], text: asked[asked.length - 1] || text } as unknown;
    }
  } as unknown as SavuClient;
  const fail = (error: Error | null) => {
    failure = error;
  };
  return { filling: new Filling(client), asked, fail };
}

describe('values that are filled in', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('are asked about together when the typing pauses', async () => {
    const { filling, asked } = setUp();
    filling.fill(LIST, 'file');
    await jest.runAllTimersAsync();
    filling.setValue(MARK, '1');
    filling.setValue(MARK, '12');
    await jest.runAllTimersAsync();
    expect(asked).toEqual(['', '12']);
    expect(filling.template?.text).toBe('12');
  });

  it('are all known when they have settled', async () => {
    const { filling } = setUp();
    filling.fill(LIST, 'file');
    filling.setValue(MARK, '84');
    await filling.settle();
    expect(filling.template?.text).toBe('84');
  });

  it('do not settle where the server does not answer', async () => {
    const { filling, fail } = setUp();
    filling.fill(LIST, 'file');
    fail(new Error('away'));
    await expect(filling.settle()).rejects.toThrow('away');
    fail(null);
    filling.setValue(MARK, '84');
    await expect(filling.settle()).resolves.toBeUndefined();
  });

  it('stay when they are written into the file, and go when it is reverted', async () => {
    const { filling, asked } = setUp();
    filling.fill(LIST, 'file');
    filling.setValue(MARK, '84');
    await filling.settle();
    filling.fill(LIST, filling.template!.text);
    await jest.runAllTimersAsync();
    expect(asked).toEqual(['84']);
    filling.fill(LIST, 'file');
    await filling.settle();
    expect(filling.values).toEqual([]);
    expect((filling.template as ITemplate).text).toBe('file');
  });
});
