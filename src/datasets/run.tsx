import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { HTMLSelect, ReactWidget } from '@jupyterlab/ui-components';
import React, { useState } from 'react';

import type { IPlace, IQueue } from '../api';

export interface IRun {
  list: string;
  scan: IPlace;
  queues: readonly IQueue[];
  /** Whether the editor of the list has edits that the file does not have. */
  isEdited: boolean;
}

/** Asks before a list runs on a scan, and on which queue; null when the user does not want it. */
export async function confirmRun(
  run: IRun,
  trans: TranslationBundle
): Promise<string | null> {
  const { button, value } = await showDialog<string>({
    title: trans.__('Run this list on this scan?'),
    body: new RunForm(run, trans),
    buttons: [
      Dialog.cancelButton(),
      Dialog.okButton({ label: trans.__('Run') })
    ]
  });
  return button.accept ? value : null;
}

class RunForm extends ReactWidget implements Dialog.IBodyWidget<string> {
  constructor(
    private readonly _run: IRun,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.addClass('jp-SavuRun');
    this._queue = _run.queues[0].name;
  }

  getValue(): string {
    return this._queue;
  }

  render(): JSX.Element {
    return (
      <Form
        run={this._run}
        trans={this._trans}
        onQueue={queue => {
          this._queue = queue;
        }}
      />
    );
  }

  private _queue: string;
}

interface IFormProps {
  run: IRun;
  trans: TranslationBundle;
  onQueue: (queue: string) => void;
}

function Form({ run, trans, onQueue }: IFormProps): JSX.Element {
  const { list, scan, queues, isEdited } = run;
  const [queue, setQueue] = useState(queues[0].name);
  return (
    <dl>
      <dt>{trans.__('Process list')}</dt>
      <dd>
        {list}
        {isEdited && <em>{trans.__('with the edits that are not saved')}</em>}
      </dd>
      <dt>{trans.__('Scan')}</dt>
      <dd>{scan.path}</dd>
      <dt id="jp-SavuRun-queue">{trans.__('Queue')}</dt>
      <dd>
        <HTMLSelect
          aria-labelledby="jp-SavuRun-queue"
          value={queue}
          onChange={event => {
            setQueue(event.target.value);
            onQueue(event.target.value);
          }}
        >
          {queues.map(({ name, title }) => (
            <option key={name} value={name}>
              {title}
            </option>
          ))}
        </HTMLSelect>
        <p>{queues.find(({ name }) => name === queue)?.description}</p>
      </dd>
    </dl>
  );
}
