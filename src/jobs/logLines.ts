import type { SavuClient } from '../api';
import { linesOf, type LogKind } from './log';

/** How much a message matters; the engine's own words. */
export const LEVELS = ['DEBUG', 'INFO', 'USER', 'WARNING', 'ERROR'] as const;
export type LogLevel = (typeof LEVELS)[number];

/** What is looked at of a log. */
export interface ILogFilter {
  search: string;
  /** The least level; null for all. */
  level: LogLevel | null;
  /** A step by its place in `stepsOf`; null for all. */
  step: number | null;
}

/** Bytes of one request for a whole log. */
const PART = 512 * 1024;

const BEGIN = /\*Running the (.+) plugin\*/;
const HEAD = /^L\s+\d+ M\d+ CPU\d+ (DEBUG|INFO|USER|WARN|ERROR|CRIT)/;

/** The plugins whose beginnings a log tells, in the order in which they ran. */
export function stepsOf(text: string): string[] {
  return text.split('\n').flatMap(line => BEGIN.exec(line)?.[1] ?? []);
}

/** Whether the lines of a log say how much they matter: Savu's do, those of the embedded engine not. */
export function hasLevels(text: string): boolean {
  return text.split('\n').some(line => HEAD.test(line));
}

/** The lines of a log that pass; a line without a level, as of a traceback, goes with the one before. */
export function filterLines(text: string, filter: ILogFilter): string[] {
  const least = filter.level === null ? 0 : LEVELS.indexOf(filter.level);
  const wanted = filter.search.trim().toLowerCase();
  let level = 0;
  let step = -1;
  return linesOf(text).filter(line => {
    level = levelOf(line) ?? level;
    step += BEGIN.test(line) ? 1 : 0;
    return (
      level >= least &&
      (filter.step === null || step === filter.step) &&
      (!wanted || line.toLowerCase().includes(wanted))
    );
  });
}

function levelOf(line: string): number | null {
  const word = HEAD.exec(line)?.[1];
  return word === undefined
    ? null
    : word === 'CRIT'
      ? LEVELS.length - 1
      : LEVELS.findIndex(level => level.startsWith(word));
}

/** A log from its first byte to what is its last now. */
export async function wholeLog(
  client: Pick<SavuClient, 'log'>,
  id: string,
  log: LogKind
): Promise<string> {
  let text = '';
  let offset = 0;
  for (;;) {
    const part = await client.log(id, { log, offset, length: PART });
    text += part.text;
    offset = part.next;
    if (!part.text || offset >= part.size) {
      return text;
    }
  }
}
