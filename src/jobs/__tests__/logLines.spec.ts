import {
  filterLines,
  hasLevels,
  type ILogFilter,
  stepsOf,
  wholeLog
} from '../logLines';

const ALL: ILogFilter = { search: '', level: null, step: null };
const LOG = [
  'L         10 M000 CPU00 INFO   setting up',
  'L         20 M000 CPU00 USER   *Running the Median plugin*',
  'L         30 M000 CPU00 DEBUG  frames 0 to 8',
  'L         40 M000 CPU00 USER   *Running the Recon plugin*',
  'L         50 M000 CPU00 WARN   few projections',
  'L         60 M000 CPU00 ERROR  it stopped',
  'Traceback: line 3',
  ''
].join('\n');
const ends = (filter: Partial<ILogFilter>) =>
  filterLines(LOG, { ...ALL, ...filter }).map(line => line.split(' ').pop());

it('keeps all lines without a filter', () => {
  expect(ends({})).toHaveLength(7);
});

it('keeps what matters enough, and tracebacks with their errors', () => {
  expect(ends({ level: 'WARNING' })).toEqual(['projections', 'stopped', '3']);
  expect(ends({ level: 'ERROR' })).toEqual(['stopped', '3']);
  expect(ends({ level: 'INFO' })).not.toContain('8');
});

it('knows whether there are levels to choose from', () => {
  expect(hasLevels(LOG)).toBe(true);
  expect(hasLevels('      80 tomo: 181 frames\n')).toBe(false);
});

it('keeps the lines of one step', () => {
  expect(stepsOf(LOG)).toEqual(['Median', 'Recon']);
  expect(ends({ step: 0 })).toEqual(['plugin*', '8']);
  expect(ends({ step: 1, level: 'ERROR', search: 'STOP' })).toEqual([
    'stopped'
  ]);
  expect(ends({ step: 0, level: 'ERROR', search: 'x' })).toEqual([]);
});

it('reads a log of many parts as a whole', async () => {
  const client = {
    log: async (_: string, { offset = 0 }: { offset?: number } = {}) => ({
      text: LOG.slice(offset, offset + 50),
      offset,
      next: Math.min(offset + 50, LOG.length),
      size: LOG.length,
      complete: true
    })
  };
  expect(await wholeLog(client, 'id', 'full')).toBe(LOG);
});
