import { Dialog, ReactWidget, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import { sizeText } from './place';

/** What is asked before files are uploaded. */
export interface IUploadQuestion {
  why: string;
  /** What they are copied to; empty for Jupyter's own folder. */
  folder: string;
  file: File;
  /** Files that were chosen together with it. */
  others: readonly File[];
  /** Whether the others belong to it, as far as can be told. */
  isWithOthers: boolean;
  /** Whether all are not more than may be uploaded. */
  fitsWithOthers: boolean;
  /** Names of files that are there already. */
  taken: readonly string[];
  /** Names that are free, for the file alone and for a folder with all. */
  freeFile: string;
  freeFolder: string;
}

/** What the user wants; null to upload nothing. */
export interface IUploadAnswer {
  isWithOthers: boolean;
  /** Whether files of the same names are replaced; both are kept otherwise. */
  replaces: boolean;
}

/** Asks all at once that is to be known before an upload. */
export async function askForUpload(
  question: IUploadQuestion,
  trans: TranslationBundle
): Promise<IUploadAnswer | null> {
  const { button, value } = await showDialog<IUploadAnswer>({
    title: trans.__('Upload %1?', question.file.name),
    body: new UploadForm(question, trans),
    buttons: [
      Dialog.cancelButton(),
      Dialog.okButton({ label: trans.__('Upload') })
    ]
  });
  return button.accept ? value : null;
}

/** The names among those of the chosen files that are taken. */
export function takenOf(
  { file, others, taken }: IUploadQuestion,
  { isWithOthers }: IUploadAnswer
): string[] {
  const chosen = isWithOthers ? [file, ...others] : [file];
  return chosen.flatMap(({ name }) => (taken.includes(name) ? name : []));
}

class UploadForm
  extends ReactWidget
  implements Dialog.IBodyWidget<IUploadAnswer>
{
  constructor(
    private readonly _question: IUploadQuestion,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.addClass('jp-SavuUpload');
    const { isWithOthers, fitsWithOthers } = _question;
    this._answer = {
      isWithOthers: isWithOthers && fitsWithOthers,
      replaces: false
    };
  }

  getValue(): IUploadAnswer {
    return this._answer;
  }

  render(): JSX.Element {
    return (
      <Form
        question={this._question}
        first={this._answer}
        trans={this._trans}
        onAnswer={answer => (this._answer = answer)}
      />
    );
  }

  private _answer: IUploadAnswer;
}

interface IFormProps {
  question: IUploadQuestion;
  first: IUploadAnswer;
  trans: TranslationBundle;
  onAnswer: (answer: IUploadAnswer) => void;
}

function Form({ question, first, trans, onAnswer }: IFormProps): JSX.Element {
  const { why, folder, file, others, fitsWithOthers } = question;
  const [answer, setAnswer] = React.useState(first);
  const change = (part: Partial<IUploadAnswer>) => {
    const next = { ...answer, ...part };
    setAnswer(next);
    onAnswer(next);
  };
  const taken = takenOf(question, answer);
  const size = others.reduce((sum, other) => sum + other.size, 0);
  const ways: [boolean, string][] = [
    [
      false,
      answer.isWithOthers && others.length > 0
        ? trans.__(
            'Keep both: upload into the new folder %1',
            question.freeFolder
          )
        : trans.__('Keep both: upload as %1', question.freeFile)
    ],
    [true, trans.__('Replace what is there')]
  ];
  return (
    <>
      <p>{why}</p>
      <p>
        {trans.__(
          '%1 (%2) will be copied to %3.',
          file.name,
          sizeText(file.size),
          folder ? `“${folder}”` : trans.__("Jupyter's folder")
        )}
      </p>
      {others.length > 0 && (
        <label>
          <input
            type="checkbox"
            checked={answer.isWithOthers}
            disabled={!fitsWithOthers}
            onChange={({ target }) => change({ isWithOthers: target.checked })}
          />
          <span>
            {trans.__(
              'With what was chosen together with it (%1): %2',
              sizeText(size),
              others.map(({ name }) => name).join(', ')
            )}
            {!fitsWithOthers && (
              <em>{trans.__('All together are too large to be uploaded.')}</em>
            )}
          </span>
        </label>
      )}
      {taken.length > 0 && (
        <fieldset>
          <legend>{trans.__('There already: %1', taken.join(', '))}</legend>
          {ways.map(([replaces, label]) => (
            <label key={label}>
              <input
                type="radio"
                name="jp-SavuUpload-way"
                checked={answer.replaces === replaces}
                onChange={() => change({ replaces })}
              />
              <span>{label}</span>
            </label>
          ))}
        </fieldset>
      )}
    </>
  );
}
