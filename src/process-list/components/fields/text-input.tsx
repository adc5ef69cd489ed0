import React, { useCallback, useEffect, useRef, useState } from 'react';

import { useHost } from './host';

/** So long after the last keystroke the list gets what was typed. */
const DELAY_MS = 250;

export interface ITextInputProps {
  id?: string;
  label: string;
  describedBy?: string;
  isInvalid?: boolean;
  disabled?: boolean;
  /** What the list holds, as text. */
  text: string;
  placeholder?: string;
  /** The id of a list of completions. */
  list?: string;
  /**
   * @param continued - whether the change goes on with the one before, as the
   *   second typed letter does.
   */
  onChange: (text: string, continued: boolean) => void;
  /** The user has finished typing: by Enter, or by leaving the field. */
  onDone?: (text: string) => void;
  onKeyDown?: (event: React.KeyboardEvent<HTMLInputElement>) => void;
}

/** What happens between the first letter and leaving the field. */
interface ITyping {
  text: string;
  timer: number;
  /** Whether the list has some of it already. */
  isKnown: boolean;
  /** Whether the next change of the list is our own. */
  isAwaited: boolean;
}

/**
 * A field whose first letter the list gets at once, and the rest when the
 * typing pauses: a keystroke draws this field alone. A save or a run never
 * misses a letter, because it asks for the drafts first.
 */
export function TextInput(props: ITextInputProps): JSX.Element {
  const { drafts } = useHost();
  const [draft, setDraft] = useState<string | null>(null);
  const typing = useRef<ITyping | null>(null);
  const latest = useRef(props);
  latest.current = props;

  const handOver = useCallback(() => {
    const { current } = typing;
    if (current && current.timer !== 0) {
      window.clearTimeout(current.timer);
      current.timer = 0;
      current.isAwaited = true;
      latest.current.onChange(current.text, current.isKnown);
      current.isKnown = true;
    }
  }, []);
  useEffect(() => {
    const forget = drafts.add(handOver);
    return () => {
      handOver();
      forget();
    };
  }, [drafts, handOver]);

  const { text } = props;
  useEffect(() => {
    const { current } = typing;
    if (current?.isAwaited) {
      current.isAwaited = false;
    } else if (current) {
      // An undo, or somebody else, has changed what the list holds.
      window.clearTimeout(current.timer);
      typing.current = null;
      setDraft(null);
    }
  }, [text]);

  const type = (typed: string) => {
    setDraft(typed);
    const isFirst = typing.current === null;
    const current = (typing.current ??= {
      text: typed,
      timer: 0,
      isKnown: false,
      isAwaited: false
    });
    current.text = typed;
    window.clearTimeout(current.timer);
    current.timer = window.setTimeout(handOver, DELAY_MS);
    if (isFirst) {
      handOver();
    }
  };
  const end = () => {
    const { current } = typing;
    handOver();
    typing.current = null;
    setDraft(null);
    if (current) {
      props.onDone?.(current.text);
    }
  };
  return (
    <input
      id={props.id}
      type="text"
      className="jp-SavuField-text"
      aria-label={props.label}
      aria-describedby={props.describedBy}
      aria-invalid={props.isInvalid}
      autoComplete="off"
      spellCheck={false}
      disabled={props.disabled}
      placeholder={props.placeholder}
      list={props.list}
      value={draft ?? text}
      onKeyDown={event => {
        props.onKeyDown?.(event);
        if (event.key === 'Enter' && !event.defaultPrevented) {
          end();
        }
      }}
      onChange={event => type(event.target.value)}
      onBlur={end}
    />
  );
}
