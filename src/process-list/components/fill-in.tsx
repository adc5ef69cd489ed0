import React, { useEffect, useMemo, useRef } from 'react';

import type { IProcessList } from '../../api';
import { saveTemplate } from '../templates';
import type { ListEditor } from '../editor';
import { filledMarks } from '../fields/marks';
import { Filling } from '../filling';
import { TemplateFields, useFilling } from './template-fields';

export interface IFillInProps {
  editor: ListEditor;
  onClose: () => void;
}

/** The form over the list that fills in what is marked: for one run, or in the list itself. */
export function FillIn({ editor, onClose }: IFillInProps): JSX.Element {
  const { services, content, path, scan, drafts } = editor;
  const { fillIn: request } = editor.running;
  const { queue, isForRun } = request;
  const { client, trans } = services;
  const list = useStable(content);
  const filling = useMemo(() => new Filling(client), [client]);
  useFilling(filling, list, null);
  useEffect(() => () => filling.dispose(), [filling]);
  const form = useRef<HTMLFormElement>(null);
  const { template } = filling;
  const isThere = template !== null;
  useEffect(
    () =>
      form.current
        ?.querySelector<HTMLElement>('input, select, button:enabled')
        ?.focus(),
    [isThere]
  );
  /** Does something with the list as it is filled in by all that was typed. */
  const withFilled = async (act: (filled: IProcessList) => void) => {
    // What fails is told above the fields.
    await filling.settle().catch(() => undefined);
    const filled = filling.failure === null && filling.template?.list;
    if (filled && !filling.isDisposed) {
      act(filled);
      onClose();
    }
  };
  const fillHere = () =>
    withFilled(({ plugins }) =>
      editor.list.setAllParameters('fill', filledMarks(list.plugins, plugins))
    );
  return (
    <form
      ref={form}
      className="jp-SavuTemplate jp-mod-overlay"
      aria-label={trans.__('What is to be filled in')}
      onSubmit={event => {
        event.preventDefault();
        void (isForRun
          ? withFilled(filled => request.give(filled))
          : fillHere());
      }}
      onKeyDown={event => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          onClose();
        }
      }}
    >
      <h2>
        {queue
          ? trans.__('Fill in before the run on %1', queue.title)
          : isForRun
            ? trans.__('Fill in before the run')
            : trans.__('Fill in')}
      </h2>
      <TemplateFields
        filling={filling}
        list={list}
        path={path}
        scan={scan}
        services={services}
        drafts={drafts}
      />
      <div className="jp-SavuTemplate-buttons">
        <button
          type="button"
          className="jp-SavuButton"
          title={trans.__(
            'Keeps the list as it is and writes the values into a .savu file (savu_config: save -t)'
          )}
          disabled={!template?.list}
          onClick={() => void saveTemplate(editor, filling.values)}
        >
          {trans.__('Save as .savu…')}
        </button>
        <span className="jp-SavuTemplate-space" />
        <button
          type="button"
          className="jp-SavuButton jp-mod-outlined"
          onClick={onClose}
        >
          {trans.__('Cancel')}
        </button>
        {isForRun && !editor.isReadOnly && (
          <button
            type="button"
            className="jp-SavuButton jp-mod-outlined"
            disabled={!template?.list}
            onClick={() => void fillHere()}
          >
            {trans.__('Fill in the list')}
          </button>
        )}
        <button
          type="submit"
          className="jp-SavuButton jp-mod-primary"
          title={
            isForRun
              ? trans.__('Runs with these values; the list keeps its marks')
              : undefined
          }
          disabled={!template?.list || (!isForRun && editor.isReadOnly)}
        >
          {queue
            ? trans.__('Run')
            : isForRun
              ? trans.__('Next…')
              : trans.__('Fill in the list')}
        </button>
      </div>
    </form>
  );
}

/** The same object while it means the same. */
function useStable<T>(value: T): T {
  const kept = useRef(value);
  if (JSON.stringify(kept.current) !== JSON.stringify(value)) {
    kept.current = value;
  }
  return kept.current;
}
