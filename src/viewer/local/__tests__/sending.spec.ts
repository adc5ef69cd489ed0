import type { Contents } from '@jupyterlab/services';

import { exists, type Folder, send } from '../sending';

const TEXT = 'values of a scan';

/** Files of a server, which refuses what `refuses` says. */
function folder(
  files: Record<string, string>,
  refuses: keyof Folder | null = null
) {
  const known = new Map(Object.entries(files));
  const answer = (path: string) => ({ path }) as Contents.IModel;
  const guard = (act: keyof Folder) => {
    if (act === refuses) {
      throw new Error(`no ${act}`);
    }
  };
  const contents: Folder = {
    get: async path => {
      guard('get');
      if (!known.has(path)) {
        throw Object.assign(new Error('gone'), { response: { status: 404 } });
      }
      return answer(path);
    },
    save: async (path, { content, chunk } = {}) => {
      guard('save');
      const before = chunk === undefined || chunk === 1 ? '' : known.get(path);
      known.set(path, before + atob(content));
      return answer(path);
    },
    rename: async (from, to) => {
      guard('rename');
      if (known.has(to)) {
        throw new Error(`${to} is there`);
      }
      known.set(to, known.get(from)!);
      known.delete(from);
      return answer(to);
    },
    delete: async path => {
      guard('delete');
      known.delete(path);
    }
  };
  return { contents, stored: () => Object.fromEntries(known) };
}

const nothing = () => undefined;

it('copies a file in pieces', async () => {
  const { contents, stored } = folder({});
  const text = TEXT.repeat(200_000);
  const sent: number[] = [];
  const file = new File([text], 'scan.nxs');
  await send(contents, file, 'data/scan.nxs', false, bytes => sent.push(bytes));
  expect(Object.keys(stored())).toEqual(['data/scan.nxs']);
  expect(stored()['data/scan.nxs'] === text).toBe(true);
  expect(sent.length).toBeGreaterThan(2);
  expect(sent[sent.length - 1]).toBe(text.length);
});

it('copies an empty file', async () => {
  const { contents, stored } = folder({});
  await send(contents, new File([], 'a.nxs'), 'a.nxs', false, nothing);
  expect(stored()).toEqual({ 'a.nxs': '' });
});

it('replaces a file only when told to', async () => {
  const before = { 'scan.nxs': 'what was there' };
  const file = new File([TEXT], 'scan.nxs');
  const kept = folder(before);
  const asked = send(kept.contents, file, 'scan.nxs', false, nothing);
  await expect(asked).rejects.toThrow('is there');
  expect(kept.stored()).toEqual(before);

  const replaced = folder(before);
  await send(replaced.contents, file, 'scan.nxs', true, nothing);
  expect(replaced.stored()).toEqual({ 'scan.nxs': TEXT });
});

it('loses neither the old values nor the new ones when it fails', async () => {
  const before = { 'scan.nxs': 'what was there' };
  const file = new File([TEXT], 'scan.nxs');
  const unsaved = folder(before, 'save');
  const failed = send(unsaved.contents, file, 'scan.nxs', true, nothing);
  await expect(failed).rejects.toThrow('no save');
  expect(unsaved.stored()).toEqual(before);

  const unnamed = folder(before, 'rename');
  const stuck = send(unnamed.contents, file, 'scan.nxs', true, nothing);
  await expect(stuck).rejects.toThrow('no rename');
  expect(Object.values(unnamed.stored())).toEqual([TEXT]);
});

it('tells what is there, and when that cannot be told', async () => {
  const { contents } = folder({ 'scan.nxs': '' });
  expect(await exists(contents, 'scan.nxs')).toBe(true);
  expect(await exists(contents, 'other.nxs')).toBe(false);
  const away = folder({}, 'get');
  await expect(exists(away.contents, 'scan.nxs')).rejects.toThrow('no get');
});
