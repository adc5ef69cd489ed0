import React, { useEffect, useRef } from 'react';

import type { IProblem } from '../../api';
import type { ListEditor } from '../editor';
import { closeOnLeave } from './overlay';

export interface IProblemSummaryProps {
  editor: ListEditor;
  isOpen: boolean;
  onToggle: () => void;
}

/** How many problems the list has; opens their list. */
export function ProblemSummary(
  props: IProblemSummaryProps
): JSX.Element | null {
  const { editor, isOpen, onToggle } = props;
  const { trans } = editor.services;
  const { problems, failure } = editor.checks;
  if (editor.list.length === 0) {
    // That nothing is there yet is no news.
    return null;
  }
  if (failure !== null) {
    return (
      <button
        type="button"
        className="jp-SavuList-problemCount jp-mod-warning"
        title={failure}
        onClick={() => void editor.checks.run()}
      >
        {trans.__('not checked')}
      </button>
    );
  }
  if (problems === null) {
    return (
      <span className="jp-SavuList-problemCount">{trans.__('checking…')}</span>
    );
  }
  const severity = worst(problems);
  const label =
    problems.length === 0
      ? trans.__('No problems')
      : trans._n('%1 problem', '%1 problems', problems.length);
  return (
    <button
      type="button"
      className={`jp-SavuList-problemCount jp-mod-${severity ?? 'fine'}`}
      aria-label={label}
      aria-expanded={isOpen}
      title={label}
      disabled={problems.length === 0}
      onClick={onToggle}
    >
      {severity === null ? '✓' : '⚠'} {problems.length}
    </button>
  );
}

export interface IProblemListProps {
  editor: ListEditor;
  onClose: () => void;
  onLeave: () => void;
}

/** All problems; picking one selects the plugin that it concerns. */
export function ProblemList(props: IProblemListProps): JSX.Element {
  const { editor, onClose } = props;
  const { trans } = editor.services;
  const { plugins } = editor.list;
  const panel = useRef<HTMLUListElement>(null);
  useEffect(() => panel.current?.querySelector('button')?.focus(), []);
  return (
    <ul
      className="jp-SavuList-problems"
      ref={panel}
      aria-label={trans.__('Problems')}
      onKeyDown={event => {
        if (event.key === 'Escape') {
          onClose();
        }
      }}
      onBlur={event => closeOnLeave(event, props.onLeave)}
    >
      {(editor.checks.problems ?? []).map((problem, index) => (
        <li key={index} className={`jp-mod-${problem.severity}`}>
          <button
            type="button"
            onClick={() => {
              if (problem.plugin !== null) {
                editor.select(problem.plugin);
              }
              onClose();
            }}
          >
            <span className="jp-SavuList-problemPlace">
              {problem.plugin === null || !plugins[problem.plugin]
                ? editor.name
                : `${plugins[problem.plugin].position} ${plugins[problem.plugin].name}`}
            </span>
            {problem.message}
          </button>
        </li>
      ))}
    </ul>
  );
}

/** The gravest severity; null without problems. */
export function worst(
  problems: readonly IProblem[]
): IProblem['severity'] | null {
  if (problems.some(({ severity }) => severity === 'error')) {
    return 'error';
  }
  return problems.length > 0 ? 'warning' : null;
}
