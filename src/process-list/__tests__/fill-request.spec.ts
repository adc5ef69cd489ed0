import type { IProcessList, IQueue } from '../../api';
import { FillRequest } from '../fill-request';

const LIST: IProcessList = { version: null, plugins: [], groups: [] };

describe('filling in', () => {
  it('gives a run its list', async () => {
    const show = jest.fn();
    const request = new FillRequest(show);
    const asked = request.ask({ name: 'preview' } as IQueue);
    expect([request.isForRun, request.queue?.name]).toEqual([true, 'preview']);
    request.give(LIST);
    expect(await asked).toBe(LIST);
    expect(request.isForRun).toBe(false);
    expect(show).toHaveBeenCalledTimes(1);
  });

  it('gives nothing when the form is closed, or opened for something else', async () => {
    const request = new FillRequest(() => undefined);
    const asked = [request.ask(null), request.ask(null)];
    expect(await asked[0]).toBeNull();
    request.open();
    expect(await asked[1]).toBeNull();
    expect([request.isForRun, request.queue]).toEqual([false, null]);
  });
});
