import type { ISignal } from '@lumino/signaling';
import React from 'react';

import type { ISize } from '../camera';

/** Draws the component anew when the signal is emitted. */
export function useSignal<T>(signal: ISignal<T, unknown>): void {
  const [, count] = React.useReducer((value: number) => value + 1, 0);
  React.useEffect(() => {
    const update = () => count();
    signal.connect(update);
    // What was told between drawing and connecting would be missed.
    update();
    return () => {
      signal.disconnect(update);
    };
  }, [signal]);
}

/** The size of an element, as it changes. */
export function useSize(node: React.RefObject<HTMLElement>): ISize {
  const [size, setSize] = React.useState<ISize>({ width: 0, height: 0 });
  React.useLayoutEffect(() => {
    if (!node.current) {
      return;
    }
    const observer = new ResizeObserver(([{ contentRect }]) =>
      setSize({ width: contentRect.width, height: contentRect.height })
    );
    observer.observe(node.current);
    return () => observer.disconnect();
  }, [node]);
  return size;
}

/** What a slow question answers, asked anew when the key changes; the newest answer counts. */
export function useAnswer<T>(
  ask: () => Promise<T> | null,
  key: string
): T | null {
  const [answer, setAnswer] = React.useState<T | null>(null);
  React.useEffect(() => {
    let isCurrent = true;
    const question = ask();
    if (!question) {
      setAnswer(null);
      return;
    }
    question.then(
      value => isCurrent && setAnswer(value),
      () => isCurrent && setAnswer(null)
    );
    return () => {
      isCurrent = false;
    };
  }, [key]);
  return answer;
}
