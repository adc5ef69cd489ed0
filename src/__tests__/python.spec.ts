import { pythonPlace, pythonText } from '../python';

describe('pythonPlace', () => {
  it.each([
    ['jupyter', 'scans/scan.nxs', '"scans/scan.nxs"'],
    ['archive', 'scan.nxs', '"archive:scan.nxs"'],
    ['jupyter', '12:30.nxs', '"jupyter:12:30.nxs"'],
    ['jupyter', '~/scan.nxs', '"jupyter:~/scan.nxs"']
  ])('names %s: %s as the client reads it', (root, path, expected) => {
    expect(pythonPlace({ root, path })).toBe(expected);
  });
});

test('what would end a text is escaped', () => {
  expect(pythonText('a"b\\c\nü')).toBe('"a\\"b\\\\c\\nü"');
});
