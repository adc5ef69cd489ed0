import type { ILogPart } from '../../api';
import { LogFollower, markHits, withoutDate } from '../log';
import { filterLines } from '../logLines';

/** A log on the server that grows. */
class Log {
  bytes = '';
  ended = false;
  requests: number[] = [];

  async log(
    _id: string,
    options: { offset?: number; length?: number } = {}
  ): Promise<ILogPart> {
    const { offset = 0, length = 65536 } = options;
    this.requests.push(offset);
    const size = this.bytes.length;
    const start = offset < 0 ? Math.max(0, size + offset) : offset;
    const text = this.bytes.slice(start, start + length);
    const next = start + text.length;
    return {
      text,
      offset: start,
      next,
      size,
      complete: this.ended && next === size
    };
  }
}

function setUp() {
  const server = new Log();
  const follower = new LogFollower(server, 'job', 'user');
  return { server, follower };
}

describe('a followed log', () => {
  it('grows by what is new', async () => {
    const { server, follower } = setUp();
    server.bytes = 'one\n';
    await follower.read();
    server.bytes += 'two\n';
    await follower.read();
    expect(follower.text).toBe('one\ntwo\n');
    expect(server.requests[1]).toBe(4);
    follower.dispose();
  });

  it('starts at its end when it is long, and can be read as a whole', async () => {
    const { server, follower } = setUp();
    server.bytes = 'first line\n' + 'x'.repeat(300_000) + '\nlast line\n';
    await follower.read();
    expect(follower.isCut).toBe(true);
    expect(follower.text).not.toContain('first line');
    expect(follower.text.endsWith('last line\n')).toBe(true);
    await follower.readAll();
    expect(follower.isCut).toBe(false);
    expect(follower.text).toBe(server.bytes);
    follower.dispose();
  });

  it('has no line twice when two ask at once', async () => {
    const { server, follower } = setUp();
    server.bytes = 'one\n';
    await Promise.all([follower.read(), follower.read()]);
    expect(follower.text).toBe('one\n');
    follower.dispose();
  });

  it('tells why it cannot be read, and goes on afterwards', async () => {
    const { server, follower } = setUp();
    const log = server.log.bind(server);
    server.log = async () => {
      throw new Error('No such job');
    };
    await expect(follower.read()).rejects.toThrow();
    expect(follower.trouble).toBe('No such job');
    server.log = log;
    server.bytes = 'one\n';
    await follower.read();
    expect(follower.trouble).toBeNull();
    expect(follower.text).toBe('one\n');
    follower.dispose();
  });
});

describe('the search in a log', () => {
  it('keeps the lines that hold the words, in any case', () => {
    expect(
      filterLines('Running A\nError: B\nrunning C\n', {
        search: 'RUNNING',
        level: null,
        step: null
      })
    ).toEqual(['Running A', 'running C']);
  });

  it('marks every hit', () => {
    expect(markHits('ab-AB-c', 'ab')).toEqual(['', 'ab', '-', 'AB', '-c']);
  });
});

describe('a line', () => {
  it('is shown with its time alone', () => {
    expect(withoutDate('2026-11-21 00:35:15,905 - Running A - 50%')).toBe(
      '00:35:15  Running A - 50%'
    );
  });

  it('is shown as it is when it has none', () => {
    expect(withoutDate('ValueError: 2026-11-21')).toBe(
      'ValueError: 2026-11-21'
    );
  });
});
