import { Signal } from '@lumino/signaling';

import type { IComparison, IProcessList } from '../../api';
import { ComparisonModel, differences, type ISide } from '../comparing';

function list(name: string): IProcessList {
  return {
    version: null,
    plugins: [
      { position: '1', name, id: name, active: true, parameters: {}, extra: {} }
    ],
    groups: []
  };
}

function side(
  title: string,
  read: ISide['read'],
  changed: ISide['changed'] = null
): ISide {
  return { title, detail: title, read, changed };
}

const answer = (equal: boolean): IComparison => ({
  equal,
  plugins: [
    {
      name: 'A',
      left: 0,
      right: 0,
      moved: false,
      switched: false,
      parameters: [],
      differs: !equal
    }
  ],
  loops: []
});

describe('ComparisonModel', () => {
  it('compares what both sides hold, and again when they are swapped', async () => {
    const asked: string[][] = [];
    const compareProcessLists = async (
      left: IProcessList,
      right: IProcessList
    ) => {
      asked.push([left.plugins[0].name, right.plugins[0].name]);
      return answer(false);
    };
    const model = new ComparisonModel(
      { compareProcessLists },
      side('one', async () => list('A')),
      side('two', async () => list('B'))
    );
    await model.run();
    expect(differences(model.found!)).toBe(1);
    expect(model.found!.right).toEqual(list('B'));
    model.swap();
    await model.run();
    expect(model.left.title).toBe('two');
    expect(asked[0]).toEqual(['A', 'B']);
    expect(asked[asked.length - 1]).toEqual(['B', 'A']);
  });

  it('drops an answer that came too late', async () => {
    const answers: ((told: IComparison) => void)[] = [];
    const model = new ComparisonModel(
      { compareProcessLists: () => new Promise(told => answers.push(told)) },
      side('one', async () => list('A')),
      side('two', async () => list('B'))
    );
    const second = model.run();
    await new Promise(done => setTimeout(done));
    answers[1](answer(true));
    await second;
    answers[0](answer(false));
    await new Promise(done => setTimeout(done));
    expect(model.found!.equal).toBe(true);
  });

  it('says why the lists cannot be compared, and compares after an edit', async () => {
    jest.useFakeTimers();
    try {
      const edited = new Signal<object, void>({});
      let isGone = true;
      const model = new ComparisonModel(
        { compareProcessLists: async () => answer(true) },
        side(
          'one',
          async () => {
            if (isGone) {
              throw new Error('one is gone');
            }
            return list('A');
          },
          edited
        ),
        side('two', async () => list('B'))
      );
      await model.run();
      expect([model.failure, model.found]).toEqual(['one is gone', null]);
      isGone = false;
      edited.emit();
      await jest.runAllTimersAsync();
      expect(model.failure).toBeNull();
      expect(model.found!.equal).toBe(true);
    } finally {
      jest.useRealTimers();
    }
  });
});
