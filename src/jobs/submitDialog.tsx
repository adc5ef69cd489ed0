import { Dialog, ReactWidget, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { IPlace, IQueue, SavuClient } from '../api';
import { SubmitForm } from './components/submitForm';
import type { ISubmitForm } from './form';

/** Asks how a list is to run; null when the user thinks better of it. */
export async function askHow(
  name: string,
  queue: string,
  scan: IPlace | null,
  queues: readonly IQueue[],
  client: Pick<SavuClient, 'datasets' | 'script'>,
  trans: TranslationBundle
): Promise<ISubmitForm | null> {
  const initial: ISubmitForm = {
    queue,
    rows: '',
    scans: scan ? [scan] : [],
    resources: {},
    values: {}
  };
  const body = new FormBody(initial, queues, client, trans);
  const { button, value } = await showDialog({
    title: trans.__('Run %1', name),
    body,
    buttons: [
      Dialog.cancelButton(),
      Dialog.okButton({ label: trans.__('Run') })
    ]
  });
  return button.accept && value && body.isValid ? value : null;
}

/** The form as the body of a dialog, which reads its value. */
class FormBody extends ReactWidget implements Dialog.IBodyWidget<ISubmitForm> {
  constructor(
    private _form: ISubmitForm,
    private _queues: readonly IQueue[],
    private _client: Pick<SavuClient, 'datasets' | 'script'>,
    private _trans: TranslationBundle
  ) {
    super();
    this._initial = _form;
    this.isValid = _form.scans.length > 0;
  }

  /** Whether the form can be submitted. */
  isValid: boolean;

  getValue(): ISubmitForm {
    return this._form;
  }

  protected render(): JSX.Element {
    return (
      <SubmitForm
        initial={this._initial}
        queues={this._queues}
        client={this._client}
        trans={this._trans}
        onChange={(form, isValid) => {
          this._form = form;
          this.isValid = isValid;
        }}
      />
    );
  }

  private _initial: ISubmitForm;
}
