import { Dialog, ReactWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { IPlace, IQueue, SavuClient } from '../api';
import type { IRunnableList } from '../tokens';
import { SubmitForm } from './components/submitForm';
import { type IRefusal, type ISubmitForm, isComplete, refusalOf } from './form';
import type { JobWords } from './words';

/** What the form of a submission needs. */
export interface ISubmitDialogOptions {
  name: string;
  list: IRunnableList;
  queue: string;
  scan: IPlace | null;
  queues: readonly IQueue[];
  client: Pick<SavuClient, 'datasets' | 'plan' | 'script'>;
  trans: TranslationBundle;
  words: JobWords;
  /** Fails when the server refuses what the form asks for. */
  submit: (form: ISubmitForm) => Promise<void>;
}

/** Asks how a list is to run, and stays until it does or the user thinks better of it. */
export async function submitByForm(
  options: ISubmitDialogOptions
): Promise<void> {
  await new SubmitDialog(options, new FormBody(options)).launch();
}

class SubmitDialog extends Dialog<unknown> {
  constructor(
    { name, trans }: ISubmitDialogOptions,
    private readonly _form: FormBody
  ) {
    const title = trans.__('Run %1', name);
    super({
      title,
      body: _form,
      buttons: [
        Dialog.cancelButton(),
        Dialog.okButton({ label: trans.__('Run') })
      ]
    });
    this.node.ariaLabel = title;
  }

  resolve(index = 1): void {
    if (index === 0) {
      super.resolve(index);
    } else {
      void this._form.run().then(isDone => isDone && super.resolve(index));
    }
  }
}

/** The form as the body of a dialog. */
class FormBody extends ReactWidget {
  constructor(private readonly _options: ISubmitDialogOptions) {
    super();
    const { queue, scan } = _options;
    this._form = this._initial = {
      queue,
      rows: '',
      scans: scan ? [scan] : [],
      resources: {},
      values: {}
    };
  }

  /** Submits what the form asks for; where that fails, the form says why. */
  async run(): Promise<boolean> {
    const { queues, submit } = this._options;
    if (this._isRunning) {
      return false;
    }
    this._isRunning = true;
    this._refusal = null;
    try {
      if (isComplete(this._form, queues)) {
        await submit(this._form);
        return true;
      }
    } catch (error) {
      this._refusal = refusalOf(error);
    } finally {
      this._isRunning = false;
    }
    this._attempts++;
    this.update();
    return false;
  }

  protected render(): JSX.Element {
    const { list, queues, client, trans, words } = this._options;
    return (
      <SubmitForm
        initial={this._initial}
        refusal={this._refusal}
        attempts={this._attempts}
        {...{ list, queues, client, trans, words }}
        onChange={form => {
          this._form = form;
          this._refusal = null;
          this.update();
        }}
      />
    );
  }

  private _attempts = 0;
  private _form: ISubmitForm;
  private readonly _initial: ISubmitForm;
  private _isRunning = false;
  private _refusal: IRefusal | null = null;
}
