import { arrange, AS_THEY_CAME, type IArrangement } from '../arranging';
import { job } from './jobs';

const scan = (path: string) => ({ ...job().data, path });
const JOBS = [
  job({ id: '4', name: 'b.nxs', state: 'failed', data: scan('x/scan10.nxs') }),
  job({ id: '3', name: 'a.nxs', data: scan('x/scan9.nxs'), group: 'g' }),
  job({ id: '2', name: 'b.nxs', data: scan('y/scan9.nxs'), group: 'g' }),
  job({ id: '1', name: 'c.nxs', state: 'succeeded', queue: 'full' })
];

/** The rows in short: ids of jobs, and headings with their sizes. */
function rows(changes: Partial<IArrangement>): string[] {
  return arrange(JOBS, { ...AS_THEY_CAME, ...changes }).map(row =>
    row.kind === 'job' ? row.job.id : `${row.key} (${row.count})`
  );
}

describe('the jobs', () => {
  it('are newest first', () => {
    expect(rows({})).toEqual(['4', '3', '2', '1']);
    expect(rows({ order: 'oldest' })).toEqual(['1', '2', '3', '4']);
  });

  it('are sorted as people count, and newest first where they are equal', () => {
    expect(rows({ order: 'scan' })).toEqual(['1', '3', '2', '4']);
    expect(rows({ order: 'name' })).toEqual(['3', '4', '2', '1']);
  });

  it('are found by all words', () => {
    expect(rows({ search: 'SCAN9 b.nxs' })).toEqual(['2']);
    expect(rows({ search: 'full' })).toEqual(['1']);
    expect(rows({ search: 'scan9 nothing' })).toEqual([]);
    expect(rows({ search: 'b.nxs', filter: 'failed' })).toEqual(['4']);
  });

  it('are grouped', () => {
    expect(rows({ grouping: 'queue' })).toEqual([
      'preview (3)',
      '4',
      '3',
      '2',
      'full (1)',
      '1'
    ]);
    expect(rows({ grouping: 'submission', search: 'scan9' })).toEqual([
      'g (2)',
      '3',
      '2'
    ]);
  });
});
