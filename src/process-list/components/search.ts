import { useEffect, useState } from 'react';

import type { ISearchPage } from '../../api';

/** So long after the last letter the server is asked. */
const DELAY_MS = 250;

export interface ISearched<T> {
  /** Null before the first answer. */
  found: readonly T[] | null;
  /** Whether there are more than these. */
  isTruncated: boolean;
  failure: string | null;
}

/** Asks the server while somebody types; the answer to an older query is dropped. */
export function useSearch<T>(
  query: string,
  search: (query: string) => Promise<ISearchPage<T>>
): ISearched<T> {
  const [state, setState] = useState<ISearched<T>>({
    found: null,
    isTruncated: false,
    failure: null
  });
  useEffect(() => {
    let isCurrent = true;
    const run = async () => {
      let next: ISearched<T>;
      try {
        const page = await search(query);
        next = {
          found: page.items,
          isTruncated: page.truncated || page.next !== null,
          failure: null
        };
      } catch (error) {
        next = {
          found: null,
          isTruncated: false,
          failure: (error as Error).message
        };
      }
      if (isCurrent) {
        setState(next);
      }
    };
    const timer = window.setTimeout(run, query ? DELAY_MS : 0);
    return () => {
      isCurrent = false;
      window.clearTimeout(timer);
    };
    // What is searched does not change while a panel is open.
  }, [query]);
  return state;
}
